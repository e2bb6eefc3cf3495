// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "metering/interval_block.hpp"
#include "tariff/vee_rules.hpp"
#include "vee/day_grid.hpp"

#include <cstdint>
#include <span>
#include <vector>

namespace watthour::vee {

using metering::IntervalStatus;

/// Status of an interval whose value counts: its energy is known.
[[nodiscard]] constexpr bool is_good(IntervalStatus status) {
    return status != IntervalStatus::missing && status != IntervalStatus::failed;
}

/// Use of one day elsewhere than in the grid: the same day of last year.
struct DayUse {
    std::int64_t wh = 0;
    std::int64_t peak_wh = 0;
    std::int32_t not_good = 0;  ///< intervals missing or failed
};

/// What a register showed at 00:00 of a day, times its multiplier.
struct RegisterMark {
    Date day;
    std::int64_t wh = 0;
};

/// A stored month whose number of intervals is not that of the channel's interval length.
struct Misfit {
    Date month;
    std::int32_t intervals = 0;
};

/// One channel as the checks see it. The rows cover the days of the grid; what was never read is
/// missing. The spans must outlive the call.
struct ChannelReads {
    const DayGrid* grid = nullptr;
    std::span<const std::int64_t> wh;
    std::span<const IntervalStatus> status;

    std::span<const std::int64_t> energy_wh;  ///< of a reactive channel: the kWh beside, else empty
    std::span<const DayUse> last_year;        ///< of day - 364 for each day of the grid, or empty
    std::span<const RegisterMark> marks;      ///< of the same quantity, rising by day
    std::int64_t register_step_wh = 0;        ///< smallest step of that register x multiplier

    bool received = false;              ///< energy from the customer to the grid
    bool has_generation = false;        ///< solar or storage is permitted at the point
    bool irregular = false;             ///< R1.37
    std::int64_t capacity_watts = 0;    ///< rating of panel or transformer; 0 = not known
    std::span<const DateRange> served;  ///< days with an agreement

    /// R1.22, in millionths: the multiplier in force, and CT x PT x constant as stored; 0 where
    /// nobody recorded the ratios.
    std::int64_t multiplier_micro = 0;
    std::int64_t record_micro = 0;
    std::span<const Misfit> misfits;

    std::span<const Date> period_ends;              ///< read dates of the cycle, rising
    const tariff::ClassProfile* profile = nullptr;  ///< of the class, or null

    [[nodiscard]] bool is_served(Date day) const {
        for (const DateRange& range : served) {
            if (range.contains(day)) return true;
        }
        return false;
    }
};

/// What a check found. Source: R1.20 to R1.37.
struct Finding {
    tariff::VeeCheck check{};
    tariff::VeeVerdict verdict{};
    DateRange days;
    std::int32_t first_step = 0;  ///< the intervals concerned, half-open, in steps of the grid
    std::int32_t last_step = 0;
    /// What was found, what it is held against and the limit, in the unit of the check: intervals
    /// (gap, not_billable, zeros, constant), Wh (received, high_low_use, sum, tou_sum, inactive,
    /// reactive; a day's use for high_low_use and tou_use), W (capacity, high_low_demand), Wh of
    /// the highest and third highest interval (spike), millionths (record of a multiplier; with a
    /// limit it is the number of intervals of a month, and the limit the minutes of the channel).
    std::int64_t measured = 0;
    std::int64_t reference = 0;
    std::int64_t limit = 0;

    friend bool operator==(const Finding&, const Finding&) = default;
};

}  // namespace watthour::vee
