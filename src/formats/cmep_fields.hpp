// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "formats/cmep.hpp"

#include <array>
#include <cstdint>
#include <optional>
#include <string>
#include <string_view>

/// The parts of the CMEP reader; not for other rooms.
namespace watthour::formats::cmep {

/// Cuts one line at its commas; a field in quotes may hold commas and doubled quotes.
class FieldCursor {
public:
    explicit FieldCursor(std::string_view line) : rest_(line) {}

    /// False when no field is left. The text lives until the next call.
    bool next(std::string_view& field) {
        if (done_) return false;
        if (!rest_.empty() && rest_.front() == '"') return quoted(field);
        const std::size_t at = rest_.find(',');
        field = rest_.substr(0, at);
        step_over(at);
        return true;
    }

    /// The three fields that most values have: no end time, a known quality, plain digits with at
    /// most one point. False, and nothing taken, when they are written in any other way.
    bool next_plain(std::string_view quality, Decimal& value);

private:
    bool quoted(std::string_view& field);
    void step_over(std::size_t comma) {
        done_ = comma == std::string_view::npos;
        rest_.remove_prefix(done_ ? rest_.size() : comma + 1);
    }

    std::string_view rest_;
    std::string scratch_;
    bool done_ = false;
};

[[nodiscard]] std::size_t count_fields(std::string_view line);

/// Two characters that are known to be digits.
[[nodiscard]] inline int two_digits(std::string_view text, std::size_t at) {
    return (text[at] - '0') * 10 + (text[at + 1] - '0');
}

/// Reads CCYYMMDDHHMM; remembers the last day, because neighbours share it.
class ClockReader {
public:
    /// Seconds of the wall clock after 1970, as if it showed UTC.
    std::optional<std::int64_t> seconds(std::string_view text);

private:
    std::array<char, 8> day_text_{};
    std::int64_t day_seconds_ = 0;
};

/// The instant of a wall clock reading; nothing for one that a spring day skips. A repeated
/// reading is the daylight one when flagged so or when nothing precedes it.
[[nodiscard]] std::optional<Instant> from_wall(const TimeZone& zone, std::int64_t wall,
                                               std::uint32_t flags,
                                               const std::optional<Instant>& previous);

/// A letter R, E, A or N, none, and the vendors' mask behind it.
[[nodiscard]] bool parse_quality(std::string_view field, char& quality, std::uint32_t& flags);

/// One MEPMD02 line; nothing when it is bad, and then its problems were added. Parts of the day
/// that do not add up to their TOTAL are bad: one of them was keyed or sent wrongly.
[[nodiscard]] std::optional<CmepTouRow> read_tou_row(std::string_view line, std::int64_t number,
                                                     bool ended, const CmepOptions& options,
                                                     Problems& problems);

}  // namespace watthour::formats::cmep
