// SPDX-License-Identifier: Apache-2.0
#include "tariff/errors.hpp"
#include "tariff/readers.hpp"

namespace watthour::tariff {
namespace {

VeeVerdict read_verdict(const YamlValue& value) {
    return value.word<VeeVerdict>({{"off", VeeVerdict::off},
                                   {"note", VeeVerdict::note},
                                   {"review", VeeVerdict::review},
                                   {"estimate", VeeVerdict::estimate},
                                   {"fail", VeeVerdict::fail}});
}

/// What a check can tell the kWh of; others have nothing that bounds what is closed.
bool has_energy(VeeCheck check) {
    switch (check) {
        case VeeCheck::received:
        case VeeCheck::capacity:
        case VeeCheck::spike:
        case VeeCheck::high_low_use:
        case VeeCheck::high_low_demand:
        case VeeCheck::reactive:
        case VeeCheck::sum:
        case VeeCheck::inactive: return true;
        default: return false;
    }
}

AutoClose read_close(const YamlValue& value) {
    value.keys({"kwh", "dollars", "sample_percent"});
    AutoClose close;
    close.most = value.at("kwh").kwh();
    close.most_dollars = value.at("dollars").money();
    close.sample_percent = value.at("sample_percent").whole();
    // A rule that nobody looks after is never found to be wrong.
    if (close.sample_percent < 1 || close.sample_percent > 100) {
        value.at("sample_percent").refuse_value("1 to 100");
    }
    return close;
}

void read_spike(const YamlValue& value, VeeLimits& into) {
    into.spike_percent = value.at("percent").whole();
    into.spike_min = value.at("min_kwh").kwh();
    into.pattern_days = 0;
    if (!value.has("pattern")) return;
    const YamlValue pattern = value.at("pattern");
    pattern.keys({"days", "percent"});
    into.pattern_days = pattern.at("days").whole();
    into.pattern_percent = pattern.at("percent").whole();
}

/// The limits of one check, all of them: what a rule leaves out would be zero and find everything.
void read_check(VeeCheck check, const YamlValue& value, VeeLimits& into) {
    const auto whole = [&](const char* key) { return value.at(key).whole(); };
    const auto keys = [&](std::vector<std::string_view> needed,
                          std::vector<std::string_view> others = {}) {
        needed.emplace_back("verdict");
        if (has_energy(check)) others.emplace_back("close");
        value.keys(needed, others);
    };
    switch (check) {
        case VeeCheck::gap:
        case VeeCheck::not_billable:
        case VeeCheck::record:
        case VeeCheck::received: keys({}); break;
        case VeeCheck::collector_clock:
            keys({"seconds"});
            into.collector_seconds = whole("seconds");
            break;
        case VeeCheck::capacity:
            keys({"percent"});
            into.capacity_percent = whole("percent");
            break;
        case VeeCheck::spike:
            keys({"percent", "min_kwh"}, {"pattern"});
            read_spike(value, into);
            break;
        case VeeCheck::zeros:
            keys({"hours"});
            into.zero_hours = whole("hours");
            break;
        case VeeCheck::constant:
            keys({"hours"});
            into.constant_hours = whole("hours");
            break;
        case VeeCheck::high_low_use:
            keys({"high_percent", "low_percent", "days", "min_kwh_a_day"});
            into.high_percent = whole("high_percent");
            into.low_percent = whole("low_percent");
            into.use_days = whole("days");
            into.use_min = value.at("min_kwh_a_day").kwh();
            break;
        case VeeCheck::tou_use:
            keys({"high_percent", "low_percent", "min_kwh_a_day"});
            into.tou_high_percent = whole("high_percent");
            into.tou_low_percent = whole("low_percent");
            into.tou_min = value.at("min_kwh_a_day").kwh();
            break;
        case VeeCheck::high_low_demand:
            keys({"percent", "min_kwh"});
            into.demand_percent = whole("percent");
            into.demand_min = value.at("min_kwh").kwh();
            break;
        case VeeCheck::reactive:
            keys({"percent_of_kwh", "min_kwh_a_day"});
            into.reactive_percent = whole("percent_of_kwh");
            into.reactive_min = value.at("min_kwh_a_day").kwh();
            break;
        case VeeCheck::sum:
        case VeeCheck::tou_sum:
            keys({"percent", "register_steps"});
            into.sum_percent = value.at("percent").decimal();
            into.sum_resolutions = whole("register_steps");
            break;
        case VeeCheck::inactive:
            keys({"min_kwh"});
            into.inactive_min = value.at("min_kwh").kwh();
            break;
    }
    const auto at = static_cast<std::size_t>(check);
    into.verdicts[at] = read_verdict(value.at("verdict"));
    into.close[at] = value.has("close") ? read_close(value.at("close")) : AutoClose{};
}

void read_checks(const YamlValue& value, VeeLimits& into) {
    for (const auto& [name, rule] : value.members()) {
        if (const auto check = vee_check_of(name)) {
            read_check(*check, rule, into);
        } else {
            rule.refuse(errors::key_unknown, {{"key", name}});
        }
    }
}

/// Minutes by decision; what a check leaves out is as the version says.
void read_minutes(const YamlValue& value, std::array<int, vee_decision_count>& into) {
    for (const auto& [name, minutes] : value.members()) {
        if (const auto decision = vee_decision_of(name)) {
            into[static_cast<std::size_t>(*decision)] = minutes.whole();
        } else {
            minutes.refuse(errors::key_unknown, {{"key", name}});
        }
    }
}

VeeWork read_work(const YamlValue& value) {
    value.keys({"wage_an_hour", "minutes"}, {"checks"});
    VeeWork work;
    work.wage_an_hour = value.at("wage_an_hour").money();
    std::array<int, vee_decision_count> common{};
    value.at("minutes").keys({"accept", "estimate", "reread", "visit", "hold"});
    read_minutes(value.at("minutes"), common);
    work.minutes.fill(common);
    if (!value.has("checks")) return work;
    for (const auto& [name, minutes] : value.at("checks").members()) {
        if (const auto check = vee_check_of(name)) {
            read_minutes(minutes, work.minutes[static_cast<std::size_t>(*check)]);
        } else {
            minutes.refuse(errors::key_unknown, {{"key", name}});
        }
    }
    return work;
}

void read_estimate(const YamlValue& value, VeeLimits& into) {
    value.keys({"interpolate_minutes", "reference_days", "lookback_weeks", "profile_days",
                "wait_days", "order_after_days"});
    into.interpolate_minutes = value.at("interpolate_minutes").whole();
    into.reference_days = value.at("reference_days").whole();
    into.lookback_weeks = value.at("lookback_weeks").whole();
    into.profile_days = value.at("profile_days").whole();
    into.wait_days = value.at("wait_days").whole();
    into.order_after_days = value.at("order_after_days").whole();
}

/// A group says what it changes of the version's own checks.
VeeGroup read_group(const YamlValue& value, const VeeLimits& common) {
    value.keys({"group"},
               {"classes", "schedules", "quantities", "interval_minutes", "checks", "estimate"});
    VeeGroup group;
    group.name = value.at("group").text();
    group.limits = common;
    if (value.has("classes")) group.classes = value.at("classes").texts();
    if (value.has("schedules")) group.schedules = value.at("schedules").texts();
    if (value.has("quantities")) group.quantities = value.at("quantities").texts();
    if (value.has("interval_minutes")) {
        for (const YamlValue& one : value.at("interval_minutes").items()) {
            group.minutes.push_back(one.whole());
        }
    }
    if (value.has("checks")) read_checks(value.at("checks"), group.limits);
    if (value.has("estimate")) read_estimate(value.at("estimate"), group.limits);
    return group;
}

VeeOverride read_override(const YamlValue& value) {
    value.keys({"meter", "from", "until", "why"}, {"irregular", "capacity_kw", "off", "reviewed"});
    VeeOverride one;
    one.meter = value.at("meter").text();
    one.days = {value.at("from").date(), value.at("until").date()};
    one.why = value.at("why").text();
    if (value.has("reviewed")) one.reviewed = value.at("reviewed").date();
    if (value.has("irregular")) one.irregular = value.at("irregular").yes_no();
    if (value.has("capacity_kw")) one.capacity_watts = value.at("capacity_kw").kwh().wh();
    if (value.has("off")) {
        for (const YamlValue& name : value.at("off").items()) {
            const auto check = vee_check_of(name.text());
            if (check) one.off.push_back(*check);
            if (!check) name.refuse(errors::key_unknown, {{"key", name.text()}});
        }
    }
    if (!(one.days.from < one.days.until)) value.at("until").refuse_value("a day after `from`");
    return one;
}

}  // namespace

void read_vee(const YamlValue& file, Catalogue& into) {
    file.keys({"versions"}, {"overrides"});
    for (const YamlValue& value : file.at("versions").items()) {
        value.keys({"effective", "worth_a_kwh", "rebill_over", "rest_days", "checks", "estimate",
                    "groups"},
                   {"work"});
        VeeVersion version;
        version.effective = value.at("effective").date();
        check_order(value, version.effective,
                    into.vee.versions.empty() ? nullptr : &into.vee.versions.back().effective);
        const YamlValue rebill = value.at("rebill_over");
        rebill.keys({"percent", "dollars"});
        version.rebill_over_percent = rebill.at("percent").whole();
        version.rebill_over = rebill.at("dollars").money();
        const YamlValue rest = value.at("rest_days");
        rest.keys({"reread", "visit"});
        version.reread_days = rest.at("reread").whole();
        version.visit_days = rest.at("visit").whole();
        if (value.has("work")) version.work = read_work(value.at("work"));
        VeeLimits common;
        common.worth_a_kwh = value.at("worth_a_kwh").decimal();
        read_checks(value.at("checks"), common);
        read_estimate(value.at("estimate"), common);
        for (const YamlValue& group : value.at("groups").items()) {
            version.groups.push_back(read_group(group, common));
        }
        into.vee.versions.push_back(std::move(version));
    }
    if (into.vee.versions.empty()) file.at("versions").refuse_value("at least one version");
    for (const VeeVersion& version : into.vee.versions) {
        if (version.groups.empty()) file.at("versions").refuse_value("a group in each version");
    }
    if (!file.has("overrides")) return;
    for (const YamlValue& value : file.at("overrides").items()) {
        into.vee.overrides.push_back(read_override(value));
    }
}

namespace {

/// `months`, `day` and 24 thousandths of an average day.
void read_profile_row(const YamlValue& value, ClassProfile& into) {
    value.keys({"months", "day", "per_mille"});
    const int type =
        value.at("day").word<int>({{"weekday", 0}, {"saturday", 1}, {"sunday_or_holiday", 2}});
    const auto shares = value.at("per_mille").items();
    if (shares.size() != 24) return value.at("per_mille").refuse_value("24 numbers, one an hour");
    ClassProfile::Hours hours{};
    int sum = 0;
    for (std::size_t hour = 0; hour < hours.size(); ++hour) {
        hours[hour] = shares[hour].whole();
        sum += hours[hour];
    }
    // A day of any type is some share of an average day; far from it, the unit is another.
    if (sum < 300 || sum > 3000) {
        return value.at("per_mille").refuse_value("thousandths of an average day, 300 to 3000");
    }
    for (const YamlValue& month : value.at("months").items()) {
        const int number = month.whole();
        if (number < 1 || number > 12) return month.refuse_value("1 to 12");
        into.per_mille[static_cast<std::size_t>(number - 1)][static_cast<std::size_t>(type)] =
            hours;
    }
}

}  // namespace

void read_profile(const YamlValue& file, Catalogue& into) {
    file.keys({"profile", "versions"});
    const std::string rate_class = file.at("profile").text();
    const Date* before = nullptr;
    std::vector<ClassProfile> versions;
    for (const YamlValue& value : file.at("versions").items()) {
        value.keys({"effective", "source", "rows"});
        ClassProfile profile;
        profile.rate_class = rate_class;
        profile.effective = value.at("effective").date();
        check_order(value, profile.effective, before);
        profile.source = value.at("source").text();
        for (const YamlValue& row : value.at("rows").items()) read_profile_row(row, profile);
        versions.push_back(std::move(profile));
        before = &versions.back().effective;
    }
    for (ClassProfile& profile : versions) into.vee.profiles.push_back(std::move(profile));
}

Result<VeeRules> load_vee_rules(const std::string& name, const std::string& text) {
    const auto problems = std::make_shared<YamlProblems>();
    problems->file = name;
    Catalogue catalogue;
    read_vee(YamlValue::parse(text, problems), catalogue);
    if (problems->first) return *problems->first;
    return std::move(catalogue.vee);
}

}  // namespace watthour::tariff
