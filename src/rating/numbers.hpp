// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "base/arithmetic.hpp"
#include "base/decimal.hpp"
#include "calendar/date.hpp"
#include "money/money.hpp"

#include <cstdint>

namespace watthour::rating {

[[nodiscard]] Ratio multiply(Ratio a, Ratio b);  ///< in lowest terms
[[nodiscard]] Decimal as_decimal(Money amount);
[[nodiscard]] Decimal as_decimal(int number);
/// yyyymmdd
[[nodiscard]] std::int64_t date_number(Date date);
/// 10^-8 dollars as cents, or with eight places when it is no whole cent.
[[nodiscard]] Decimal amount_decimal(std::int64_t units);
/// 10^-8 dollars in cents, half away from zero.
[[nodiscard]] Money amount_money(std::int64_t units);
/// The same number in 10^-8 dollars.
[[nodiscard]] std::int64_t amount_units(const Decimal& amount);

}  // namespace watthour::rating
