// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "base/arithmetic.hpp"
#include "base/result.hpp"

#include <compare>
#include <cstdint>
#include <string>
#include <string_view>

namespace watthour {

/// An exact decimal, units / 10^scale. Keeps the scale it was written with, so that 0.14210
/// prints as 0.14210; compares by value.
class Decimal {
public:
    static constexpr int max_scale = 12;

    constexpr Decimal() = default;
    /// units / 10^scale; 0 <= scale <= max_scale.
    constexpr Decimal(std::int64_t units, int scale) : units_(units), scale_(scale) {}

    /// Digits with an optional sign and point. Errors: base.number_malformed.
    [[nodiscard]] static Result<Decimal> parse(std::string_view text);

    [[nodiscard]] constexpr std::int64_t units() const { return units_; }
    [[nodiscard]] constexpr int scale() const { return scale_; }
    [[nodiscard]] constexpr bool is_zero() const { return units_ == 0; }
    [[nodiscard]] constexpr bool is_negative() const { return units_ < 0; }

    /// The value with every written digit: "0.14210".
    [[nodiscard]] std::string to_string() const;
    /// Without trailing zeros after the point: "200.76", "653".
    [[nodiscard]] std::string to_shortest() const;
    /// Brought to another scale; rounds when digits are lost.
    [[nodiscard]] Decimal rescaled(int scale, Rounding rounding) const;
    /// Brought to another scale where no digit is lost. Errors: base.number_too_fine.
    [[nodiscard]] Result<std::int64_t> exact_units(int scale) const;

    [[nodiscard]] Decimal operator-() const { return {-units_, scale_}; }
    friend Decimal operator+(const Decimal& a, const Decimal& b);
    friend Decimal operator-(const Decimal& a, const Decimal& b);
    friend std::strong_ordering operator<=>(const Decimal& a, const Decimal& b);
    friend bool operator==(const Decimal& a, const Decimal& b) { return (a <=> b) == 0; }

private:
    std::int64_t units_ = 0;
    int scale_ = 0;
};

}  // namespace watthour
