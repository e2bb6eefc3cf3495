// SPDX-License-Identifier: Apache-2.0
#include "storage/postgres/values.hpp"

#include "base/check.hpp"

#include <charconv>

namespace watthour::storage::postgres {
namespace {

// Type numbers are fixed in the server's catalogue (pg_type.dat).
constexpr std::uint32_t type_bool = 16;
constexpr std::uint32_t type_int8 = 20;
constexpr std::uint32_t type_int2 = 21;
constexpr std::uint32_t type_int4 = 23;
constexpr std::uint32_t type_numeric = 1700;

/// Two's complement, most significant byte first.
std::int64_t read_signed(std::string_view raw) {
    std::uint64_t value =
        !raw.empty() && (static_cast<unsigned char>(raw[0]) & 0x80U) != 0 ? ~std::uint64_t{0} : 0;
    for (const char byte : raw) value = (value << 8U) | static_cast<unsigned char>(byte);
    return static_cast<std::int64_t>(value);
}

/// NUMERIC: count, weight, sign and scale, then digits to the base 10,000.
std::int64_t read_numeric(std::string_view raw) {
    WH_CHECK(raw.size() >= 8, "a NUMERIC of the server is cut");
    const std::int64_t count = read_signed(raw.substr(0, 2));
    const std::int64_t weight = read_signed(raw.substr(2, 2));
    const std::int64_t sign = read_signed(raw.substr(4, 2));
    std::int64_t value = 0;
    for (std::int64_t place = 0; place <= weight || place < count; ++place) {
        const std::int64_t digit =
            place < count ? read_signed(raw.substr(static_cast<std::size_t>(8 + 2 * place), 2)) : 0;
        if (place > weight) {
            WH_CHECK(digit == 0, "a sum of whole numbers has a fraction");
            continue;
        }
        const bool too_large = __builtin_mul_overflow(value, std::int64_t{10000}, &value) ||
                               __builtin_add_overflow(value, digit, &value);
        WH_CHECK(!too_large, "a sum does not fit 64 bits");
    }
    return sign == 0 ? value : -value;
}

}  // namespace

bool is_number(std::uint32_t type) {
    return type == type_bool || type == type_int8 || type == type_int2 || type == type_int4 ||
           type == type_numeric;
}

std::int64_t integer_of(std::uint32_t type, std::string_view raw) {
    switch (type) {
        case type_bool: return raw == std::string_view("\1", 1) ? 1 : 0;
        case type_int8:
        case type_int4:
        case type_int2: return read_signed(raw);
        case type_numeric: return read_numeric(raw);
        default: break;
    }
    std::int64_t value = 0;
    const auto [end, failure] = std::from_chars(raw.data(), raw.data() + raw.size(), value);
    WH_CHECK(failure == std::errc() && end == raw.data() + raw.size(),
             "a column that is read as a number holds text");
    return value;
}

void append_big_endian(std::string& to, std::int64_t value, int bytes) {
    for (int shift = (bytes - 1) * 8; shift >= 0; shift -= 8) {
        to += static_cast<char>(
            (static_cast<std::uint64_t>(value) >> static_cast<unsigned>(shift)) & 0xFFU);
    }
}

std::string big_endian(std::int64_t value, int bytes) {
    std::string text;
    append_big_endian(text, value, bytes);
    return text;
}

}  // namespace watthour::storage::postgres
