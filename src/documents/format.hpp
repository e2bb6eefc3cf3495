// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "base/words.hpp"
#include "calendar/date.hpp"
#include "money/money.hpp"
#include "quantity/energy.hpp"

#include <string>
#include <string_view>

namespace watthour::documents {

/// "$1,234.50", "-$5.00": the same in both languages (es-US).
[[nodiscard]] std::string format_money(Money amount);
/// A decimal text with its whole part grouped: "1234.50" as "1,234.50".
[[nodiscard]] std::string format_decimal(std::string_view decimal);
/// kWh, shortest exact: "1,234.5".
[[nodiscard]] std::string format_kwh(Energy energy);
/// kWh a day with one place, half away from zero.
[[nodiscard]] std::string format_kwh_per_day(Energy energy, int days);
/// "June 15, 2026", "15 de junio de 2026".
[[nodiscard]] std::string format_date_long(Date date, Language language);
/// "06/15/2026", "15/06/2026".
[[nodiscard]] std::string format_date_short(Date date, Language language);
/// "Jun 15", "15 jun".
[[nodiscard]] std::string format_day_month(Date date, Language language);
/// First and last day, both included: "May 11 – June 9, 2026".
[[nodiscard]] std::string format_period(DateRange period, Language language);
/// "May 11 – Jun 9".
[[nodiscard]] std::string format_period_short(DateRange period, Language language);
/// "420 kWh × $0.14210", "1 month × $18.50", "2.85%".
[[nodiscard]] std::string format_quantity_price(std::string_view quantity, std::string_view unit,
                                                std::string_view rate, Language language);

}  // namespace watthour::documents
