// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "calendar/date.hpp"
#include "calendar/time_zone.hpp"

#include <array>
#include <cstdint>
#include <cstring>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

/// Times of text files of reads; the small parts of the profile reader, not for other rooms.
namespace watthour::formats {

/// What a time format lacks or holds too often; "" when it can be used.
[[nodiscard]] std::string time_format_fault(std::string_view format);

/// "+10:00", "-07:00": seconds east of UTC.
[[nodiscard]] std::optional<int> parse_zone_offset(std::string_view text);

/// Two characters as a number, or -1.
[[nodiscard]] inline int digit_pair(const char* text) {
    const unsigned tens = static_cast<unsigned char>(text[0]) - unsigned{'0'};
    const unsigned ones = static_cast<unsigned char>(text[1]) - unsigned{'0'};
    return tens < 10 && ones < 10 ? static_cast<int>(tens * 10 + ones) : -1;
}

/// What a clock showed, and the offset where the text carries one.
struct WallTime {
    std::int64_t seconds = 0;  ///< after 1970, as if the clock showed UTC
    int offset = 0;
    bool has_offset = false;
};

/// Reads texts of one or more formats: "ISO", or letters of ReadProfile::moment_formats.
class TimeReader {
public:
    TimeReader() = default;
    explicit TimeReader(const std::vector<std::string>& formats);

    /// Nothing for a day or a time that is not; 24:00 is the end of the day.
    [[nodiscard]] std::optional<WallTime> read(std::string_view text) {
        if (iso_first_) {
            if (auto wall = read_iso(text)) return wall;
        }
        if (clock_first_ && text.size() == 5 && text[2] == ':') {
            if (auto wall = read_clock(text)) return wall;
        }
        // Rows of a day share its date.
        if (text.size() != last_size_ || text.empty() ||
            std::memcmp(text.data(), last_text_.data(), text.size()) != 0) {
            remember(text);
        }
        return last_;
    }

private:
    enum class Part : std::uint8_t {
        literal,
        year4,
        year2,
        month,
        day,
        hour,
        hour12,
        minute,
        second,
        half
    };
    struct Token {
        Part part = Part::literal;
        std::uint8_t least = 1;  ///< digits
        std::uint8_t most = 1;
        char literal = '\0';
    };
    struct Parts {
        int year = 1970;
        int month = 1;
        int day = 1;
        int hour = 0;
        int minute = 0;
        int second = 0;
        int half = -1;  ///< 0 AM, 1 PM
    };

    [[nodiscard]] static std::vector<Token> tokens_of(std::string_view format);
    [[nodiscard]] static bool take(const Token& token, const char*& at, const char* end,
                                   Parts& parts);
    [[nodiscard]] static std::optional<WallTime> read_tokens(const std::vector<Token>& tokens,
                                                             std::string_view text);
    [[nodiscard]] std::optional<WallTime> read_iso(std::string_view text);
    [[nodiscard]] static std::optional<WallTime> read_clock(std::string_view text);
    [[nodiscard]] std::optional<WallTime> read_others(std::string_view text) const;
    [[nodiscard]] bool read_day(std::string_view text);
    void remember(std::string_view text);
    [[nodiscard]] bool read_offset(std::string_view text, WallTime& wall);

    bool iso_first_ = false;
    bool clock_first_ = false;  ///< H:mm or HH:mm is one of the formats
    std::vector<std::vector<Token>> formats_;
    std::array<char, 10> day_text_{};  ///< neighbours share their day
    std::int64_t day_seconds_ = 0;
    std::array<char, 6> offset_text_{};
    int offset_ = 0;
    std::array<char, 24> last_text_{};
    std::size_t last_size_ = 0;
    std::optional<WallTime> last_;

    friend std::string time_format_fault(std::string_view format);
};

inline std::optional<WallTime> TimeReader::read_clock(std::string_view text) {
    const int hour = digit_pair(text.data());
    const int minute = digit_pair(text.data() + 3);
    if (hour < 0 || minute < 0 || minute > 59 || hour * 60 + minute > 1440) return std::nullopt;
    return WallTime{hour * 3600 + minute * 60, 0, false};
}

/// 2026-07-14T17:30, with seconds or without, with an offset or without.
inline std::optional<WallTime> TimeReader::read_iso(std::string_view text) {
    if (text.size() < 16 || text[4] != '-' || (text[10] != 'T' && text[10] != ' ') ||
        text[13] != ':') {
        return std::nullopt;
    }
    if (std::memcmp(text.data(), day_text_.data(), day_text_.size()) != 0 && !read_day(text)) {
        return std::nullopt;
    }
    const int hour = digit_pair(text.data() + 11);
    const int minute = digit_pair(text.data() + 14);
    int second = 0;
    std::size_t rest = 16;
    if (text.size() >= 19 && text[16] == ':') {
        second = digit_pair(text.data() + 17);
        rest = 19;
    }
    const int of_day = hour * 3600 + minute * 60 + second;
    if (hour < 0 || minute < 0 || minute > 59 || second < 0 || second > 59 || of_day > 86'400) {
        return std::nullopt;
    }
    WallTime wall{day_seconds_ + of_day, 0, false};
    if (rest == text.size()) return wall;
    const std::string_view tail = text.substr(rest);
    if (tail.size() == offset_text_.size() && (tail[0] == '+' || tail[0] == '-') &&
        std::memcmp(tail.data(), offset_text_.data(), offset_text_.size()) == 0) {
        wall.has_offset = true;
        wall.offset = offset_;
        return wall;
    }
    if (!read_offset(tail, wall)) return std::nullopt;
    return wall;
}

/// The instants at which a clock of a zone shows a time: none in the hour that spring skips, two
/// in the hour that autumn repeats.
struct WallPlaces {
    int count = 0;
    Instant first;
    Instant second;
};

/// Finds them; remembers the day, whose offset holds for most of them.
class WallClock {
public:
    explicit WallClock(std::optional<TimeZone> zone) : zone_(std::move(zone)) {}

    [[nodiscard]] WallPlaces places(std::int64_t wall) {
        if (wall >= day_begins_ && wall < day_ends_) return {1, {wall - offset_}, {}};
        return look(wall);
    }

private:
    [[nodiscard]] WallPlaces look(std::int64_t wall);

    std::optional<TimeZone> zone_;  ///< none: the clock shows UTC
    std::int64_t day_begins_ = 0;
    std::int64_t day_ends_ = 0;
    int offset_ = 0;
};

}  // namespace watthour::formats
