// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "base/arithmetic.hpp"
#include "base/decimal.hpp"
#include "base/result.hpp"

#include <compare>
#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

namespace watthour {

/// Whole minor units (cents) of the one currency of the utility (decision 0003).
/// Sums are checked: an amount outside 64 bits is a defect, never a wrong number.
class Money {
public:
    constexpr Money() = default;
    [[nodiscard]] static constexpr Money minor(std::int64_t units) { return Money(units); }
    /// "18.50", "-3", "0.5"; at most two places. Errors: base.number_malformed, number_too_fine.
    [[nodiscard]] static Result<Money> parse(std::string_view text);
    /// The decimal brought to cents with the rounding stated.
    [[nodiscard]] static Money rounded(const Decimal& amount, Rounding rounding);

    [[nodiscard]] constexpr std::int64_t minor_units() const { return units_; }
    [[nodiscard]] constexpr bool is_zero() const { return units_ == 0; }
    [[nodiscard]] constexpr bool is_negative() const { return units_ < 0; }
    [[nodiscard]] constexpr bool is_positive() const { return units_ > 0; }
    [[nodiscard]] Money magnitude() const;
    /// "1234.50": no grouping, for files and JSON.
    [[nodiscard]] std::string to_string() const;

    Money operator-() const;
    Money& operator+=(Money other);
    Money& operator-=(Money other);
    friend Money operator+(Money a, Money b) { return a += b; }
    friend Money operator-(Money a, Money b) { return a -= b; }
    friend constexpr auto operator<=>(Money, Money) = default;

private:
    constexpr explicit Money(std::int64_t units) : units_(units) {}
    std::int64_t units_ = 0;
};

/// Takes numerator/denominator of an amount and rounds once to the cent.
[[nodiscard]] Money take_share(Money amount, Ratio share, Rounding rounding);

/// Percent of an amount, rounded once to the cent; percent 2.85 means 2.85%.
[[nodiscard]] Money take_percent(Money amount, const Decimal& percent, Ratio share,
                                 Rounding rounding);

/// Equal instalments rounded down, the last takes the cents. Source: R2.41.
[[nodiscard]] std::vector<Money> split_into_instalments(Money total, int count);

}  // namespace watthour
