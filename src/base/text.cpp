// SPDX-License-Identifier: Apache-2.0
#include "base/text.hpp"

#include <array>
#include <charconv>
#include <cstdint>

namespace watthour {
namespace {

bool blank(char c) { return c == ' ' || c == '\t' || c == '\r' || c == '\n'; }

/// The UTF-8 second bytes that follow 0xC3, as the letter without its accent.
constexpr std::string_view latin_after_c3 =
    "AAAAAAACEEEEIIII"
    "DNOOOOOxOUUUUYTs"
    "aaaaaaaceeeeiiii"
    "dnooooo/ouuuuyty";

}  // namespace

std::string_view trimmed_right(std::string_view text) {
    while (!text.empty() && blank(text.back())) text.remove_suffix(1);
    return text;
}

std::string_view trimmed(std::string_view text) {
    text = trimmed_right(text);
    while (!text.empty() && blank(text.front())) text.remove_prefix(1);
    return text;
}

std::vector<std::string_view> split_text(std::string_view text, char separator) {
    std::vector<std::string_view> parts;
    for (;;) {
        const std::size_t at = text.find(separator);
        parts.push_back(text.substr(0, at));
        if (at == std::string_view::npos) return parts;
        text.remove_prefix(at + 1);
    }
}

std::optional<std::int64_t> parse_integer(std::string_view text) {
    std::int64_t value = 0;
    const auto [end, error] = std::from_chars(text.data(), text.data() + text.size(), value);
    if (error != std::errc() || end != text.data() + text.size() || text.empty()) {
        return std::nullopt;
    }
    return value;
}

bool all_digits(std::string_view text) {
    for (const char c : text) {
        if (c < '0' || c > '9') return false;
    }
    return !text.empty();
}

std::string upper_case(std::string_view text) {
    std::string upper(text);
    for (char& c : upper) {
        if (c >= 'a' && c <= 'z') c = static_cast<char>(c - 'a' + 'A');
    }
    return upper;
}

std::string lower_case(std::string_view text) {
    std::string lower(text);
    for (char& c : lower) {
        if (c >= 'A' && c <= 'Z') c = static_cast<char>(c - 'A' + 'a');
    }
    return lower;
}

std::string pad_right(std::string_view text, std::size_t width) {
    std::string field(text.substr(0, width));
    field.resize(width, ' ');
    return field;
}

std::string pad_left(std::string_view text, std::size_t width, char fill) {
    if (text.size() >= width) return std::string(text);
    return std::string(width - text.size(), fill).append(text);
}

bool is_utf8(std::string_view text) {
    for (std::size_t i = 0; i < text.size();) {
        const auto lead = static_cast<unsigned char>(text[i]);
        std::size_t more = 0;
        std::uint32_t point = lead;
        std::uint32_t least = 0;
        if (lead >= 0xF0) {
            more = 3;
            point = lead & 0x07U;
            least = 0x10000;
        } else if (lead >= 0xE0) {
            more = 2;
            point = lead & 0x0FU;
            least = 0x800;
        } else if (lead >= 0xC0) {
            more = 1;
            point = lead & 0x1FU;
            least = 0x80;
        } else if (lead >= 0x80) {
            return false;
        }
        if (lead > 0xF7 || i + more >= text.size()) return false;
        for (std::size_t k = 1; k <= more; ++k) {
            const auto next = static_cast<unsigned char>(text[i + k]);
            if ((next & 0xC0U) != 0x80) return false;
            point = point << 6U | (next & 0x3FU);
        }
        if (point < least || point > 0x10FFFF || (point >= 0xD800 && point <= 0xDFFF)) return false;
        i += more + 1;
    }
    return true;
}

std::size_t character_count(std::string_view utf8) {
    std::size_t count = 0;
    for (const char c : utf8) {
        if ((static_cast<unsigned char>(c) & 0xC0U) != 0x80U) ++count;
    }
    return count;
}

std::string plain_ascii(std::string_view utf8) {
    std::string ascii;
    for (std::size_t i = 0; i < utf8.size(); ++i) {
        const auto byte = static_cast<unsigned char>(utf8[i]);
        if (byte < 0x80U) {
            ascii.push_back(utf8[i]);
        } else if (byte == 0xC3U && i + 1 < utf8.size()) {
            const auto second = static_cast<unsigned char>(utf8[++i]);
            ascii.push_back(latin_after_c3[(second - 0x80U) & 0x3FU]);
        } else if ((byte & 0xC0U) != 0x80U) {
            ascii.push_back('?');
        }
    }
    return ascii;
}

}  // namespace watthour
