// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "calendar/holidays.hpp"
#include "calendar/time_zone.hpp"

#include <cstdint>
#include <vector>

namespace watthour::vee {

/// Days that are alike for R1.41.
enum class DayType : std::uint8_t { weekday, saturday, sunday_or_holiday };

/// The steps of a row of local days, made once for all channels of one interval length. A day has
/// 23, 24 or 25 hours; a slot is the place of a step on the wall clock, the same on every day.
class DayGrid {
public:
    DayGrid(const TimeZone& zone, DateRange days, int minutes, const Holidays& holidays);

    [[nodiscard]] DateRange days() const { return days_; }
    [[nodiscard]] int minutes() const { return grid_.minutes(); }
    [[nodiscard]] int steps_a_day() const { return 1440 / grid_.minutes(); }
    [[nodiscard]] int count() const { return first_step_.back(); }
    [[nodiscard]] const IntervalGrid& grid() const { return grid_; }
    /// The first step of a day of the range, or of the day after it.
    [[nodiscard]] int first_step(Date day) const { return first_step_[index(day)]; }
    [[nodiscard]] int steps_in(Date day) const { return first_step(day + 1) - first_step(day); }
    [[nodiscard]] DayType type(Date day) const { return types_[index(day)]; }
    [[nodiscard]] Date day_of(int step) const;
    /// Slot of a step: 0 for the interval that begins at 00:00 by the wall clock.
    [[nodiscard]] int slot(int step) const { return slots_[static_cast<std::size_t>(step)]; }
    /// The step of a day at that place of the wall clock: the first of two where the hour repeats,
    /// the step an hour before where the hour is left out.
    [[nodiscard]] int step_at(Date day, int slot) const;

private:
    [[nodiscard]] std::size_t index(Date day) const {
        return static_cast<std::size_t>(day - days_.from);
    }

    DateRange days_;
    IntervalGrid grid_;
    std::vector<std::int32_t> first_step_;  ///< one more than days
    std::vector<DayType> types_;
    std::vector<std::uint16_t> slots_;
};

}  // namespace watthour::vee
