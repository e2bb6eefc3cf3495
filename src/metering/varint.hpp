// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstdint>
#include <string>

namespace watthour::metering {

inline void put_varint(std::string& out, std::uint64_t value) {
    while (value >= 0x80U) {
        out.push_back(static_cast<char>((value & 0x7FU) | 0x80U));
        value >>= 7;
    }
    out.push_back(static_cast<char>(value));
}

/// False when the bytes end first or hold more than 64 bits.
[[nodiscard]] inline bool get_varint(const unsigned char*& at, const unsigned char* end,
                                     std::uint64_t& value) {
    value = 0;
    for (unsigned shift = 0; shift < 64; shift += 7) {
        if (at == end) return false;
        const std::uint64_t byte = *at++;
        value |= (byte & 0x7FU) << shift;
        if (byte < 0x80U) return true;
    }
    return false;
}

[[nodiscard]] constexpr std::uint64_t zigzag(std::int64_t value) {
    return (static_cast<std::uint64_t>(value) << 1) ^ static_cast<std::uint64_t>(value >> 63);
}

[[nodiscard]] constexpr std::int64_t unzigzag(std::uint64_t value) {
    return static_cast<std::int64_t>((value >> 1) ^ (~(value & 1U) + 1U));
}

[[nodiscard]] constexpr int varint_size(std::uint64_t value) {
    int size = 1;
    while (value >= 0x80U) {
        value >>= 7;
        ++size;
    }
    return size;
}

/// 32-bit words a lane needs for `rows` values of `width` bits.
[[nodiscard]] constexpr int words_a_lane(int rows, int width) { return (rows * width + 31) / 32; }

}  // namespace watthour::metering
