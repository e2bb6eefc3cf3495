// SPDX-License-Identifier: Apache-2.0
#include "vee/day_grid.hpp"

#include "base/check.hpp"

#include <algorithm>

namespace watthour::vee {
namespace {

DayType type_of(Date day, const Holidays& holidays) {
    if (day.weekday() == Weekday::sunday || holidays.contains(day)) {
        return DayType::sunday_or_holiday;
    }
    return day.weekday() == Weekday::saturday ? DayType::saturday : DayType::weekday;
}

}  // namespace

DayGrid::DayGrid(const TimeZone& zone, DateRange days, int minutes, const Holidays& holidays)
    : days_(days), grid_(zone, days, minutes) {
    WH_CHECK(!days.is_empty(), "a day grid needs a day");
    const int seconds = minutes * 60;
    for (Date day = days.from; day <= days.until; day = day + 1) {
        first_step_.push_back(
            static_cast<std::int32_t>((zone.start_of(day) - grid_.begin()) / seconds));
    }
    slots_.reserve(static_cast<std::size_t>(count()));
    for (Date day = days.from; day < days.until; day = day + 1) {
        types_.push_back(type_of(day, holidays));
        const bool whole = steps_in(day) == steps_a_day();
        for (int step = first_step(day); step < first_step(day + 1); ++step) {
            const int slot = whole ? step - first_step(day)
                                   : zone.wall_second_of(grid_.start_of(step)) / seconds;
            slots_.push_back(static_cast<std::uint16_t>(slot));
        }
    }
}

Date DayGrid::day_of(int step) const {
    const auto after = std::upper_bound(first_step_.begin(), first_step_.end(), step);
    return days_.from + static_cast<int>(after - first_step_.begin() - 1);
}

int DayGrid::step_at(Date day, int slot) const {
    const int first = first_step(day);
    const int count = steps_in(day);
    if (count == steps_a_day()) return first + slot;
    int before = first;
    for (int step = first; step < first + count; ++step) {
        if (this->slot(step) == slot) return step;
        if (this->slot(step) < slot) before = step;
    }
    return before;
}

}  // namespace watthour::vee
