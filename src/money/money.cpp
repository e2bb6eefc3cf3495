// SPDX-License-Identifier: Apache-2.0
#include "money/money.hpp"

namespace watthour {

Result<Money> Money::parse(std::string_view text) {
    TRY(const Decimal decimal, Decimal::parse(text));
    TRY(const std::int64_t units, decimal.exact_units(2));
    return Money(units);
}

Money Money::rounded(const Decimal& amount, Rounding rounding) {
    return Money(amount.rescaled(2, rounding).units());
}

Money Money::magnitude() const { return units_ < 0 ? -*this : *this; }

std::string Money::to_string() const { return Decimal(units_, 2).to_string(); }

Money Money::operator-() const { return Money(checked_sub(0, units_)); }

Money& Money::operator+=(Money other) {
    units_ = checked_add(units_, other.units_);
    return *this;
}

Money& Money::operator-=(Money other) {
    units_ = checked_sub(units_, other.units_);
    return *this;
}

Money take_share(Money amount, Ratio share, Rounding rounding) {
    return Money::minor(
        round_divide(i128{amount.minor_units()} * share.numerator, share.denominator, rounding));
}

Money take_percent(Money amount, const Decimal& percent, Ratio share, Rounding rounding) {
    const i128 numerator = i128{amount.minor_units()} * percent.units() * share.numerator;
    const i128 denominator = i128{power_of_ten(percent.scale())} * 100 * share.denominator;
    return Money::minor(round_divide(numerator, denominator, rounding));
}

std::vector<Money> split_into_instalments(Money total, int count) {
    WH_CHECK(count > 0, "instalments must be at least one");
    const Money part =
        Money::minor(round_divide(total.minor_units(), count, Rounding::toward_zero));
    std::vector<Money> parts(static_cast<std::size_t>(count), part);
    Money given;
    for (int i = 0; i + 1 < count; ++i) given += part;
    parts.back() = total - given;
    return parts;
}

}  // namespace watthour
