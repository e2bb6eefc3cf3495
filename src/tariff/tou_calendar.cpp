// SPDX-License-Identifier: Apache-2.0
#include "tariff/tou_calendar.hpp"

#include "base/check.hpp"

namespace watthour::tariff {

namespace {

constexpr int seconds_per_day = 86'400;

void append_step(std::vector<TouRun>& runs, std::int32_t step, std::int32_t period) {
    if (!runs.empty() && runs.back().period == period) {
        runs.back().last = step + 1;
    } else {
        runs.push_back({step, step + 1, period});
    }
}

}  // namespace

TouCalendar::TouCalendar(std::string code, std::vector<std::string> periods, int default_period,
                         std::vector<TouWindow> windows, SeasonTable seasons, Holidays holidays)
    : code_(std::move(code)),
      periods_(std::move(periods)),
      default_period_(default_period),
      windows_(std::move(windows)),
      seasons_(std::move(seasons)),
      holidays_(std::move(holidays)) {}

TouCalendar::TouCalendar(std::string code, std::vector<std::string> periods, TouMatrix matrix,
                         Holidays holidays)
    : code_(std::move(code)),
      periods_(std::move(periods)),
      matrix_(std::move(matrix)),
      holidays_(std::move(holidays)) {
    WH_CHECK(matrix_.size() == TouCalendar::matrix_cells, "a table of periods has a cell too few");
}

int TouCalendar::index_of(std::string_view period) const {
    for (std::size_t i = 0; i < periods_.size(); ++i) {
        if (periods_[i] == period) return static_cast<int>(i);
    }
    return -1;
}

int TouCalendar::period_of(Date date, int wall_second) const {
    for (const TouEvent& event : events_) {
        if (event.date == date && event.from_second <= wall_second &&
            wall_second < event.until_second) {
            return event.period;
        }
    }
    if (!matrix_.empty()) {
        const bool weekend = date.weekday() >= Weekday::saturday || holidays_.contains(date);
        const auto row = static_cast<std::size_t>((date.month() - 1) * 2 + (weekend ? 1 : 0));
        return matrix_[row * 48 + static_cast<std::size_t>(wall_second / 1800)];
    }
    const std::uint32_t season = 1U << static_cast<unsigned>(seasons_.season_of(date));
    const std::uint32_t day = 1U << static_cast<unsigned>(date.weekday());
    const bool holiday = holidays_.contains(date);
    for (const TouWindow& window : windows_) {
        if ((window.seasons & season) != 0 && (window.days & day) != 0 &&
            (window.on_holidays || !holiday) && window.from_second <= wall_second &&
            wall_second < window.until_second) {
            return window.period;
        }
    }
    return default_period_;
}

std::vector<TouRun> tou_runs(const TouCalendar& calendar, const TimeZone& zone, DateRange days,
                             int minutes) {
    WH_CHECK(minutes > 0 && 1440 % minutes == 0, "interval length must divide the day");
    std::vector<TouRun> runs;
    std::int32_t step = 0;
    const std::int64_t length = std::int64_t{minutes} * 60;
    for (Date date = days.from; date < days.until; date = date + 1) {
        const int seconds = zone.seconds_in(date);
        const Instant start = zone.start_of(date);
        for (std::int64_t second = 0; second < seconds; second += length) {
            // On an ordinary day the wall clock and the elapsed time agree.
            const int wall = seconds == seconds_per_day ? static_cast<int>(second)
                                                        : zone.wall_second_of(start + second);
            append_step(runs, step++, calendar.period_of(date, wall));
        }
    }
    return runs;
}

void TouRunCache::prepare(const TouCalendar& calendar, DateRange days, int minutes) {
    for (Date month = days.from.first_of_month(); month < days.until;
         month = month.first_of_next_month()) {
        const auto key = std::make_tuple(calendar.code(), month.days(), minutes);
        if (runs_.contains(key)) continue;
        runs_.emplace(key,
                      tou_runs(calendar, zone_, {month, month.first_of_next_month()}, minutes));
    }
}

const std::vector<TouRun>* TouRunCache::find(const TouCalendar& calendar, Date first_of_month,
                                             int minutes) const {
    const auto found = runs_.find(std::make_tuple(calendar.code(), first_of_month.days(), minutes));
    return found == runs_.end() ? nullptr : &found->second;
}

}  // namespace watthour::tariff
