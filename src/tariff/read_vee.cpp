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

/// The limits of one check, all of them: what a rule leaves out would be zero and find everything.
void read_check(VeeCheck check, const YamlValue& value, VeeLimits& into) {
    const auto percent = [&](const char* key) { return value.at(key).whole(); };
    switch (check) {
        case VeeCheck::gap:
        case VeeCheck::not_billable:
        case VeeCheck::received: value.keys({"verdict"}); break;
        case VeeCheck::capacity:
            value.keys({"verdict", "percent"});
            into.capacity_percent = percent("percent");
            break;
        case VeeCheck::spike:
            value.keys({"verdict", "percent", "min_kwh"});
            into.spike_percent = percent("percent");
            into.spike_min = value.at("min_kwh").kwh();
            break;
        case VeeCheck::zeros:
            value.keys({"verdict", "hours"});
            into.zero_hours = value.at("hours").whole();
            break;
        case VeeCheck::constant:
            value.keys({"verdict", "hours"});
            into.constant_hours = value.at("hours").whole();
            break;
        case VeeCheck::high_low_use:
            value.keys({"verdict", "high_percent", "low_percent", "days", "min_kwh_a_day"});
            into.high_percent = percent("high_percent");
            into.low_percent = percent("low_percent");
            into.use_days = value.at("days").whole();
            into.use_min = value.at("min_kwh_a_day").kwh();
            break;
        case VeeCheck::high_low_demand:
            value.keys({"verdict", "percent", "min_kwh"});
            into.demand_percent = percent("percent");
            into.demand_min = value.at("min_kwh").kwh();
            break;
        case VeeCheck::reactive:
            value.keys({"verdict", "percent_of_kwh", "min_kwh_a_day"});
            into.reactive_percent = percent("percent_of_kwh");
            into.reactive_min = value.at("min_kwh_a_day").kwh();
            break;
        case VeeCheck::sum:
        case VeeCheck::tou_sum:
            value.keys({"verdict", "percent", "register_steps"});
            into.sum_percent = value.at("percent").decimal();
            into.sum_resolutions = value.at("register_steps").whole();
            break;
        case VeeCheck::inactive:
            value.keys({"verdict", "min_kwh"});
            into.inactive_min = value.at("min_kwh").kwh();
            break;
    }
    into.verdicts[static_cast<std::size_t>(check)] = read_verdict(value.at("verdict"));
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
    value.keys({"meter", "from", "until", "why"}, {"irregular", "capacity_kw", "off"});
    VeeOverride one;
    one.meter = value.at("meter").text();
    one.days = {value.at("from").date(), value.at("until").date()};
    one.why = value.at("why").text();
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
                    "groups"});
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

Result<VeeRules> load_vee_rules(const std::string& name, const std::string& text) {
    const auto problems = std::make_shared<YamlProblems>();
    problems->file = name;
    Catalogue catalogue;
    read_vee(YamlValue::parse(text, problems), catalogue);
    if (problems->first) return *problems->first;
    return std::move(catalogue.vee);
}

}  // namespace watthour::tariff
