// SPDX-License-Identifier: Apache-2.0
#include "base/digest.hpp"
#include "tariff/errors.hpp"
#include "tariff/readers.hpp"

#include <algorithm>

namespace watthour::tariff {

namespace {

/// The order in which a map by season is written does not matter; every season must be there.
template <class Read>
auto by_season(const YamlValue& map, const Catalogue& catalogue, Read read) {
    std::vector<decltype(read(map))> values;
    for (int i = 0; i < catalogue.seasons.count(); ++i) {
        values.push_back(read(map.at(catalogue.seasons.at(i).code)));
    }
    return values;
}

void only_seasons(const YamlValue& map, const Catalogue& catalogue, std::string_view besides) {
    for (const auto& [key, value] : map.members()) {
        if (key != besides && catalogue.seasons.index_of(key) < 0) {
            value.refuse(errors::key_unknown, {{"key", key}, {"known", "the seasons"}});
        }
    }
}

PriceTable read_price(const YamlValue& value, const RateSchedule& schedule,
                      const Catalogue& catalogue, const TouCalendar* calendar) {
    using Row = std::vector<std::optional<Decimal>>;
    PriceTable table;
    table.axis = value.at("by").word<PriceAxis>({{"none", PriceAxis::none},
                                                 {"phase", PriceAxis::phase},
                                                 {"season", PriceAxis::season},
                                                 {"season_tou", PriceAxis::season_tou}});
    const auto one = [](const YamlValue& price) { return Row{price.decimal()}; };
    switch (table.axis) {
        case PriceAxis::none:
            value.keys({"by", "each"});
            table.rows.push_back(one(value.at("each")));
            break;
        case PriceAxis::phase:
            if (schedule.phases.empty()) value.refuse_value("a price by a fact of the schedule");
            for (const auto& [key, unused] : value.members()) {
                const auto& known = schedule.phases;
                if (key != "by" && std::find(known.begin(), known.end(), key) == known.end()) {
                    unused.refuse(errors::key_unknown, {{"key", key}, {"known", "the phases"}});
                }
            }
            for (const std::string& phase : schedule.phases) {
                table.row_names.push_back(phase);
                table.rows.push_back(one(value.at(phase)));
            }
            break;
        case PriceAxis::season:
            only_seasons(value, catalogue, "by");
            table.rows = by_season(value, catalogue, one);
            break;
        case PriceAxis::season_tou:
            only_seasons(value, catalogue, "by");
            table.rows = by_season(value, catalogue, [&](const YamlValue& row) {
                Row prices;
                if (calendar == nullptr) return prices;
                for (const auto& [key, unused] : row.members()) {
                    if (calendar->index_of(key) < 0) {
                        unused.refuse(errors::key_unknown,
                                      {{"key", key}, {"known", "the periods of the calendar"}});
                    }
                }
                for (const std::string& period : calendar->periods()) {
                    prices.push_back(row.has(period)
                                         ? std::optional<Decimal>(row.at(period).decimal())
                                         : std::nullopt);
                }
                return prices;
            });
            break;
    }
    return table;
}

TierRule read_tiers(const YamlValue& charge, const RateSchedule& schedule,
                    const Catalogue& catalogue) {
    TierRule rule;
    rule.options = schedule.options;
    const YamlValue baselines = charge.at("baseline_kwh_per_day");
    if (baselines.members().size() != schedule.options.size() || schedule.options.empty()) {
        baselines.refuse_value("one baseline for each option of the schedule");
    }
    for (const std::string& option : schedule.options) {
        const YamlValue row = baselines.at(option);
        only_seasons(row, catalogue, "");
        rule.baseline_kwh_per_day.push_back(
            by_season(row, catalogue, [](const YamlValue& kwh) { return kwh.decimal(); }));
    }
    charge.at("limit_rounding").must_be("whole_kwh_half_away_from_zero");
    const std::string allowance = charge.at("allowance").text();
    if (allowance != "none") {
        rule.allowance = allowance;
        const Discount* discount = catalogue.find_discount(allowance);
        if (discount == nullptr || discount->form != DiscountForm::allowance) {
            charge.at("allowance")
                .refuse(errors::reference_unknown,
                        {{"text", allowance}, {"known", "the allowances"}});
        }
    }
    for (const YamlValue& item : charge.at("tiers").items()) {
        item.keys({"code", "text", "up_to_baselines", "price"});
        Tier tier{item.at("code").text(), item.at("text").local_text(), std::nullopt,
                  item.at("price").decimal()};
        if (!rule.tiers.empty() && !rule.tiers.back().up_to_baselines) {
            item.refuse_value("no tier after an open one");
        }
        if (item.at("up_to_baselines").text() != "open") {
            tier.up_to_baselines = item.at("up_to_baselines").decimal();
            if (!rule.tiers.empty() && rule.tiers.back().up_to_baselines &&
                *tier.up_to_baselines <= *rule.tiers.back().up_to_baselines) {
                item.at("up_to_baselines").refuse_value("a limit above the tier before");
            }
        }
        rule.tiers.push_back(std::move(tier));
    }
    if (rule.tiers.empty() || rule.tiers.back().up_to_baselines) {
        charge.at("tiers").refuse_value("a last tier that is open");
    }
    return rule;
}

DemandRule read_demand(const YamlValue& value) {
    value.keys({"measure", "interval_minutes", "rounding_kw", "ratchet"});
    value.at("measure").must_be("highest_interval");
    DemandRule rule;
    rule.interval_minutes = value.at("interval_minutes").whole();
    rule.places = value.at("rounding_kw").word<int>({{"1", 0}, {"0.1", 1}, {"0.01", 2}});
    const YamlValue ratchet = value.at("ratchet");
    ratchet.keys({"percent", "of", "periods"});
    ratchet.at("of").must_be("highest_measured");
    rule.ratchet_percent = ratchet.at("percent").decimal();
    rule.ratchet_periods = ratchet.at("periods").whole();
    return rule;
}

TouRule read_tou(const YamlValue& charge, const TouCalendar* calendar) {
    TouRule rule{charge.at("calendar").text(), {}};
    if (calendar == nullptr) {
        charge.at("calendar")
            .refuse(errors::reference_unknown,
                    {{"text", rule.calendar}, {"known", "the calendars"}});
        return rule;
    }
    const YamlValue periods = charge.at("periods");
    if (periods.members().size() != calendar->periods().size()) {
        periods.refuse_value("one line text for each period of the calendar");
    }
    for (const std::string& period : calendar->periods()) {
        const YamlValue item = periods.at(period);
        item.keys({"code", "text"});
        rule.periods.push_back({item.at("code").text(), item.at("text").local_text()});
    }
    return rule;
}

/// Keys that a quantity asks for besides those of every charge.
void check_charge_keys(const YamlValue& value, Quantity quantity) {
    switch (quantity) {
        case Quantity::months:
        case Quantity::days:
        case Quantity::minimum:
            value.keys({"code", "text", "applies", "quantity", "price", "proration", "split",
                        "rounding", "in_base_of", "ledger"});
            return;
        case Quantity::kwh:
            value.keys({"code", "text", "applies", "quantity", "price", "kwh_split", "proration",
                        "split", "rounding", "in_base_of", "ledger"});
            return;
        case Quantity::kwh_tiers:
            value.keys({"code", "text", "applies", "quantity", "baseline_kwh_per_day", "allowance",
                        "limit_rounding", "tiers", "kwh_split", "proration", "split", "rounding",
                        "in_base_of", "ledger"});
            return;
        case Quantity::kwh_by_tou:
            value.keys({"code", "text", "applies", "quantity", "calendar", "periods", "price",
                        "kwh_split", "proration", "split", "rounding", "in_base_of", "ledger"});
            return;
        case Quantity::billing_kw:
            value.keys({"code", "text", "applies", "quantity", "demand", "price", "proration",
                        "split", "rounding", "in_base_of", "ledger"});
            return;
    }
}

Charge read_charge(const YamlValue& value, const ScheduleVersion& version,
                   const RateSchedule& schedule, const Catalogue& catalogue) {
    Charge charge;
    charge.quantity = value.at("quantity")
                          .word<Quantity>({{"months", Quantity::months},
                                           {"days", Quantity::days},
                                           {"kwh", Quantity::kwh},
                                           {"kwh_tiers", Quantity::kwh_tiers},
                                           {"kwh_by_tou", Quantity::kwh_by_tou},
                                           {"billing_kw", Quantity::billing_kw},
                                           {"minimum", Quantity::minimum}});
    check_charge_keys(value, charge.quantity);
    charge.code = value.at("code").text();
    charge.text = value.at("text").local_text();
    value.at("applies").must_be("everyone");
    const std::string proration = value.at("proration").text();
    for (const ProrationRule& rule : version.proration_rules) {
        if (rule.name == proration) charge.proration = rule;
    }
    const bool monthly = charge.quantity == Quantity::months ||
                         charge.quantity == Quantity::billing_kw ||
                         charge.quantity == Quantity::minimum;
    if (monthly != charge.proration.has_value()) {
        value.at("proration")
            .refuse_word(proration, monthly ? "a name under proration_rules"
                                            : "none, for a daily or kWh price");
    }
    value.at("split").must_be(charge.quantity == Quantity::kwh_tiers ? "own_price_or_allowance"
                                                                     : "own_price");
    charge.rounding = read_rounding(value.at("rounding"));
    charge.in_base_of = read_bases(value.at("in_base_of"), catalogue);
    charge.ledger_account = read_ledger(value.at("ledger"), catalogue, schedule.code);
    const TouCalendar* calendar = nullptr;
    if (charge.quantity == Quantity::kwh_by_tou) {
        calendar = catalogue.find_tou_calendar(value.at("calendar").text());
        charge.tou = read_tou(value, calendar);
        value.at("kwh_split").must_be("own_intervals");
    } else if (is_energy(charge)) {
        value.at("kwh_split").must_be("days_cumulative_whole_kwh");
    }
    if (charge.quantity == Quantity::kwh_tiers) {
        charge.tiers = read_tiers(value, schedule, catalogue);
    } else {
        charge.price = read_price(value.at("price"), schedule, catalogue, calendar);
        if ((charge.price.axis == PriceAxis::season_tou) != (calendar != nullptr)) {
            value.at("price").at("by").refuse_value("season_tou for kwh_by_tou, and only there");
        }
    }
    if (charge.quantity == Quantity::billing_kw) charge.demand = read_demand(value.at("demand"));
    return charge;
}

ScheduleVersion read_version(const YamlValue& value, const RateSchedule& schedule,
                             const Catalogue& catalogue) {
    value.keys({"effective", "proration_rules", "charges"});
    ScheduleVersion version;
    version.effective = value.at("effective").date();
    check_order(value.at("effective"), version.effective,
                schedule.versions.empty() ? nullptr : &schedule.versions.back().effective);
    for (const auto& [name, rule] : value.at("proration_rules").members()) {
        rule.keys({"whole_from_days", "whole_through_days", "else_days_over"});
        version.proration_rules.push_back({name, rule.at("whole_from_days").whole(),
                                           rule.at("whole_through_days").whole(),
                                           rule.at("else_days_over").whole()});
        if (version.proration_rules.back().divisor == 0) {
            rule.at("else_days_over").refuse_value("a number of days above zero");
        }
    }
    if (version.proration_rules.empty()) {
        value.at("proration_rules").refuse_value("at least one rule");
    }
    int energies = 0;
    for (const YamlValue& item : value.at("charges").items()) {
        Charge charge = read_charge(item, version, schedule, catalogue);
        for (const Charge& earlier : version.charges) {
            if (earlier.code == charge.code) {
                item.refuse(errors::code_repeated, {{"text", charge.code}});
            }
        }
        if (is_energy(charge) && ++energies > 1) {
            item.refuse_value("one energy charge in a version");
        }
        version.charges.push_back(std::move(charge));
    }
    version.content_hash = sha256_hex("schedule " + schedule.code + "\n" + value.canonical());
    version.clause = clause_of(schedule.code, version.effective, version.content_hash);
    return version;
}

}  // namespace

void read_schedule(const YamlValue& file, Catalogue& into) {
    file.keys({"schedule", "name", "applies_to", "class", "review_class", "usage", "facts",
               "discounts", "riders", "versions"});
    RateSchedule schedule;
    schedule.code = file.at("schedule").text();
    schedule.name = file.at("name").local_text();
    schedule.applies_to = file.at("applies_to").local_text();
    schedule.rate_class = file.at("class").word<std::string>(
        {{"residential", "residential"}, {"commercial", "commercial"}});
    schedule.review_class =
        file.at("review_class")
            .word<ReviewClass>({{"residential", ReviewClass::residential},
                                {"small_commercial", ReviewClass::small_commercial},
                                {"medium_commercial", ReviewClass::medium_commercial},
                                {"large_commercial", ReviewClass::large_commercial}});
    schedule.usage = file.at("usage").word<UsageSource>(
        {{"register", UsageSource::register_reads}, {"interval", UsageSource::intervals}});
    const YamlValue facts = file.at("facts");
    facts.keys({}, {"option", "phase"});
    if (facts.has("option")) schedule.options = facts.at("option").texts();
    if (facts.has("phase")) schedule.phases = facts.at("phase").texts();
    for (const YamlValue& item : file.at("discounts").items()) {
        schedule.discounts.push_back(item.text());
        if (into.find_discount(item.text()) == nullptr) {
            item.refuse(errors::reference_unknown,
                        {{"text", item.text()}, {"known", "the codes of discounts.yaml"}});
        }
    }
    if (!file.at("riders").items().empty()) {
        file.at("riders").refuse_value("an empty list, because riders are not part of this subset");
    }
    for (const YamlValue& item : file.at("versions").items()) {
        schedule.versions.push_back(read_version(item, schedule, into));
    }
    if (schedule.versions.empty()) file.at("versions").refuse_value("at least one version");
    for (const RateSchedule& earlier : into.schedules) {
        if (earlier.code == schedule.code) {
            file.at("schedule").refuse(errors::code_repeated, {{"text", schedule.code}});
        }
    }
    into.schedules.push_back(std::move(schedule));
}

}  // namespace watthour::tariff
