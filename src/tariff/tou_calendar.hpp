// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "calendar/date.hpp"
#include "calendar/holidays.hpp"
#include "calendar/time_zone.hpp"
#include "tariff/season.hpp"

#include <cstdint>
#include <map>
#include <string>
#include <tuple>
#include <vector>

namespace watthour::tariff {

/// Hours of the local wall clock that belong to one period. Half-open, in seconds after midnight.
struct TouWindow {
    int period = 0;
    std::uint32_t seasons = 0;  ///< bit per season index
    std::uint32_t days = 0;     ///< bit per weekday, Monday = bit 0
    bool on_holidays = false;
    int from_second = 0;
    int until_second = 0;
};

/// Hours of one day that an event moves to a period of its own: a critical peak. Half-open.
struct TouEvent {
    Date date;
    int period = 0;
    int from_second = 0;
    int until_second = 0;
};

/// Periods by month, kind of day (weekday, weekend) and half hour, in that order.
using TouMatrix = std::vector<std::uint8_t>;

/// Decides for a moment of the local wall clock which time-of-use period it belongs to. It
/// carries its seasons and holidays, so that the answer depends on nothing else.
class TouCalendar {
public:
    static constexpr std::size_t matrix_cells = std::size_t{12} * 2 * 48;

    TouCalendar() = default;
    TouCalendar(std::string code, std::vector<std::string> periods, int default_period,
                std::vector<TouWindow> windows, SeasonTable seasons, Holidays holidays);

    /// Periods from a table; listed holidays count as weekend days.
    TouCalendar(std::string code, std::vector<std::string> periods, TouMatrix matrix,
                Holidays holidays);
    /// Events go before everything else.
    void set_events(std::vector<TouEvent> events) { events_ = std::move(events); }

    [[nodiscard]] const std::string& code() const { return code_; }
    [[nodiscard]] const std::vector<std::string>& periods() const { return periods_; }
    /// Name of the period of that index.
    [[nodiscard]] const std::string& name_of(int period) const {
        return periods_[static_cast<std::size_t>(period)];
    }
    /// Index of the period of that name, or -1.
    [[nodiscard]] int index_of(std::string_view period) const;

    /// Index of the period at a wall-clock second (0 to 86,399) of a local day. Source: R2.12.
    [[nodiscard]] int period_of(Date date, int wall_second) const;

private:
    std::string code_;
    std::vector<std::string> periods_;
    int default_period_ = 0;
    std::vector<TouWindow> windows_;
    TouMatrix matrix_;
    std::vector<TouEvent> events_;
    SeasonTable seasons_;
    Holidays holidays_;
};

/// Neighbouring interval steps of one period: half-open, step 0 is the first step of the range.
struct TouRun {
    std::int32_t first = 0;
    std::int32_t last = 0;
    std::int32_t period = 0;
    friend bool operator==(const TouRun&, const TouRun&) = default;
};

/// The steps of a range of local days as runs of equal periods, without gap or overlap. An
/// interval belongs to the period of its local start time. A short day has no hour 02; on a long
/// day the hour 01 comes twice.
///
/// Units:  steps of `minutes`, counted from the first moment of `days.from` in `zone`.
/// Source: VEU-RATING "TOU"; R1.50, R1.51.
[[nodiscard]] std::vector<TouRun> tou_runs(const TouCalendar& calendar, const TimeZone& zone,
                                           DateRange days, int minutes);

/// Runs of whole calendar months of one zone, made once per bill run. `prepare` first, from one
/// thread; after that any number of threads may call `find`.
class TouRunCache {
public:
    explicit TouRunCache(TimeZone zone) : zone_(std::move(zone)) {}

    /// Makes the runs of every month that `days` touches.
    void prepare(const TouCalendar& calendar, DateRange days, int minutes);
    /// Runs of the month that begins on `first_of_month`; null when it was not prepared.
    [[nodiscard]] const std::vector<TouRun>* find(const TouCalendar& calendar, Date first_of_month,
                                                  int minutes) const;
    [[nodiscard]] const TimeZone& zone() const { return zone_; }

private:
    TimeZone zone_;
    std::map<std::tuple<std::string, std::int32_t, int>, std::vector<TouRun>> runs_;
};

}  // namespace watthour::tariff
