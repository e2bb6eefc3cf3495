// SPDX-License-Identifier: Apache-2.0
#include "tariff/errors.hpp"
#include "tariff/readers.hpp"

#include <algorithm>

namespace watthour::tariff {

namespace {

Quantity read_quantity(const YamlValue& value) {
    return value.word<Quantity>({{"months", Quantity::months},
                                 {"days", Quantity::days},
                                 {"kwh", Quantity::kwh},
                                 {"kwh_tiers", Quantity::kwh_tiers},
                                 {"kwh_by_tou", Quantity::kwh_by_tou},
                                 {"kwh_by_tou_tiers", Quantity::kwh_by_tou_tiers},
                                 {"kwh_by_hour", Quantity::kwh_by_hour},
                                 {"billing_kw", Quantity::billing_kw},
                                 {"power_factor_points", Quantity::power_factor_points},
                                 {"kvarh", Quantity::kvarh},
                                 {"percent_of_base", Quantity::percent_of_base},
                                 {"minimum", Quantity::minimum},
                                 {"minimum_of_year", Quantity::minimum_of_year},
                                 {"lamps", Quantity::lamps},
                                 {"lamp_kwh", Quantity::lamp_kwh}});
}

/// Keys that a quantity asks for besides those of every charge.
std::vector<std::string_view> own_keys(Quantity quantity) {
    switch (quantity) {
        case Quantity::months:
        case Quantity::days: return {"price"};
        case Quantity::kwh: return {"energy", "price", "kwh_split"};
        case Quantity::kwh_tiers:
            return {"energy",    "baseline_kwh_per_day",
                    "allowance", "limit_rounding",
                    "tier_use",  "demand",
                    "tiers",     "kwh_split"};
        case Quantity::kwh_by_tou: return {"energy", "calendar", "periods", "price", "kwh_split"};
        case Quantity::kwh_by_tou_tiers:
            return {"energy",   "calendar",       "periods", "tier_fill",
                    "tier_use", "limit_rounding", "demand",  "kwh_split"};
        case Quantity::kwh_by_hour: return {"energy", "prices", "kwh_split"};
        case Quantity::billing_kw: return {"demand"};
        case Quantity::power_factor_points: return {"threshold", "percent_per_point", "base"};
        case Quantity::kvarh: return {"price", "free_kvarh_per_kwh"};
        case Quantity::percent_of_base: return {"percent", "base"};
        case Quantity::minimum:
        case Quantity::minimum_of_year: return {"price", "base", "base_below_zero"};
        case Quantity::lamps: return {"prices"};
        case Quantity::lamp_kwh: return {"price"};
    }
    return {};
}

bool is_monthly(Quantity quantity) {
    return quantity == Quantity::months || quantity == Quantity::billing_kw ||
           quantity == Quantity::minimum;
}

EnergyKind read_energy_kind(const YamlValue& value) {
    return value.word<EnergyKind>({{"billed", EnergyKind::billed},
                                   {"delivered", EnergyKind::delivered},
                                   {"received", EnergyKind::received},
                                   {"net", EnergyKind::net},
                                   {"exported", EnergyKind::exported},
                                   {"generation", EnergyKind::generation},
                                   {"gross", EnergyKind::gross}});
}

void read_applies(const YamlValue& value, const RateSchedule& schedule, const Catalogue& catalogue,
                  Charge& into) {
    if (value.is_text()) return value.must_be("everyone");
    for (const auto& [fact, list] : value.members()) {
        if (fact == "season") {
            into.seasons = 0;
            for (const YamlValue& item : list.items()) {
                into.seasons |= 1U << static_cast<unsigned>(read_season(item, catalogue));
            }
            continue;
        }
        FactValues values{fact, list.texts()};
        const auto* known = schedule.values_of(fact);
        for (const std::string& one : values.values) {
            if (known == nullptr || std::find(known->begin(), known->end(), one) == known->end()) {
                list.refuse(errors::reference_unknown,
                            {{"text", fact + " " + one}, {"known", "the facts of the schedule"}});
            }
        }
        into.applies.push_back(std::move(values));
    }
}

void read_proration(const YamlValue& value, const ScheduleVersion& version, Charge& into) {
    const std::string proration = value.text();
    for (const ProrationRule& rule : version.proration_rules) {
        if (rule.name == proration) into.proration = rule;
    }
    // A yearly or daily price and one per kWh do not follow the length of the period.
    if (is_monthly(into.quantity) ? !into.proration && proration != "none" : proration != "none") {
        value.refuse_word(proration, is_monthly(into.quantity)
                                         ? "none, or a name under proration_rules"
                                         : "none, for a daily or kWh price");
    }
}

TouRule read_tou(const YamlValue& charge, const Catalogue& catalogue, bool with_tiers) {
    TouRule rule{charge.at("calendar").text(), {}};
    const TouCalendar* calendar = read_calendar_name(charge.at("calendar"), catalogue);
    if (calendar == nullptr) return rule;
    const YamlValue periods = charge.at("periods");
    if (periods.members().size() != calendar->periods().size()) {
        periods.refuse_value("one entry for each period of the calendar");
    }
    for (const std::string& period : calendar->periods()) {
        const YamlValue item = periods.at(period);
        if (with_tiers) {
            item.keys({"tiers"});
            rule.periods.push_back(
                {period, {}, read_tiers(item.at("tiers"), catalogue, TierUnit::kwh)});
        } else {
            item.keys({"code", "text"});
            rule.periods.push_back({item.at("code").text(), item.at("text").local_text(), {}});
        }
    }
    return rule;
}

int read_base(const YamlValue& value, const Catalogue& catalogue) {
    const int index = catalogue.base_index(value.text());
    if (index < 0) {
        value.refuse(errors::reference_unknown,
                     {{"text", value.text()}, {"known", "the names in in_base_of lists"}});
    }
    return index;
}

void read_energy(const YamlValue& value, const RateSchedule& schedule, const Catalogue& catalogue,
                 Charge& charge) {
    charge.energy = read_energy_kind(value.at("energy"));
    const bool tou =
        charge.quantity == Quantity::kwh_by_tou || charge.quantity == Quantity::kwh_by_tou_tiers;
    value.at("kwh_split")
        .must_be(tou || charge.quantity == Quantity::kwh_by_hour ? "own_intervals"
                                                                 : "days_cumulative_whole_kwh");
    if (tou) {
        charge.tou = read_tou(value, catalogue, charge.quantity == Quantity::kwh_by_tou_tiers);
    }
    if (charge.quantity == Quantity::kwh_tiers || charge.quantity == Quantity::kwh_by_tou_tiers) {
        charge.tiers = read_tier_rule(value, schedule, catalogue, charge.quantity);
        if (value.at("demand").text() != "none") charge.demand = value.at("demand").text();
    }
    if (charge.quantity == Quantity::kwh_by_hour) {
        charge.price_series = value.at("prices").text();
        if (catalogue.find_price_series(charge.price_series) == nullptr) {
            value.at("prices").refuse(
                errors::reference_unknown,
                {{"text", charge.price_series}, {"known", "the names of prices/*.yaml"}});
        }
    }
}

void check_demand_name(const YamlValue& at, const Charge& charge, const ScheduleVersion& version) {
    if (charge.demand.empty() || version.find_demand(charge.demand) != nullptr) return;
    at.refuse(errors::reference_unknown,
              {{"text", charge.demand}, {"known", "the names under demands"}});
}

void read_lamp_prices(const YamlValue& value, const ScheduleVersion& version, Charge& charge) {
    for (const auto& [lamp, price] : value.members()) {
        if (version.find_lamp(lamp) == nullptr) {
            price.refuse(errors::reference_unknown,
                         {{"text", lamp}, {"known", "the codes under lamps"}});
        }
        charge.lamp_prices.emplace_back(lamp, price.decimal());
    }
    if (charge.lamp_prices.size() != version.lamps.size()) {
        value.refuse_value("a price for each type under lamps");
    }
}

void read_quantity_terms(const YamlValue& value, const ScheduleVersion& version,
                         const RateSchedule& schedule, const Catalogue& catalogue, Charge& charge) {
    if (is_energy(charge)) read_energy(value, schedule, catalogue, charge);
    if (value.has("price")) {
        const TouCalendar* calendar =
            charge.tou ? catalogue.find_tou_calendar(charge.tou->calendar) : nullptr;
        charge.price = read_price(value.at("price"), schedule, catalogue, calendar);
    }
    switch (charge.quantity) {
        case Quantity::billing_kw:
            charge.demand = value.at("demand").text();
            if (value.has("tiers")) {
                charge.demand_tiers = read_tiers(value.at("tiers"), catalogue, TierUnit::kw);
            }
            break;
        case Quantity::power_factor_points:
            charge.points =
                PointRule{value.at("threshold").whole(), value.at("percent_per_point").decimal(),
                          read_base(value.at("base"), catalogue)};
            break;
        case Quantity::percent_of_base:
            charge.percent = value.at("percent").decimal();
            charge.base = read_base(value.at("base"), catalogue);
            break;
        case Quantity::minimum:
        case Quantity::minimum_of_year:
            charge.base = read_base(value.at("base"), catalogue);
            value.at("base_below_zero").must_be("counts_as_zero");
            break;
        case Quantity::kvarh:
            charge.free_kvarh_per_kwh = value.at("free_kvarh_per_kwh").decimal();
            break;
        case Quantity::lamps: read_lamp_prices(value.at("prices"), version, charge); break;
        default: break;
    }
    if (!charge.demand.empty()) check_demand_name(value.at("demand"), charge, version);
}

}  // namespace

AmountRounding read_amount_rounding(const YamlValue& value) {
    return value.word<AmountRounding>(
        {{"cent_half_away_from_zero", {Rounding::half_away_from_zero, 2}},
         {"cent_half_even", {Rounding::half_even, 2}},
         {"cent_toward_zero", {Rounding::toward_zero, 2}},
         {"eighth_place_half_away_from_zero", {Rounding::half_away_from_zero, 8}}});
}

Charge read_charge(const YamlValue& value, const ScheduleVersion& version,
                   const RateSchedule& schedule, const Catalogue& catalogue, ChargeOwner owner) {
    Charge charge;
    charge.quantity = read_quantity(value.at("quantity"));
    std::vector<std::string_view> required{"code",       "text",  "applies",   "quantity",
                                           "unit",       "split", "proration", "rounding",
                                           "in_base_of", "ledger"};
    for (const std::string_view key : own_keys(charge.quantity)) required.push_back(key);
    std::vector<std::string_view> optional;
    if (charge.quantity == Quantity::billing_kw) optional = {"price", "tiers"};
    if (owner == ChargeOwner::rider) {
        required.push_back("place");
        required.push_back("pays");
    }
    value.keys(required, optional);
    charge.code = value.at("code").text();
    charge.text = value.at("text").local_text();
    read_applies(value.at("applies"), schedule, catalogue, charge);
    read_proration(value.at("proration"), version, charge);
    value.at("split").must_be(charge.quantity == Quantity::kwh_tiers ? "own_price_or_allowance"
                                                                     : "own_price");
    charge.rounding = read_amount_rounding(value.at("rounding"));
    charge.in_base_of = read_bases(value.at("in_base_of"), catalogue);
    const bool of_schedule = owner == ChargeOwner::rider && value.at("ledger").text() == "revenue";
    if (!of_schedule) {
        charge.ledger_account = read_ledger(value.at("ledger"), catalogue, schedule.code);
    }
    read_quantity_terms(value, version, schedule, catalogue, charge);
    // A price per kW on kWh is a slip that no sum would show.
    if (const std::string unit = value.at("unit").text();
        !value.failed() && unit != price_unit(charge, version)) {
        value.at("unit").refuse(
            errors::unit_wrong,
            {{"text", unit}, {"charge", charge.code}, {"wanted", price_unit(charge, version)}});
    }
    if (charge.quantity == Quantity::billing_kw && value.has("price") == value.has("tiers") &&
        !value.failed()) {
        value.refuse_value("a price or tiers, one of the two,");
    }
    return charge;
}

}  // namespace watthour::tariff
