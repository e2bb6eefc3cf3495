// SPDX-License-Identifier: Apache-2.0
#include "formats/cmep_fields.hpp"

#include "base/text.hpp"
#include "formats/fields.hpp"

#include <algorithm>

namespace watthour::formats::cmep {
namespace {

constexpr std::uint32_t daylight_flag = 64;
constexpr std::ptrdiff_t most_plain_digits = 18;  ///< with a point; they fit 64 bits

constexpr bool is_digit(char c) { return c >= '0' && c <= '9'; }
constexpr std::uint64_t digit_of(char c) { return static_cast<std::uint64_t>(c - '0'); }

}  // namespace

bool FieldCursor::quoted(std::string_view& field) {
    scratch_.clear();
    std::size_t i = 1;
    for (; i < rest_.size(); ++i) {
        if (rest_[i] == '"') {
            if (i + 1 >= rest_.size() || rest_[i + 1] != '"') break;
            ++i;
        }
        scratch_.push_back(rest_[i]);
    }
    field = scratch_;
    step_over(rest_.find(',', std::min(i, rest_.size())));
    return true;
}

bool FieldCursor::next_plain(std::string_view quality, Decimal& value) {
    if (rest_.size() < quality.size() + 3 || rest_.front() != ',') return false;
    const char* at = rest_.data() + 1;
    const char* const end = rest_.data() + rest_.size();
    for (const char c : quality) {
        if (*at++ != c) return false;
    }
    if (*at++ != ',') return false;
    std::uint64_t units = 0;
    const char* const first = at;
    for (; at != end && is_digit(*at); ++at) units = units * 10 + digit_of(*at);
    const char* const point = at;
    if (at != end && *at == '.') {
        for (++at; at != end && is_digit(*at); ++at) units = units * 10 + digit_of(*at);
    }
    const auto decimals = at == point ? 0 : at - point - 1;
    // A point without digits on both sides, too many digits, a sign: the slow way judges it.
    const bool plain = point != first && point + 1 != at && at - first <= most_plain_digits &&
                       decimals <= Decimal::max_scale && (at == end || *at == ',');
    if (!plain) return false;
    value = Decimal(static_cast<std::int64_t>(units), static_cast<int>(decimals));
    step_over(at == end ? std::string_view::npos : static_cast<std::size_t>(at - rest_.data()));
    return true;
}

std::size_t count_fields(std::string_view line) {
    FieldCursor cursor(line);
    std::string_view field;
    std::size_t count = 0;
    while (cursor.next(field)) ++count;
    return count;
}

std::optional<std::int64_t> ClockReader::seconds(std::string_view text) {
    if (text.size() != 12 || !all_digits(text)) return std::nullopt;
    const int hour = two_digits(text, 8);
    const int minute = two_digits(text, 10);
    if (hour > 23 || minute > 59) return std::nullopt;
    if (text.substr(0, 8) != std::string_view(day_text_.data(), day_text_.size())) {
        const auto date = parse_file_date(text.substr(0, 8), DateOrder::ccyymmdd);
        if (!date) return std::nullopt;
        std::copy_n(text.begin(), day_text_.size(), day_text_.begin());
        day_seconds_ = std::int64_t{date->days()} * 86'400;
    }
    return day_seconds_ + hour * 3600 + minute * 60;
}

bool parse_quality(std::string_view field, char& quality, std::uint32_t& flags) {
    std::string_view mask = trimmed(field);
    if (mask.empty()) return true;
    if (mask.front() < '0' || mask.front() > '9') {
        quality = mask.front();
        mask.remove_prefix(1);
    }
    const bool letter =
        quality == '\0' || std::string_view("REAN").find(quality) != std::string_view::npos;
    const auto bits = mask.empty() ? std::optional<std::int64_t>(0) : parse_digits(mask);
    if (!letter || !bits || *bits >= cmep_time_snapped) return false;
    flags = static_cast<std::uint32_t>(*bits);
    return true;
}

std::optional<Instant> from_wall(const TimeZone& zone, std::int64_t wall, std::uint32_t flags,
                                 const std::optional<Instant>& previous) {
    const int before = zone.offset_at({wall - 86'400});
    const int after = zone.offset_at({wall + 86'400});
    const Instant first{wall - std::max(before, after)};
    const Instant second{wall - std::min(before, after)};
    const bool first_is = zone.offset_at(first) == wall - first.seconds;
    const bool second_is = zone.offset_at(second) == wall - second.seconds;
    if (!first_is && !second_is) return std::nullopt;
    if (first_is != second_is) return first_is ? first : second;
    if ((flags & daylight_flag) != 0 || !previous || *previous < first) return first;
    return second;
}

}  // namespace watthour::formats::cmep

namespace watthour::formats {

std::optional<Instant> cmep_moment(std::string_view text) {
    const auto seconds = cmep::ClockReader().seconds(text);
    if (!seconds) return std::nullopt;
    return Instant{*seconds};
}

}  // namespace watthour::formats
