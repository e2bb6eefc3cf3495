// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "base/result.hpp"
#include "calendar/date.hpp"
#include "calendar/time_zone.hpp"
#include "quantity/energy.hpp"
#include "tariff/tou_calendar.hpp"

#include <cstdint>
#include <limits>
#include <span>
#include <vector>

namespace watthour::usage {

/// Stands in a row of intervals where there is no reading.
inline constexpr std::int64_t missing_wh = std::numeric_limits<std::int64_t>::min();

/// Energy of one segment by time-of-use period.
struct TouUse {
    DateRange segment;
    std::vector<Energy> by_period;  ///< in the order of the calendar's periods
    int interval_count = 0;
    int missing_count = 0;

    [[nodiscard]] Energy total() const;
};

/// Adds up the intervals of one segment by period.
///
/// Units:  Wh per interval; `wh` holds the intervals of `segment` from its first moment on.
/// Errors: usage.intervals_incomplete when their number is not that of the segment; intervals
///         marked missing are counted, not refused.
/// Source: VEU-RATING "TOU"; R1.50, R1.51.
[[nodiscard]] Result<TouUse> sum_by_period(const tariff::TouCalendar& calendar,
                                           const TimeZone& zone, DateRange segment, int minutes,
                                           std::span<const std::int64_t> wh);

/// The same for each of several segments that tile `period`.
[[nodiscard]] Result<std::vector<TouUse>> sum_segments(const tariff::TouCalendar& calendar,
                                                       const TimeZone& zone, DateRange period,
                                                       std::span<const DateRange> segments,
                                                       int minutes,
                                                       std::span<const std::int64_t> wh);

/// The highest average power of any interval: Wh x 60 / minutes, rounded to 0.1 kW, half away
/// from zero. Missing intervals do not count; no interval gives zero. Source: R2.20.
[[nodiscard]] Demand highest_demand(std::span<const std::int64_t> wh, int minutes);

/// The same among the intervals of one period. Source: R2.20.
[[nodiscard]] Demand highest_demand_in(std::span<const tariff::TouRun> runs, int period,
                                       std::span<const std::int64_t> wh, int minutes);

}  // namespace watthour::usage
