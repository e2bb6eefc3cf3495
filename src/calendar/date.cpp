// SPDX-License-Identifier: Apache-2.0
#include "calendar/date.hpp"

#include "base/text.hpp"
#include "calendar/errors.hpp"

#include <fmt/format.h>

#include <algorithm>

namespace watthour {
namespace {

Result<Date> checked_date(std::string_view text, std::string_view y, std::string_view m,
                          std::string_view d) {
    const auto malformed = [&] {
        return Error(calendar::errors::date_malformed, {{"text", std::string(text)}});
    };
    if (!all_digits(y) || !all_digits(m) || !all_digits(d)) return malformed();
    const std::chrono::year_month_day civil{
        std::chrono::year(static_cast<int>(*parse_integer(y))),
        std::chrono::month(static_cast<unsigned>(*parse_integer(m))),
        std::chrono::day(static_cast<unsigned>(*parse_integer(d)))};
    if (!civil.ok() || static_cast<int>(civil.year()) < 1900) return malformed();
    return Date(std::chrono::sys_days(civil));
}

}  // namespace

Result<Date> Date::parse(std::string_view text) {
    if (text.size() != 10 || text[4] != '-' || text[7] != '-') {
        return Error(calendar::errors::date_malformed, {{"text", std::string(text)}});
    }
    return checked_date(text, text.substr(0, 4), text.substr(5, 2), text.substr(8, 2));
}

Result<Date> Date::parse_compact(std::string_view text) {
    if (text.size() != 8) {
        return Error(calendar::errors::date_malformed, {{"text", std::string(text)}});
    }
    return checked_date(text, text.substr(0, 4), text.substr(4, 2), text.substr(6, 2));
}

std::chrono::year_month_day Date::civil() const {
    return std::chrono::year_month_day(std::chrono::sys_days(std::chrono::days(days_)));
}

int Date::year() const { return static_cast<int>(civil().year()); }
int Date::month() const { return static_cast<int>(static_cast<unsigned>(civil().month())); }
int Date::day() const { return static_cast<int>(static_cast<unsigned>(civil().day())); }

Weekday Date::weekday() const {
    // 1970-01-01 was a Thursday.
    const int index = (days_ % 7 + 7 + 3) % 7;
    return static_cast<Weekday>(index);
}

Date Date::first_of_month() const {
    const auto c = civil();
    return Date(std::chrono::sys_days(c.year() / c.month() / 1));
}

Date Date::first_of_next_month() const { return (first_of_month() + 31).first_of_month(); }

std::string Date::to_string() const {
    return fmt::format("{:04}-{:02}-{:02}", year(), month(), day());
}

std::string Date::to_compact() const {
    return fmt::format("{:04}{:02}{:02}", year(), month(), day());
}

DateRange DateRange::intersection(DateRange other) const {
    const DateRange both{std::max(from, other.from), std::min(until, other.until)};
    return both.is_empty() ? DateRange{both.from, both.from} : both;
}

std::string to_iso_utc(Instant at) {
    std::int64_t day = at.seconds / 86400;
    std::int64_t second = at.seconds % 86400;
    if (second < 0) {
        second += 86400;
        --day;
    }
    return fmt::format("{}T{:02}:{:02}:{:02}Z", Date(static_cast<std::int32_t>(day)).to_string(),
                       second / 3600, second / 60 % 60, second % 60);
}

Result<Instant> parse_iso_instant(std::string_view text) {
    const auto malformed = [&] {
        return Error(calendar::errors::instant_malformed, {{"text", std::string(text)}});
    };
    if (text.size() < 17 || text[10] != 'T' || text[13] != ':') return malformed();
    // Seconds may be left out: 2026-07-14T17:30-07:00.
    const bool has_seconds = text[16] == ':';
    const std::size_t zone = has_seconds ? 19 : 16;
    if (text.size() <= zone) return malformed();
    const auto date = Date::parse(text.substr(0, 10));
    const auto number = [&](std::size_t at, std::int64_t most) -> std::optional<std::int64_t> {
        if (at + 2 > text.size() || !all_digits(text.substr(at, 2))) return std::nullopt;
        const auto value = parse_integer(text.substr(at, 2));
        return *value <= most ? value : std::nullopt;
    };
    const auto hour = number(11, 23);
    const auto minute = number(14, 59);
    const auto second = has_seconds ? number(17, 59) : std::optional<std::int64_t>(0);
    if (!date || !hour || !minute || !second) return malformed();
    std::int64_t offset = 0;
    if (text.size() == zone + 6 && (text[zone] == '+' || text[zone] == '-') &&
        text[zone + 3] == ':') {
        const auto hours = number(zone + 1, 14);
        const auto minutes = number(zone + 4, 59);
        if (!hours || !minutes) return malformed();
        offset = (*hours * 60 + *minutes) * 60 * (text[zone] == '-' ? -1 : 1);
    } else if (text.size() != zone + 1 || text[zone] != 'Z') {
        return malformed();
    }
    return Instant{std::int64_t{date->days()} * 86400 + *hour * 3600 + *minute * 60 + *second -
                   offset};
}

}  // namespace watthour
