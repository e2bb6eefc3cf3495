// SPDX-License-Identifier: Apache-2.0
#include "vee/read_limits.hpp"

#include <algorithm>

namespace watthour::vee {

ReadLimits read_limits(std::int64_t last, std::int64_t capacity, Energy reference,
                       int reference_days, int days, const Decimal& constant,
                       const tariff::UseReview& review) {
    const std::int64_t expected =
        estimate_register(reference, reference_days, days, constant).dial_units;
    const std::int64_t least = estimate_register(review.min, 1, 1, constant).dial_units;
    const std::int64_t low = expected < least ? 0 : expected * review.low_percent / 100;
    const std::int64_t high = std::max(least, (expected * review.high_percent + 99) / 100);
    return {(last + low) % capacity, (last + high) % capacity, (last + expected) % capacity};
}

}  // namespace watthour::vee
