// SPDX-License-Identifier: Apache-2.0
#include "base/digest.hpp"
#include "tariff/errors.hpp"
#include "tariff/readers.hpp"

#include <algorithm>

namespace watthour::tariff {

namespace {

ProrationRule read_proration(const std::string& name, const YamlValue& rule) {
    rule.keys({"whole_from_days", "whole_through_days", "else_days_over"});
    ProrationRule read{
        name, rule.at("whole_from_days").whole(), rule.at("whole_through_days").whole(), {}};
    // "30", or a fraction such as "365/12".
    const YamlValue divisor = rule.at("else_days_over");
    const std::string text = divisor.text();
    const auto slash = text.find('/');
    const auto days = Decimal::parse(text.substr(0, slash));
    const auto months =
        slash == std::string::npos ? Decimal::parse("1") : Decimal::parse(text.substr(slash + 1));
    if (!days || !months || days->scale() > 0 || months->scale() > 0 || days->units() <= 0 ||
        months->units() <= 0 || days->units() > 1'000'000 || months->units() > 1'000) {
        divisor.refuse_value("a number of days above zero, such as 30 or 365/12,");
        return read;
    }
    read.divisor = {days->units(), months->units()};
    return read;
}

void read_lamps(const YamlValue& list, ScheduleVersion& into) {
    for (const YamlValue& item : list.items()) {
        item.keys({"code", "watts", "kwh_per_month"});
        LampType lamp{item.at("code").text(), item.at("watts").decimal(),
                      item.at("kwh_per_month").decimal()};
        if (into.find_lamp(lamp.code) != nullptr) {
            item.refuse(errors::code_repeated, {{"text", lamp.code}});
        }
        into.lamps.push_back(std::move(lamp));
    }
}

/// The fact, and one value for each of its values, as `by: voltage` writes it.
void read_facts(const YamlValue& value, RateSchedule& into) {
    for (const auto& [fact, values] : value.members()) {
        into.facts.push_back({fact, values.texts()});
        if (into.facts.back().values.empty()) values.refuse_value("at least one value");
    }
}

void read_codes(const YamlValue& list, std::vector<std::string>& into,
                bool known(const Catalogue&, const std::string&), const Catalogue& catalogue,
                const std::string& where) {
    for (const YamlValue& item : list.items()) {
        into.push_back(item.text());
        if (!known(catalogue, item.text())) {
            item.refuse(errors::reference_unknown, {{"text", item.text()}, {"known", where}});
        }
    }
}

WorkedExample read_example(const YamlValue& value) {
    value.keys({"name", "from", "until", "facts", "rider", "use", "lines", "total"});
    WorkedExample example;
    example.name = value.at("name").text();
    example.period = {value.at("from").date(), value.at("until").date()};
    for (const auto& [fact, stated] : value.at("facts").members()) {
        example.facts.set(fact, stated.text());
    }
    if (value.at("rider").text() != "none") example.rider = value.at("rider").text();
    for (const auto& [name, amount] : value.at("use").members()) {
        example.use.emplace_back(name, amount.decimal());
    }
    for (const YamlValue& line : value.at("lines").items()) {
        const auto members = line.members();
        if (members.size() != 1) {
            line.refuse_value("one code and its amount");
            continue;
        }
        example.lines.emplace_back(members.front().first,
                                   members.front().second.money().to_string());
    }
    example.total = value.at("total").money().to_string();
    example.place = value.place();
    return example;
}

void read_head(const YamlValue& file, const Catalogue& catalogue, RateSchedule& schedule) {
    schedule.code = file.at("schedule").text();
    schedule.name = file.at("name").local_text();
    schedule.applies_to = file.at("applies_to").local_text();
    schedule.rate_class = file.at("class").word<std::string>({{"residential", "residential"},
                                                              {"commercial", "commercial"},
                                                              {"street_light", "street_light"},
                                                              {"unmetered", "unmetered"}});
    schedule.review_class =
        file.at("review_class")
            .word<ReviewClass>({{"residential", ReviewClass::residential},
                                {"small_commercial", ReviewClass::small_commercial},
                                {"medium_commercial", ReviewClass::medium_commercial},
                                {"large_commercial", ReviewClass::large_commercial}});
    schedule.usage = file.at("usage").word<UsageSource>({{"register", UsageSource::register_reads},
                                                         {"interval", UsageSource::intervals},
                                                         {"inventory", UsageSource::inventory}});
    schedule.versions_apply =
        file.at("versions_apply")
            .word<VersionsApply>(
                {{"service_on_or_after", VersionsApply::service_on_or_after},
                 {"bills_rendered_on_or_after", VersionsApply::bills_rendered_on_or_after}});
    read_facts(file.at("facts"), schedule);
    read_codes(
        file.at("discounts"), schedule.discounts,
        [](const Catalogue& all, const std::string& code) {
            return all.find_discount(code) != nullptr;
        },
        catalogue, "the codes of discounts.yaml");
    read_codes(
        file.at("riders"), schedule.riders,
        [](const Catalogue& all, const std::string& code) {
            return std::any_of(all.riders.begin(), all.riders.end(),
                               [&](const Rider& rider) { return rider.code == code; });
        },
        catalogue, "the codes of riders/*.yaml");
}

}  // namespace

ScheduleVersion read_version_terms(const YamlValue& value, const RateSchedule& schedule,
                                   const Catalogue& catalogue) {
    ScheduleVersion version;
    version.effective = value.at("effective").date();
    check_order(value.at("effective"), version.effective,
                schedule.versions.empty() ? nullptr : &schedule.versions.back().effective);
    for (const auto& [name, rule] : value.at("proration_rules").members()) {
        version.proration_rules.push_back(read_proration(name, rule));
    }
    if (value.has("demands")) {
        for (const auto& [name, rule] : value.at("demands").members()) {
            version.demands.push_back(read_demand(name, rule, catalogue));
        }
    }
    if (value.has("lamps")) read_lamps(value.at("lamps"), version);
    return version;
}

void read_charges(const YamlValue& list, ScheduleVersion& version, const RateSchedule& schedule,
                  const Catalogue& catalogue, const ChargeTaken& taken) {
    for (const YamlValue& item : list.items()) {
        Charge charge = read_charge(item, version, schedule, catalogue,
                                    taken ? ChargeOwner::rider : ChargeOwner::schedule);
        for (const Charge& earlier : version.charges) {
            if (earlier.code == charge.code) {
                item.refuse(errors::code_repeated, {{"text", charge.code}});
            }
        }
        if (taken) taken(item, charge);
        version.charges.push_back(std::move(charge));
    }
}

namespace {

/// A percent or minimum line sees only the lines above it; a base below it would be left out
/// silently, and a line in its own base has no value.
void check_bases(const YamlValue& list, const ScheduleVersion& version,
                 const Catalogue& catalogue) {
    const auto& charges = version.charges;
    for (std::size_t i = 0; i < charges.size(); ++i) {
        const int base = charges[i].points ? charges[i].points->base : charges[i].base;
        if (base < 0) continue;
        for (std::size_t j = i; j < charges.size(); ++j) {
            if ((charges[j].in_base_of & (1U << static_cast<unsigned>(base))) == 0) continue;
            list.refuse(errors::percent_too_early,
                        {{"charge", charges[i].code},
                         {"base", catalogue.bases[static_cast<std::size_t>(base)]},
                         {"later", i == j ? "the line itself" : charges[j].code}});
            return;
        }
    }
}

}  // namespace

void read_schedule(const YamlValue& file, Catalogue& into) {
    file.keys({"schedule", "name", "applies_to", "class", "review_class", "usage", "versions_apply",
               "facts", "discounts", "riders", "versions"},
              {"examples", "open_questions"});
    RateSchedule schedule;
    read_head(file, into, schedule);
    for (const YamlValue& item : file.at("versions").items()) {
        item.keys({"effective", "proration_rules", "charges"}, {"demands", "lamps"});
        ScheduleVersion version = read_version_terms(item, schedule, into);
        read_charges(item.at("charges"), version, schedule, into, {});
        check_bases(item.at("charges"), version, into);
        version.content_hash = sha256_hex("schedule " + schedule.code + "\n" + item.canonical());
        version.clause = clause_of(schedule.code, version.effective, version.content_hash);
        schedule.versions.push_back(std::move(version));
    }
    if (schedule.versions.empty()) file.at("versions").refuse_value("at least one version");
    for (const RateSchedule& earlier : into.schedules) {
        if (earlier.code == schedule.code) {
            file.at("schedule").refuse(errors::code_repeated, {{"text", schedule.code}});
        }
    }
    if (file.has("open_questions")) schedule.open_questions = file.at("open_questions").texts();
    if (file.has("examples")) {
        for (const YamlValue& item : file.at("examples").items()) {
            schedule.examples.push_back(read_example(item));
        }
    }
    into.schedules.push_back(std::move(schedule));
}

}  // namespace watthour::tariff
