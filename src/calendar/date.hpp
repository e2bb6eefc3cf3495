// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "base/result.hpp"

#include <chrono>
#include <compare>
#include <cstdint>
#include <string>
#include <string_view>

namespace watthour {

/// Monday = 0 ... Sunday = 6.
enum class Weekday { monday, tuesday, wednesday, thursday, friday, saturday, sunday };

/// A civil date of the utility's zone. A read "of a date" is the read at 00:00 of that date.
class Date {
public:
    constexpr Date() = default;
    constexpr explicit Date(std::int32_t days_since_1970) : days_(days_since_1970) {}
    constexpr explicit Date(std::chrono::sys_days days)
        : days_(static_cast<std::int32_t>(days.time_since_epoch().count())) {}
    [[nodiscard]] static constexpr Date ymd(int year, unsigned month, unsigned day) {
        using namespace std::chrono;
        const sys_days days{std::chrono::year(year) / std::chrono::month(month) /
                            std::chrono::day(day)};
        return Date(days);
    }
    /// "2026-06-15". Errors: calendar.date_malformed.
    [[nodiscard]] static Result<Date> parse(std::string_view text);
    /// "20260615". Errors: calendar.date_malformed.
    [[nodiscard]] static Result<Date> parse_compact(std::string_view text);

    [[nodiscard]] constexpr std::int32_t days() const { return days_; }
    [[nodiscard]] int year() const;
    [[nodiscard]] int month() const;
    [[nodiscard]] int day() const;
    [[nodiscard]] Weekday weekday() const;
    [[nodiscard]] Date first_of_month() const;
    [[nodiscard]] Date first_of_next_month() const;
    [[nodiscard]] std::string to_string() const;
    [[nodiscard]] std::string to_compact() const;  ///< "20260615"

    friend constexpr auto operator<=>(Date, Date) = default;
    friend constexpr Date operator+(Date date, int days) { return Date(date.days_ + days); }
    friend constexpr Date operator-(Date date, int days) { return Date(date.days_ - days); }
    friend constexpr int operator-(Date a, Date b) { return a.days_ - b.days_; }

private:
    [[nodiscard]] std::chrono::year_month_day civil() const;
    std::int32_t days_ = 0;
};

/// Half-open: the first day is in, the last is not; its days are until - from.
struct DateRange {
    Date from;
    Date until;

    [[nodiscard]] constexpr int days() const { return until - from; }
    [[nodiscard]] constexpr bool contains(Date date) const { return from <= date && date < until; }
    [[nodiscard]] constexpr bool is_empty() const { return !(from < until); }
    [[nodiscard]] DateRange intersection(DateRange other) const;
    friend constexpr bool operator==(const DateRange&, const DateRange&) = default;
};

/// A date far after any other, for ranges without an end.
inline constexpr Date end_of_time = Date::ymd(9999, 12, 31);

/// A second of UTC.
struct Instant {
    std::int64_t seconds = 0;
    friend constexpr auto operator<=>(Instant, Instant) = default;
    friend constexpr Instant operator+(Instant at, std::int64_t s) { return {at.seconds + s}; }
    friend constexpr std::int64_t operator-(Instant a, Instant b) { return a.seconds - b.seconds; }
};

/// "2026-06-15T08:00:00Z" and back; offsets like -07:00 are read, and seconds
/// may be left out. Errors:
/// calendar.instant_malformed.
[[nodiscard]] std::string to_iso_utc(Instant at);
[[nodiscard]] Result<Instant> parse_iso_instant(std::string_view text);

}  // namespace watthour
