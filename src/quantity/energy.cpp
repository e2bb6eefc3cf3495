// SPDX-License-Identifier: Apache-2.0
#include "quantity/energy.hpp"

#include "base/errors.hpp"

namespace watthour {
namespace {

/// dial units x factor as whole thousandths.
Result<std::int64_t> thousandths(const Decimal& dial_units, const Decimal& factor) {
    const i128 product = i128{dial_units.units()} * factor.units() * 1000;
    const i128 divisor = i128{power_of_ten(dial_units.scale())} * power_of_ten(factor.scale());
    if (product % divisor != 0) {
        return Error(
            errors::number_too_fine,
            {{"text", dial_units.to_string() + " x " + factor.to_string()}, {"places", "3"}});
    }
    return round_divide(product, divisor, Rounding::half_away_from_zero);
}

}  // namespace

Result<Energy> Energy::parse_kwh(std::string_view text) {
    TRY(const Decimal kwh, Decimal::parse(text));
    TRY(const std::int64_t wh, kwh.exact_units(3));
    return Energy(wh);
}

Result<Demand> Demand::parse_kw(std::string_view text) {
    TRY(const Decimal kw, Decimal::parse(text));
    TRY(const std::int64_t watts, kw.exact_units(3));
    return Demand::watts(watts);
}

Demand Demand::rounded_kw(int places) const {
    const std::int64_t step = power_of_ten(6 - places);
    return Demand(checked_mul(round_divide(mw_, step, Rounding::half_away_from_zero), step));
}

Result<Energy> Multiplier::energy(const Decimal& dial_units) const {
    TRY(const std::int64_t wh, thousandths(dial_units, factor_));
    return Energy::watt_hours(wh);
}

Result<Demand> Multiplier::demand(const Decimal& dial_units) const {
    TRY(const std::int64_t watts, thousandths(dial_units, factor_));
    return Demand::watts(watts);
}

}  // namespace watthour
