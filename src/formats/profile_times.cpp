// SPDX-License-Identifier: Apache-2.0
#include "formats/profile_times.hpp"

#include <fmt/format.h>

#include <algorithm>

namespace watthour::formats {
namespace {

constexpr std::int64_t day_seconds = 86'400;
constexpr int first_year = 1970;
constexpr int last_year = 2199;

constexpr bool is_digit(char c) { return c >= '0' && c <= '9'; }

/// Days after 1970, or nothing for a day that is not.
std::optional<std::int64_t> days_of(int year, int month, int day) {
    if (year < first_year || year > last_year || month < 1 || month > 12 || day < 1) {
        return std::nullopt;
    }
    const std::chrono::year_month_day civil{std::chrono::year(year),
                                            std::chrono::month(static_cast<unsigned>(month)),
                                            std::chrono::day(static_cast<unsigned>(day))};
    if (!civil.ok()) return std::nullopt;
    return std::chrono::sys_days(civil).time_since_epoch().count();
}

}  // namespace

std::string time_format_fault(std::string_view format) {
    if (format == "ISO") return {};
    if (format.empty() || format.size() > 40) return "it has no characters, or more than 40";
    std::array<int, 10> seen{};
    const auto tokens = TimeReader::tokens_of(format);
    for (const auto& token : tokens) ++seen[static_cast<std::size_t>(token.part)];
    using Part = TimeReader::Part;
    const auto count = [&](Part part) { return seen[static_cast<std::size_t>(part)]; };
    const int years = count(Part::year4) + count(Part::year2);
    const int hours = count(Part::hour) + count(Part::hour12);
    for (const int times : {years, count(Part::month), count(Part::day), hours, count(Part::minute),
                            count(Part::second), count(Part::half)}) {
        if (times > 1) return "it names a part of the time twice";
    }
    if (years != count(Part::month) || years != count(Part::day)) {
        return "a date needs a year, a month and a day";
    }
    if (years + hours == 0) return "it names neither a day nor an hour";
    if (count(Part::hour12) != count(Part::half)) return "h and AM go together";
    return {};
}

std::optional<int> parse_zone_offset(std::string_view text) {
    if (text.size() != 6 || (text[0] != '+' && text[0] != '-') || text[3] != ':') {
        return std::nullopt;
    }
    const int hours = digit_pair(text.data() + 1);
    const int minutes = digit_pair(text.data() + 4);
    if (hours < 0 || hours > 14 || minutes < 0 || minutes > 59) return std::nullopt;
    const int offset = (hours * 60 + minutes) * 60;
    return text[0] == '-' ? -offset : offset;
}

TimeReader::TimeReader(const std::vector<std::string>& formats) {
    for (const std::string& format : formats) {
        if (format == "ISO") {
            iso_first_ = true;
        } else {
            clock_first_ = clock_first_ || format == "H:mm" || format == "HH:mm";
            formats_.push_back(tokens_of(format));
        }
    }
}

std::vector<TimeReader::Token> TimeReader::tokens_of(std::string_view format) {
    struct Spelled {
        std::string_view text;
        Token token;
    };
    static constexpr std::array spelled{
        Spelled{"YYYY", {Part::year4, 4, 4}}, Spelled{"YY", {Part::year2, 2, 2}},
        Spelled{"MM", {Part::month, 2, 2}},   Spelled{"M", {Part::month, 1, 2}},
        Spelled{"DD", {Part::day, 2, 2}},     Spelled{"D", {Part::day, 1, 2}},
        Spelled{"HH", {Part::hour, 2, 2}},    Spelled{"H", {Part::hour, 1, 2}},
        Spelled{"mm", {Part::minute, 2, 2}},  Spelled{"ss", {Part::second, 2, 2}},
        Spelled{"h", {Part::hour12, 1, 2}},   Spelled{"AM", {Part::half, 0, 0}}};
    std::vector<Token> tokens;
    while (!format.empty()) {
        const auto found = std::find_if(spelled.begin(), spelled.end(), [&](const Spelled& each) {
            return format.starts_with(each.text);
        });
        if (found == spelled.end()) {
            tokens.push_back({Part::literal, 1, 1, format.front()});
            format.remove_prefix(1);
        } else {
            tokens.push_back(found->token);
            format.remove_prefix(found->text.size());
        }
    }
    return tokens;
}

bool TimeReader::take(const Token& token, const char*& at, const char* end, Parts& parts) {
    if (token.part == Part::literal) return at != end && *at++ == token.literal;
    if (token.part == Part::half) {
        if (end - at < 2 || (at[1] != 'M' && at[1] != 'm')) return false;
        const char letter = static_cast<char>(at[0] & ~0x20);
        parts.half = letter == 'A' ? 0 : letter == 'P' ? 1 : -1;
        at += 2;
        return parts.half >= 0;
    }
    int value = 0;
    int digits = 0;
    while (digits < token.most && at != end && is_digit(*at)) {
        value = value * 10 + (*at++ - '0');
        ++digits;
    }
    if (digits < token.least) return false;
    switch (token.part) {
        case Part::year4: parts.year = value; break;
        case Part::year2: parts.year = value + (value < 80 ? 2000 : 1900); break;
        case Part::month: parts.month = value; break;
        case Part::day: parts.day = value; break;
        case Part::hour:
        case Part::hour12: parts.hour = value; break;
        case Part::minute: parts.minute = value; break;
        case Part::second: parts.second = value; break;
        case Part::literal:
        case Part::half: break;
    }
    return true;
}

std::optional<WallTime> TimeReader::read_tokens(const std::vector<Token>& tokens,
                                                std::string_view text) {
    Parts parts;
    const char* at = text.data();
    const char* end = at + text.size();
    for (const Token& token : tokens) {
        if (!take(token, at, end, parts)) return std::nullopt;
    }
    if (at != end) return std::nullopt;
    if (parts.half >= 0) {
        if (parts.hour < 1 || parts.hour > 12) return std::nullopt;
        parts.hour = parts.hour % 12 + 12 * parts.half;
    }
    const auto days = days_of(parts.year, parts.month, parts.day);
    const int second = parts.hour * 3600 + parts.minute * 60 + parts.second;
    if (!days || parts.minute > 59 || parts.second > 59 || second > day_seconds) {
        return std::nullopt;
    }
    return WallTime{*days * day_seconds + second, 0, false};
}

bool TimeReader::read_offset(std::string_view text, WallTime& wall) {
    wall.has_offset = true;
    if (text == "Z") return true;
    const auto offset = parse_zone_offset(text);
    if (!offset) return false;
    std::memcpy(offset_text_.data(), text.data(), offset_text_.size());
    wall.offset = offset_ = *offset;
    return true;
}

bool TimeReader::read_day(std::string_view text) {
    const int century = digit_pair(text.data());
    const int year = digit_pair(text.data() + 2);
    if (century < 0 || year < 0 || text[7] != '-') return false;
    const auto days =
        days_of(century * 100 + year, digit_pair(text.data() + 5), digit_pair(text.data() + 8));
    if (!days) return false;
    std::memcpy(day_text_.data(), text.data(), day_text_.size());
    day_seconds_ = *days * day_seconds;
    return true;
}

void TimeReader::remember(std::string_view text) {
    last_ = read_others(text);
    last_size_ = text.size() <= last_text_.size() ? text.size() : 0;
    text.copy(last_text_.data(), last_size_);  // also of no text at all, which has no address
}

std::optional<WallTime> TimeReader::read_others(std::string_view text) const {
    for (const auto& tokens : formats_) {
        if (auto wall = read_tokens(tokens, text)) return wall;
    }
    return std::nullopt;
}

WallPlaces WallClock::look(std::int64_t wall) {
    const std::int64_t day =
        wall >= 0 ? wall / day_seconds : -((day_seconds - 1 - wall) / day_seconds);
    const int before = zone_ ? zone_->offset_at({wall - day_seconds}) : 0;
    const int after = zone_ ? zone_->offset_at({wall + day_seconds}) : 0;
    if (before == after) {
        // The day that holds it may still change its clock; its ends tell.
        const std::int64_t begins = day * day_seconds;
        const int first = zone_ ? zone_->offset_at({begins - before - 1}) : 0;
        const int last = zone_ ? zone_->offset_at({begins + day_seconds - before}) : 0;
        if (first == before && last == before) {
            day_begins_ = begins;
            day_ends_ = begins + day_seconds;
            offset_ = before;
        }
        return {1, {wall - before}, {}};
    }
    const Instant first{wall - std::max(before, after)};
    const Instant second{wall - std::min(before, after)};
    const bool first_is = zone_->offset_at(first) == wall - first.seconds;
    const bool second_is = zone_->offset_at(second) == wall - second.seconds;
    if (first_is && second_is) return {2, first, second};
    if (first_is) return {1, first, {}};
    return {second_is ? 1 : 0, second, {}};
}

}  // namespace watthour::formats
