// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "base/result.hpp"
#include "calendar/date.hpp"
#include "money/money.hpp"
#include "tariff/surcharges.hpp"

#include <vector>

namespace watthour::rating {

struct InterestYear {
    int year = 0;
    int days = 0;
    Decimal percent;
};

struct DepositInterest {
    std::vector<InterestYear> years;
    Money interest;
};

/// Simple interest on a deposit, actual days / 365 by the rate of each calendar year, from the
/// day after receipt through the day of application.
///
/// Rounding: once, on the sum over the years.
/// Errors:   rating.interest_rate_missing.
/// Source:   VEU-RATING "Deposit interest"; R2.62.
[[nodiscard]] Result<DepositInterest> deposit_interest(const tariff::DepositRules& rules,
                                                       Money deposit, Date received, Date applied);

}  // namespace watthour::rating
