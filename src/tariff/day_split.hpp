// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "base/result.hpp"
#include "calendar/date.hpp"
#include "quantity/energy.hpp"

#include <span>
#include <vector>

namespace watthour::tariff {

/// Shares the kWh of a register over the segments of its period by days.
///
/// Units:    Wh in and out. A negative total is split on its magnitude.
/// Rounding: running totals to whole kWh, half away from zero, so the parts sum to the total in
///           whole kWh: a split drops or completes a fraction of a kWh, as the contract says. One
///           segment is not a split and keeps its fraction.
/// Errors:   tariff.split_not_tiled when the segments do not tile the period.
/// Source:   VEU-RATING "Splitting register kWh"; R2.03.
[[nodiscard]] Result<std::vector<Energy>> split_by_days(Energy total, DateRange period,
                                                        std::span<const DateRange> segments);

}  // namespace watthour::tariff
