// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "base/decimal.hpp"
#include "calendar/date.hpp"

#include <cstdint>
#include <map>
#include <string>
#include <vector>

namespace watthour::tariff {

/// Prices per kWh that change with the hour of the local wall clock: a table of month, kind of
/// day and hour (576 cells), or a list of hours of dated days. Source: R3.09.
class PriceSeries {
public:
    /// 12 months x (weekday, weekend) x 24 hours; units of 10^-`scale` $/kWh.
    PriceSeries(std::string code, int scale, std::vector<std::int64_t> month_day_hour,
                std::vector<Date> holidays);
    /// 24 hours for each listed day.
    PriceSeries(std::string code, int scale, std::map<Date, std::vector<std::int64_t>> by_day);

    [[nodiscard]] const std::string& code() const { return code_; }
    [[nodiscard]] int scale() const { return scale_; }
    /// True when every hour of the day has a price.
    [[nodiscard]] bool covers(Date date) const;
    /// Units of 10^-scale() dollars per kWh; the day must be covered.
    [[nodiscard]] std::int64_t price_at(Date date, int wall_second) const;

private:
    std::string code_;
    int scale_;
    std::vector<std::int64_t> table_;
    std::vector<Date> holidays_;
    std::map<Date, std::vector<std::int64_t>> by_day_;
};

}  // namespace watthour::tariff
