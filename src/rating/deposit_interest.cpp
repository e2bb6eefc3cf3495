// SPDX-License-Identifier: Apache-2.0
#include "rating/deposit_interest.hpp"

#include "rating/errors.hpp"

#include <algorithm>

namespace watthour::rating {

Result<DepositInterest> deposit_interest(const tariff::DepositRules& rules, Money deposit,
                                         Date received, Date applied) {
    DepositInterest result;
    // Percentages have at most six places here, so that all years share one denominator.
    constexpr int scale = 6;
    i128 percent_days = 0;
    for (int year = (received + 1).year(); year <= applied.year(); ++year) {
        const Date from = std::max(received + 1, Date::ymd(year, 1, 1));
        const Date until = std::min(applied + 1, Date::ymd(year + 1, 1, 1));
        if (!(from < until)) continue;
        const auto rate = rules.interest_percent_by_year.find(year);
        if (rate == rules.interest_percent_by_year.end()) {
            return Error(errors::interest_rate_missing, {{"year", std::to_string(year)}});
        }
        result.years.push_back({year, until - from, rate->second});
        TRY(const std::int64_t units, rate->second.exact_units(scale));
        percent_days += i128{units} * (until - from);
    }
    result.interest =
        Money::minor(round_divide(i128{deposit.minor_units()} * percent_days,
                                  i128{power_of_ten(scale)} * 100 * 365, rules.interest_rounding));
    return result;
}

}  // namespace watthour::rating
