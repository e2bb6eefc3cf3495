// SPDX-License-Identifier: Apache-2.0
#include "vee/read_limits.hpp"

#include <gtest/gtest.h>

namespace watthour::vee {
namespace {

const tariff::UseReview review{200, 50, Energy::watt_hours(100'000)};

TEST(ReadLimits, AreHalfAndTwiceTheExpectedUse) {
    // R1.10's own example: 653 kWh in 31 days is 21.06 a day, 30 days are 631 units. Half of 631
    // is 315, twice is 1262.
    const auto limits =
        read_limits(4120, 100'000, Energy::watt_hours(653'000), 31, 30, Decimal(1, 0), review);
    EXPECT_EQ(limits.expected, 4751);
    EXPECT_EQ(limits.low, 4435);
    EXPECT_EQ(limits.high, 5382);
}

TEST(ReadLimits, CountInDialUnitsOfTheMultiplierAndRollOver) {
    // 121.33 a day x 30 = 3639.90 kWh, / 40 = 90 units (R1.10). From 99,950 of five dials:
    // + 45 = 99,995; + 180 = 100,130, shown as 130. The least of 100 kWh is 2 units.
    const auto limits =
        read_limits(99'950, 100'000, Energy::watt_hours(3'639'900), 30, 30, Decimal(40, 0), review);
    EXPECT_EQ(limits.low, 99'995);
    EXPECT_EQ(limits.high, 130);
}

TEST(ReadLimits, AnEmptyHomeHasNoLowLimit) {
    // 30 kWh expected lie below 100: low is the last read itself, high 100 units above it.
    const auto limits =
        read_limits(500, 100'000, Energy::watt_hours(30'000), 30, 30, Decimal(1, 0), review);
    EXPECT_EQ(limits.low, 500);
    EXPECT_EQ(limits.high, 600);
}

}  // namespace
}  // namespace watthour::vee
