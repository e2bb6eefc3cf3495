// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "base/decimal.hpp"
#include "base/result.hpp"

#include <compare>
#include <cstdint>
#include <string>
#include <string_view>

namespace watthour {

/// Energy in whole watt-hours; positive = delivered to the customer unless a channel says
/// otherwise. Printed in kWh with up to three places.
class Energy {
public:
    constexpr Energy() = default;
    [[nodiscard]] static constexpr Energy watt_hours(std::int64_t wh) { return Energy(wh); }
    [[nodiscard]] static Energy kilowatt_hours(std::int64_t kwh) {
        return Energy(checked_mul(kwh, 1000));
    }
    /// kWh as decimal text, at most three places. Errors: base.number_malformed, number_too_fine.
    [[nodiscard]] static Result<Energy> parse_kwh(std::string_view text);

    [[nodiscard]] constexpr std::int64_t wh() const { return wh_; }
    [[nodiscard]] constexpr bool is_zero() const { return wh_ == 0; }
    [[nodiscard]] Decimal kwh() const { return {wh_, 3}; }
    /// "653" or "200.76": shortest exact kWh.
    [[nodiscard]] std::string to_string() const { return kwh().to_shortest(); }

    Energy operator-() const { return Energy(checked_sub(0, wh_)); }
    Energy& operator+=(Energy other) {
        wh_ = checked_add(wh_, other.wh_);
        return *this;
    }
    Energy& operator-=(Energy other) {
        wh_ = checked_sub(wh_, other.wh_);
        return *this;
    }
    friend Energy operator+(Energy a, Energy b) { return a += b; }
    friend Energy operator-(Energy a, Energy b) { return a -= b; }
    friend constexpr auto operator<=>(Energy, Energy) = default;

private:
    constexpr explicit Energy(std::int64_t wh) : wh_(wh) {}
    std::int64_t wh_ = 0;
};

/// Power in whole milliwatts; printed in kW. Meters and bills know whole watts.
class Demand {
public:
    constexpr Demand() = default;
    [[nodiscard]] static Demand watts(std::int64_t w) { return Demand(checked_mul(w, 1000)); }
    [[nodiscard]] static constexpr Demand milliwatts(std::int64_t mw) { return Demand(mw); }
    /// kW as decimal text, at most three places. Errors: base.number_malformed, number_too_fine.
    [[nodiscard]] static Result<Demand> parse_kw(std::string_view text);

    /// Whole watts, half away from zero.
    [[nodiscard]] std::int64_t w() const {
        return round_divide(mw_, 1000, Rounding::half_away_from_zero);
    }
    [[nodiscard]] constexpr std::int64_t mw() const { return mw_; }
    [[nodiscard]] Decimal kw() const { return {mw_, 6}; }
    [[nodiscard]] std::string to_string() const { return kw().to_shortest(); }
    /// Rounded to a multiple of 10^-places kW, half away from zero.
    [[nodiscard]] Demand rounded_kw(int places) const;
    friend constexpr auto operator<=>(Demand, Demand) = default;

private:
    constexpr explicit Demand(std::int64_t mw) : mw_(mw) {}
    std::int64_t mw_ = 0;
};

/// From dial units to kWh: CT ratio x PT ratio x register constant. Source: R1.04.
class Multiplier {
public:
    constexpr Multiplier() = default;
    explicit constexpr Multiplier(Decimal factor) : factor_(factor) {}
    [[nodiscard]] const Decimal& factor() const { return factor_; }
    /// Dial units (at most three places) x multiplier. Errors: base.number_too_fine when the
    /// product is not whole watt-hours.
    [[nodiscard]] Result<Energy> energy(const Decimal& dial_units) const;
    [[nodiscard]] Result<Demand> demand(const Decimal& dial_units) const;

private:
    Decimal factor_{1, 0};
};

}  // namespace watthour
