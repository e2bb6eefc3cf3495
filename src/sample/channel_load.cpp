// SPDX-License-Identifier: Apache-2.0
#include "sample/channel_load.hpp"

#include "base/arithmetic.hpp"
#include "base/check.hpp"

namespace watthour::sample {

bool ChannelLoad::is_silent_on(Date day) const {
    for (const Fault& fault : faults) {
        if (fault.kind == FaultKind::silent && day >= fault.day) return true;
    }
    return false;
}

std::int64_t used_wh(const ChannelLoad& load, Date day, const std::vector<int>& hours) {
    return load.zero.contains(day) ? 0 : day_wh(load.shape, day, hours);
}

void used_by_interval(const ChannelLoad& load, Date day, const std::vector<int>& hours,
                      std::vector<std::int64_t>& wh) {
    if (load.zero.contains(day)) {
        wh.assign(hours.size() * 60 / static_cast<std::size_t>(load.interval_minutes), 0);
        return;
    }
    day_of_intervals(load.shape, day, hours, load.interval_minutes, wh);
}

std::int64_t dial_reading(const ChannelLoad& load, std::int64_t cumulative_wh, Date date) {
    std::int64_t reading = load.start_reading + cumulative_wh / (load.multiplier * 1000);
    for (const Fault& fault : load.faults) {
        const bool jumped = fault.kind == FaultKind::register_jump && date >= fault.day;
        const bool misread = fault.kind == FaultKind::misread && date == fault.day;
        if (jumped || misread) reading += fault.amount;
    }
    const std::int64_t capacity = power_of_ten(load.dials);
    const std::int64_t shown = reading % capacity;
    return shown < 0 ? shown + capacity : shown;
}

bool read_is_sent(const ChannelLoad& load, Date date) {
    for (const Fault& fault : load.faults) {
        if (fault.kind == FaultKind::silent && date > fault.day) return false;
        if (fault.kind == FaultKind::missing_read && date == fault.day) return false;
    }
    return true;
}

DayHours::DayHours(const TimeZone& zone, DateRange days) : days_(days) {
    hours_.reserve(static_cast<std::size_t>(days.days()));
    for (Date day = days.from; day < days.until; day = day + 1) {
        hours_.push_back(wall_hours(zone, day));
    }
}

const std::vector<int>& DayHours::of(Date day) const {
    WH_CHECK(days_.contains(day), "no hours of " + day.to_string());
    return hours_[static_cast<std::size_t>(day - days_.from)];
}

std::int64_t used_until(const ChannelLoad& load, Date until, const DayHours& hours) {
    std::int64_t sum = 0;
    for (Date day = load.active.from; day < until; day = day + 1) {
        sum += used_wh(load, day, hours.of(day));
    }
    return sum;
}

}  // namespace watthour::sample
