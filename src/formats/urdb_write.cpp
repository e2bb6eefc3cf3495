// SPDX-License-Identifier: Apache-2.0
#include "formats/urdb.hpp"
#include "formats/urdb_parts.hpp"

namespace watthour::formats {

namespace {

/// A JSON number from an exact decimal: the format itself knows binary fractions only.
json::value json_number(const Decimal& value) {
    if (value.scale() == 0) return value.units();
    return std::strtod(value.to_string().c_str(), nullptr);
}

json::array periods_json(const UrdbPeriods& periods, bool energy) {
    json::array all;
    for (const auto& tiers : periods) {
        json::array period;
        for (const UrdbTier& tier : tiers) {
            json::object one{{"rate", json_number(tier.rate)}};
            if (!tier.adj.is_zero()) one["adj"] = json_number(tier.adj);
            if (!tier.sell.is_zero()) one["sell"] = json_number(tier.sell);
            if (tier.max) one["max"] = json_number(*tier.max);
            if (energy) one["unit"] = tier.unit;
            period.push_back(std::move(one));
        }
        all.push_back(std::move(period));
    }
    return all;
}

json::array schedule_json(const UrdbSchedule& schedule) {
    json::array all;
    for (const auto& month : schedule) {
        json::array hours;
        for (std::size_t at = 0; at < month.size(); at += 2) hours.push_back(month[at]);
        all.push_back(std::move(hours));
    }
    return all;
}

void put_text(json::object& into, const char* key, const std::string& text) {
    if (!text.empty()) into[key] = text;
}

}  // namespace

json::object to_urdb_json(const UrdbRecord& record) {
    constexpr std::int64_t day_seconds = 86'400;
    json::object all;
    put_text(all, "label", record.label);
    put_text(all, "utility", record.utility);
    put_text(all, "name", record.name);
    put_text(all, "sector", record.sector);
    put_text(all, "description", record.description);
    put_text(all, "source", record.source);
    if (record.start) all["startdate"] = record.start->days() * day_seconds;
    if (record.end) all["enddate"] = record.end->days() * day_seconds;
    all["fixedchargefirstmeter"] = json_number(record.fixed);
    all["fixedchargeunits"] = record.fixed_unit;
    if (!record.minimum.is_zero()) {
        all["mincharge"] = json_number(record.minimum);
        all["minchargeunits"] = record.minimum_unit;
    }
    if (!record.annual_minimum.is_zero()) {
        all["annualmincharge"] = json_number(record.annual_minimum);
    }
    if (!record.energy.empty()) {
        all["energyratestructure"] = periods_json(record.energy, true);
        all["energyweekdayschedule"] = schedule_json(record.energy_weekday);
        all["energyweekendschedule"] = schedule_json(record.energy_weekend);
    }
    if (!record.fuel_adjustment.empty()) {
        json::array months;
        for (const Decimal& month : record.fuel_adjustment) months.push_back(json_number(month));
        all["fueladjustmentsmonthly"] = std::move(months);
    }
    if (!record.demand.empty()) {
        all["demandratestructure"] = periods_json(record.demand, false);
        all["demandweekdayschedule"] = schedule_json(record.demand_weekday);
        all["demandweekendschedule"] = schedule_json(record.demand_weekend);
    }
    if (!record.flat_demand.empty()) {
        all["flatdemandstructure"] = periods_json(record.flat_demand, false);
        json::array months;
        for (const int period : record.flat_demand_months) months.push_back(period);
        all["flatdemandmonths"] = std::move(months);
    }
    if (record.demand_window) all["demandwindow"] = *record.demand_window;
    put_text(all, "dgrules", record.dg_rules);
    return all;
}

}  // namespace watthour::formats
