// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "tariff/policies.hpp"
#include "vee/estimate.hpp"

#include <cstdint>
#include <optional>

namespace watthour::vee {

/// Between which readings a reader is not asked to look again. In dial units as the dials show
/// them, past their end beginning anew.
struct ReadLimits {
    std::int64_t low = 0;
    std::int64_t high = 0;
    std::int64_t expected = 0;
};

/// From the use a day of a reference period: the expected dial units (R1.10) are those of the days
/// since the last read; the low limit is the last read and `low_percent` of them, the high limit
/// `high_percent` of them, at least the units of `min`; below `min` there is no low limit, so that
/// an empty home does not stop the reader. Low is cut to whole units, high rounded up. Source:
/// R1.10, and R1.29 for the percents, as the bill's own review holds them.
///
/// Units: `last` in whole dial units; `reference` in Wh of `reference_days`; `capacity` is
/// 10^dials.
[[nodiscard]] ReadLimits read_limits(std::int64_t last, std::int64_t capacity, Energy reference,
                                     int reference_days, int days, const Decimal& constant,
                                     const tariff::UseReview& review);

}  // namespace watthour::vee
