// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "base/result.hpp"
#include "calendar/date.hpp"
#include "formats/urdb_tariff.hpp"
#include "rating/rating.hpp"

#include <cstdint>
#include <string>
#include <vector>

namespace watthour::cases {

/// Twelve months or more of a known-answer case: a rate, a load, perhaps generation.
///
/// The calendar of such cases has 365 days, begins on a Monday and knows neither holidays nor
/// daylight saving; its years are 2018, 2029 and so on in the zone UTC.
struct YearCase {
    std::string id;
    formats::UrdbRecord rate;
    formats::UrdbTerms terms;
    int minutes = 60;
    int years = 1;
    std::vector<std::int64_t> load;        ///< one year of steps, in 10^-5 Wh
    std::vector<std::int64_t> generation;  ///< the same; empty = none
    int true_up_month = 12;
    std::vector<Demand> peaks_before;  ///< of the year before, from January on; or none
    int lookback_months = 0;
};

/// What one month came to, in 10^-8 dollars.
struct MonthOfCase {
    std::int64_t energy = 0;
    std::int64_t flat_demand = 0;
    std::int64_t tou_demand = 0;
    std::int64_t fixed = 0;
    std::int64_t minimum = 0;
    std::int64_t true_up_credit = 0;
    std::int64_t bill = 0;
    std::int64_t net_wh = 0;
};

enum class Generation { left_out, counted };

/// Every month of every year, one after the other. The tariff is written in the language, read
/// back, and rated month by month with what outlasts a month handed on.
///
/// Compatibility words (data/rates, README): the bank of a time-of-use period moves to the period
/// that stands at 00, 05, 11 or 17 o'clock of next month's weekdays; the counter of surplus kWh
/// never falls below zero and skips the January after a year without true-up in December; the
/// ratchet looks one month further back across the end of a year.
///
/// Errors: those of tariff, usage and rating.
[[nodiscard]] Result<std::vector<MonthOfCase>> rate_year(const YearCase& given,
                                                         Generation generation);

}  // namespace watthour::cases
