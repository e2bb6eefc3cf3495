// SPDX-License-Identifier: Apache-2.0
#include "rating/numbers.hpp"

#include "rating/plan.hpp"

namespace watthour::rating {

Ratio multiply(Ratio a, Ratio b) {
    return Ratio{checked_mul(a.numerator, b.numerator), checked_mul(a.denominator, b.denominator)}
        .lowest_terms();
}

Decimal as_decimal(Money amount) { return {amount.minor_units(), 2}; }
Decimal as_decimal(int number) { return {number, 0}; }

std::int64_t date_number(Date date) {
    return date.year() * 10'000 + date.month() * 100 + date.day();
}

Decimal amount_decimal(std::int64_t units) {
    if (units % amount_units_per_cent == 0) return {units / amount_units_per_cent, 2};
    return {units, 8};
}

Money amount_money(std::int64_t units) {
    return Money::minor(round_divide(units, amount_units_per_cent, Rounding::half_away_from_zero));
}

std::int64_t amount_units(const Decimal& amount) {
    return amount.rescaled(8, Rounding::half_away_from_zero).units();
}

}  // namespace watthour::rating
