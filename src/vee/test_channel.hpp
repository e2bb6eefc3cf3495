// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "vee/channel_reads.hpp"

#include <vector>

namespace watthour::vee {

/// A channel of a test: eight weeks of steady reads until a day, to be changed here and there.
struct TestChannel {
    TestChannel(int minutes, DateRange days, std::int64_t wh_a_step)
        : zone(*TimeZone::load("America/Los_Angeles")),
          grid(zone, days, minutes, Holidays({Date::ymd(2026, 5, 25)})),
          served{days},
          wh(static_cast<std::size_t>(grid.count()), wh_a_step),
          status(static_cast<std::size_t>(grid.count()), IntervalStatus::actual) {}

    [[nodiscard]] std::size_t at(Date day, int hour, int minute = 0) const {
        return static_cast<std::size_t>(grid.first_step(day) +
                                        (hour * 60 + minute) / grid.minutes());
    }
    void set_day(Date day, std::int64_t wh_a_step) {
        for (int step = grid.first_step(day); step < grid.first_step(day + 1); ++step) {
            wh[static_cast<std::size_t>(step)] = wh_a_step;
        }
    }
    void lose(std::size_t first, int count) {
        for (std::size_t step = first; step < first + static_cast<std::size_t>(count); ++step) {
            wh[step] = 0;
            status[step] = IntervalStatus::missing;
        }
    }
    [[nodiscard]] ChannelReads reads() const {
        ChannelReads reads;
        reads.grid = &grid;
        reads.wh = wh;
        reads.status = status;
        reads.marks = marks;
        reads.last_year = last_year;
        reads.register_step_wh = 1000;
        reads.served = served;
        return reads;
    }

    TimeZone zone;
    DayGrid grid;
    std::vector<DateRange> served;
    std::vector<std::int64_t> wh;
    std::vector<IntervalStatus> status;
    std::vector<RegisterMark> marks;
    std::vector<DayUse> last_year;
};

/// The limits of the rule book.
inline tariff::VeeLimits rule_book_limits() {
    tariff::VeeLimits limits;
    limits.verdicts.fill(tariff::VeeVerdict::review);
    limits.spike_percent = 180;
    limits.spike_min = Energy::watt_hours(5000);
    limits.capacity_percent = 125;
    limits.zero_hours = 24;
    limits.constant_hours = 4;
    limits.high_percent = 200;
    limits.low_percent = 50;
    limits.use_days = 28;
    limits.use_min = Energy::kilowatt_hours(1);
    limits.demand_percent = 200;
    limits.demand_min = Energy::kilowatt_hours(25);
    limits.reactive_percent = 150;
    limits.reactive_min = Energy::kilowatt_hours(5);
    limits.sum_percent = Decimal(5, 1);
    limits.sum_resolutions = 2;
    limits.inactive_min = Energy::kilowatt_hours(10);
    limits.interpolate_minutes = 120;
    limits.reference_days = 3;
    limits.lookback_weeks = 8;
    limits.profile_days = 28;
    limits.tou_high_percent = 200;
    limits.tou_low_percent = 50;
    limits.tou_min = Energy::kilowatt_hours(1);
    limits.worth_a_kwh = Decimal(25, 2);
    return limits;
}

}  // namespace watthour::vee
