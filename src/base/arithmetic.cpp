// SPDX-License-Identifier: Apache-2.0
#include "base/arithmetic.hpp"

#include "base/check.hpp"

#include <numeric>

namespace watthour {

std::int64_t round_divide(i128 numerator, i128 denominator, Rounding rounding) {
    WH_CHECK(denominator != 0, "division by zero");
    if (denominator < 0) {
        numerator = -numerator;
        denominator = -denominator;
    }
    i128 quotient = numerator / denominator;
    const i128 remainder = numerator % denominator;
    if (remainder != 0) {
        const bool negative = remainder < 0;
        const i128 twice = (negative ? -remainder : remainder) * 2;
        bool away = false;
        switch (rounding) {
            case Rounding::half_away_from_zero: away = twice >= denominator; break;
            case Rounding::half_even:
                away = twice > denominator || (twice == denominator && quotient % 2 != 0);
                break;
            case Rounding::toward_zero: break;
            case Rounding::up: away = !negative; break;
            case Rounding::down: away = negative; break;
        }
        if (away) quotient += negative ? -1 : 1;
    }
    WH_CHECK(quotient >= std::numeric_limits<std::int64_t>::min() &&
                 quotient <= std::numeric_limits<std::int64_t>::max(),
             "result outside 64 bits");
    return static_cast<std::int64_t>(quotient);
}

std::int64_t checked_add(std::int64_t a, std::int64_t b) {
    std::int64_t sum = 0;
    WH_CHECK(!__builtin_add_overflow(a, b, &sum), "addition outside 64 bits");
    return sum;
}

std::int64_t checked_sub(std::int64_t a, std::int64_t b) {
    std::int64_t difference = 0;
    WH_CHECK(!__builtin_sub_overflow(a, b, &difference), "subtraction outside 64 bits");
    return difference;
}

std::int64_t checked_mul(std::int64_t a, std::int64_t b) {
    std::int64_t product = 0;
    WH_CHECK(!__builtin_mul_overflow(a, b, &product), "product outside 64 bits");
    return product;
}

std::int64_t power_of_ten(int exponent) {
    WH_CHECK(exponent >= 0 && exponent <= 18, "power of ten outside 0 to 18");
    std::int64_t power = 1;
    while (exponent-- > 0) power *= 10;
    return power;
}

Ratio Ratio::lowest_terms() const {
    const std::int64_t divisor = std::gcd(numerator, denominator);
    return divisor == 0 ? *this : Ratio{numerator / divisor, denominator / divisor};
}

}  // namespace watthour
