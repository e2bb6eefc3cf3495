// SPDX-License-Identifier: Apache-2.0
#include "formats/text_encoding.hpp"

#include <algorithm>
#include <array>
#include <cstdint>
#include <cstring>

namespace watthour::formats {
namespace {

constexpr char32_t no_character = 0xFFFD;

unsigned byte_at(std::string_view bytes, std::size_t at) {
    return static_cast<unsigned char>(bytes[at]);
}

/// Bytes from `at` on that are ASCII; eight are looked at together.
std::size_t ascii_from(std::string_view bytes, std::size_t at) {
    while (at + 8 <= bytes.size()) {
        std::uint64_t eight = 0;
        std::memcpy(&eight, bytes.data() + at, 8);
        if ((eight & 0x8080808080808080ULL) != 0) break;
        at += 8;
    }
    while (at < bytes.size() && byte_at(bytes, at) < 0x80) ++at;
    return at;
}

/// A file may be cut in the last character; only whole ones are judged.
bool is_utf_8(std::string_view bytes) {
    for (std::size_t at = ascii_from(bytes, 0); at < bytes.size(); at = ascii_from(bytes, at)) {
        const unsigned first = byte_at(bytes, at);
        const std::size_t more = first >= 0xC2 && first <= 0xDF   ? 1
                                 : first >= 0xE0 && first <= 0xEF ? 2
                                 : first >= 0xF0 && first <= 0xF4 ? 3
                                                                  : 0;
        if (more == 0) return false;
        for (std::size_t i = 1; i <= more; ++i) {
            if (at + i >= bytes.size()) return true;
            if ((byte_at(bytes, at + i) & 0xC0U) != 0x80U) return false;
        }
        at += more + 1;
    }
    return true;
}

/// Windows-1252 from 0x80 to 0x9F.
constexpr std::array<char16_t, 32> windows_block = {
    0x20AC, 0xFFFD, 0x201A, 0x0192, 0x201E, 0x2026, 0x2020, 0x2021, 0x02C6, 0x2030, 0x0160,
    0x2039, 0x0152, 0xFFFD, 0x017D, 0xFFFD, 0xFFFD, 0x2018, 0x2019, 0x201C, 0x201D, 0x2022,
    0x2013, 0x2014, 0x02DC, 0x2122, 0x0161, 0x203A, 0x0153, 0xFFFD, 0x017E, 0x0178};

void append(std::string& out, char32_t c) {
    const auto put = [&](char32_t bits) { out.push_back(static_cast<char>(bits)); };
    if (c < 0x80) {
        put(c);
    } else if (c < 0x800) {
        put(0xC0 | (c >> 6U));
        put(0x80 | (c & 0x3F));
    } else if (c < 0x10000) {
        put(0xE0 | (c >> 12U));
        put(0x80 | ((c >> 6U) & 0x3F));
        put(0x80 | (c & 0x3F));
    } else {
        put(0xF0 | (c >> 18U));
        put(0x80 | ((c >> 12U) & 0x3F));
        put(0x80 | ((c >> 6U) & 0x3F));
        put(0x80 | (c & 0x3F));
    }
}

std::string from_latin_1(std::string_view bytes) {
    std::string out;
    out.reserve(bytes.size() + bytes.size() / 16);
    for (const char c : bytes) {
        const auto byte = static_cast<unsigned char>(c);
        append(out, byte >= 0x80 && byte <= 0x9F ? windows_block.at(byte - 0x80U) : byte);
    }
    return out;
}

std::string from_utf_16(std::string_view bytes, bool big_end) {
    std::string out;
    out.reserve(bytes.size() / 2 + 16);
    const auto unit = [&](std::size_t at) -> char32_t {
        const unsigned high = byte_at(bytes, big_end ? at : at + 1);
        const unsigned low = byte_at(bytes, big_end ? at + 1 : at);
        return (high << 8U) | low;
    };
    for (std::size_t at = 0; at + 1 < bytes.size(); at += 2) {
        char32_t c = unit(at);
        if (at == 0 && c == 0xFEFF) continue;
        if (c >= 0xD800 && c <= 0xDFFF) {
            const char32_t low = c < 0xDC00 && at + 3 < bytes.size() ? unit(at + 2) : 0;
            if (low >= 0xDC00 && low <= 0xDFFF) {
                c = 0x10000 + ((c - 0xD800) << 10U) + (low - 0xDC00);
                at += 2;
            } else {
                c = no_character;
            }
        }
        append(out, c);
    }
    return out;
}

}  // namespace

TextEncoding detect_encoding(std::string_view bytes) {
    if (bytes.starts_with("\xFF\xFE")) return TextEncoding::utf_16_le;
    if (bytes.starts_with("\xFE\xFF")) return TextEncoding::utf_16_be;
    const std::size_t seen = std::min<std::size_t>(bytes.size(), 512) & ~std::size_t{1};
    std::size_t even = 0;
    std::size_t odd = 0;
    for (std::size_t i = 0; i < seen; i += 2) {
        even += bytes[i] == '\0' ? 1U : 0U;
        odd += bytes[i + 1] == '\0' ? 1U : 0U;
    }
    // Text of a Western language has a zero in nearly every character of UTF-16.
    if (seen >= 8 && odd * 10 > seen * 4 && even * 20 < seen) return TextEncoding::utf_16_le;
    if (seen >= 8 && even * 10 > seen * 4 && odd * 20 < seen) return TextEncoding::utf_16_be;
    return is_utf_8(bytes) ? TextEncoding::utf_8 : TextEncoding::latin_1;
}

std::string_view encoding_name(TextEncoding encoding) {
    switch (encoding) {
        case TextEncoding::utf_16_le:
        case TextEncoding::utf_16_be: return "UTF-16";
        case TextEncoding::latin_1: return "Latin-1";
        default: return "UTF-8";
    }
}

FileCharacters::FileCharacters(std::string_view bytes)
    : encoding_(detect_encoding(bytes)), bytes_(bytes) {
    switch (encoding_) {
        case TextEncoding::utf_8:
            if (bytes_.starts_with("\xEF\xBB\xBF")) bytes_.remove_prefix(3);
            break;
        case TextEncoding::latin_1: changed_ = from_latin_1(bytes); break;
        case TextEncoding::utf_16_le: changed_ = from_utf_16(bytes, false); break;
        case TextEncoding::utf_16_be: changed_ = from_utf_16(bytes, true); break;
    }
}

}  // namespace watthour::formats
