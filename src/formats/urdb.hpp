// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "base/decimal.hpp"
#include "base/json.hpp"
#include "base/problem.hpp"
#include "calendar/date.hpp"

#include <array>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace watthour::formats {

/// One step of a price. `max`: cumulative in the month; none = no end.
struct UrdbTier {
    std::optional<Decimal> max;
    std::string unit;  ///< "kWh", "kWh daily", "kWh/kW", "kWh/kW daily", "kW"
    Decimal rate;
    Decimal adj;
    Decimal sell;

    [[nodiscard]] Decimal price() const { return rate + adj; }
};

using UrdbPeriods = std::vector<std::vector<UrdbTier>>;

/// Period of each half hour of the month's day: 12 rows of 48 numbers from 0.
using UrdbSchedule = std::vector<std::vector<int>>;

/// A demand that some record forms measure in windows of their own.
struct UrdbDemand {
    std::string name;
    UrdbSchedule weekday;  ///< 1 = the half hour counts
    UrdbSchedule weekend;
    Decimal price;  ///< $ per kW
};

/// A rate as the U.S. Utility Rate Database and its relatives say it.
struct UrdbRecord {
    std::string label;
    std::string utility;
    std::string name;
    std::string sector;
    std::string description;
    std::string source;
    std::optional<Date> start;
    std::optional<Date> end;

    Decimal fixed;
    std::string fixed_unit = "$/month";  ///< "$/day", "$/month", "$/year"
    Decimal minimum;
    std::string minimum_unit = "$/month";
    Decimal annual_minimum;

    UrdbPeriods energy;
    UrdbSchedule energy_weekday;
    UrdbSchedule energy_weekend;
    std::vector<std::string> energy_names;  ///< of each period; may be empty
    std::vector<Decimal> fuel_adjustment;   ///< twelve, or none

    UrdbPeriods demand;
    UrdbSchedule demand_weekday;
    UrdbSchedule demand_weekend;
    std::optional<int> demand_window;  ///< minutes
    UrdbPeriods flat_demand;
    std::vector<int> flat_demand_months;  ///< twelve, or none
    std::vector<UrdbDemand> windowed_demand;

    std::vector<Decimal> ratchet_percent;  ///< of each month, as a share of one; or none
    Decimal lookback_percent;              ///< as a share of one
    std::vector<bool> lookback_months;
    int lookback_range = 0;

    UrdbPeriods coincident;
    UrdbSchedule coincident_schedule;
    Decimal reactive_charge;  ///< $ per kVAR
    std::string dg_rules;     ///< "Net Metering", "Net Billing Hourly", ..
};

/// What an importer found. A record with problems is never used.
struct UrdbFile {
    std::vector<UrdbRecord> records;
    Problems problems;
    Problems notes;  ///< what the record says and a tariff of ours does not take over
};

/// Reads any of the forms in use: an API answer with `items`, a single record, a record inside
/// another object or inside a string, the database export with camelCase names, the bulk CSV,
/// and the CSV and JSON of two rate engines that say the same with windows of hours.
///
/// Problems: urdb.malformed, urdb.empty, urdb.months, urdb.hours, urdb.period_missing,
///           urdb.tiers_not_rising, urdb.number, urdb.unit, urdb.date, urdb.dates.
[[nodiscard]] UrdbFile read_urdb(std::string_view bytes);

/// The record as the API writes it. Half hours are written as hours.
[[nodiscard]] json::object to_urdb_json(const UrdbRecord& record);

}  // namespace watthour::formats
