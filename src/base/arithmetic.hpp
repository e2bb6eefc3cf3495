// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstdint>
#include <limits>

namespace watthour {

__extension__ typedef __int128 i128;

/// How a value that falls between two representable ones is brought to one of them.
enum class Rounding {
    half_away_from_zero,  ///< 0.5 -> 1, -0.5 -> -1: the rule of every charge line unless stated
    half_even,            ///< 0.5 -> 0, 1.5 -> 2
    toward_zero,          ///< truncation
    up,                   ///< toward positive infinity
    down,                 ///< toward negative infinity
};

/// Divides exactly and rounds once.
///
/// Errors: a zero denominator or a result outside 64 bits is a defect (throws Defect).
[[nodiscard]] std::int64_t round_divide(i128 numerator, i128 denominator, Rounding rounding);

/// 64-bit addition, subtraction and multiplication that never wrap (throw Defect on overflow).
[[nodiscard]] std::int64_t checked_add(std::int64_t a, std::int64_t b);
[[nodiscard]] std::int64_t checked_sub(std::int64_t a, std::int64_t b);
[[nodiscard]] std::int64_t checked_mul(std::int64_t a, std::int64_t b);

/// 10^exponent for 0 <= exponent <= 18.
[[nodiscard]] std::int64_t power_of_ten(int exponent);

/// An exact fraction; the denominator is positive. Not kept in lowest terms unless asked.
struct Ratio {
    std::int64_t numerator = 1;
    std::int64_t denominator = 1;

    [[nodiscard]] Ratio lowest_terms() const;
    friend bool operator==(const Ratio&, const Ratio&) = default;
};

}  // namespace watthour
