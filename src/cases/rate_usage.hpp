// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "base/json.hpp"
#include "base/result.hpp"
#include "rating/rating.hpp"
#include "usage/interval_use.hpp"

#include <map>
#include <optional>
#include <string>
#include <string_view>

namespace watthour::cases {

/// Intervals or register sums of a file, for one period.
struct UsageFile {
    int minutes = 0;  ///< 0: sums only
    int scale = 0;    ///< rows are in 10^-scale Wh
    usage::IntervalRows rows;
    std::optional<Demand> measured_max;  ///< of a file of sums
};

/// Reads the use of a period from a CSV `start,kwh_delivered[,kwh_received][,kwh_generation]
/// [,kvarh]` with ISO 8601 times and offsets, or from a CMEP file of one meter. What lies outside
/// the period is passed over; a step without a value is missing.
///
/// Errors: cases.usage_file_malformed with line and field, cases.usage_file_outside.
[[nodiscard]] Result<UsageFile> read_usage_file(std::string_view bytes, std::string_view name,
                                                const TimeZone& zone, DateRange period);

/// What `watthour rate --tariff` is told.
struct UsageRating {
    std::string tariff;
    std::string schedule;
    std::string usage;
    DateRange period;
    std::map<std::string, std::string> facts;
};

/// Rates one period of one file of use, without a database: lines, total and trace.
///
/// Facts: those of the schedule, `rider`, `discounts` and `exemptions` (codes with commas between),
/// `contract_kw`, `prior_max_kw` (oldest first), `max_kw`, `kvarh`, `bank_open`, `true_up`,
/// `surplus_kwh`, `accrued_before`, `tax_this_year`, `billed_this_year`, `year_ends`,
/// `estimate` (yes: missing intervals count as zero, and the answer says so).
/// Errors: those of the files, cases.fact_malformed, usage, tariff and rating.
[[nodiscard]] Result<json::value> rate_usage(const UsageRating& asked);

}  // namespace watthour::cases
