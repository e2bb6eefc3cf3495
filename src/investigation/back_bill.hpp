// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "base/result.hpp"
#include "calendar/date.hpp"
#include "investigation/case_rules.hpp"
#include "metering/registration.hpp"
#include "quantity/energy.hpp"
#include "tariff/policies.hpp"

#include <optional>

namespace watthour::investigation {

/// Whether a correction asks for money or gives it back.
enum class Direction { undercharge, overcharge };

/// The same day so many months earlier, or the last day of that month where it has no such day.
[[nodiscard]] Date months_before(Date day, int months);

/// How many months a correction may go back. Source: R1.62, R1.65, R1.66, R4.12.
[[nodiscard]] int months_allowed(const tariff::InvestigationPolicy& policy, Claim claim,
                                 bool residential, Direction direction);

/// The days of an error that may be corrected: those of the months before its discovery. 15
/// September and three months leave 15 June to 15 September of an error since February.
/// Source: R4.12.
[[nodiscard]] DateRange days_allowed(DateRange error, Date discovered, int months);

/// What the days of a period that lie in a range have of a difference over the whole period.
///
/// Rounding: once, to the Wh, half away from zero.
[[nodiscard]] Energy share_of(Energy difference, DateRange period, DateRange range);

/// A period of which the use is known, as a measure for one of which it is not.
struct ReferenceUse {
    DateRange period;
    Energy energy;
};

/// Use a day to two places (half up) times the days, truncated to whole kWh: 653 kWh of 31 days
/// are 21.06 a day, and 631 kWh in 30 days. Source: R1.10, R1.65.
[[nodiscard]] Energy estimated_use(const ReferenceUse& reference, int days);

/// The billed period that measures a period of the error: the one that ended nearest to a year
/// before it, within 20 days, else the last before the error began. None where there is neither.
[[nodiscard]] std::optional<ReferenceUse> reference_for(DateRange period, Date error_began,
                                                        const std::vector<ReferenceUse>& billed);

/// Use with another multiplier than it was billed with.
///
/// Rounding: once, to the Wh, half away from zero. `recorded` is above 0.
[[nodiscard]] Energy remultiplied(Energy billed, const Decimal& recorded, const Decimal& right);

}  // namespace watthour::investigation
