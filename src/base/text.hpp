// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace watthour {

/// Without blanks, tabs and line ends at either side.
[[nodiscard]] std::string_view trimmed(std::string_view text);
[[nodiscard]] std::string_view trimmed_right(std::string_view text);
/// Cut at every separator; empty parts are kept.
[[nodiscard]] std::vector<std::string_view> split_text(std::string_view text, char separator);
/// Digits with an optional minus; nothing else, no overflow.
[[nodiscard]] std::optional<std::int64_t> parse_integer(std::string_view text);
/// Only 0-9, at least one.
[[nodiscard]] bool all_digits(std::string_view text);
/// ASCII upper case; other bytes are kept.
[[nodiscard]] std::string upper_case(std::string_view text);
[[nodiscard]] std::string lower_case(std::string_view text);
/// Left-justified in a field of the width given, cut when longer.
[[nodiscard]] std::string pad_right(std::string_view text, std::size_t width);
/// Right-justified; the fill is written on the left. Longer text is kept whole.
[[nodiscard]] std::string pad_left(std::string_view text, std::size_t width, char fill = ' ');
/// Well-formed UTF-8: no overlong form, no surrogate, nothing beyond U+10FFFF. Source: RFC 3629.
[[nodiscard]] bool is_utf8(std::string_view text);
/// Number of Unicode characters in UTF-8 text (for display widths).
[[nodiscard]] std::size_t character_count(std::string_view utf8);
/// Spanish and other accented Latin letters brought to plain ASCII; bank files need it.
[[nodiscard]] std::string plain_ascii(std::string_view utf8);

}  // namespace watthour
