// SPDX-License-Identifier: Apache-2.0
#include "money/money.hpp"

#include <gtest/gtest.h>

namespace watthour {
namespace {

Money money(const char* text) { return *Money::parse(text); }

TEST(Money, ReadsAndWritesWholeCents) {
    EXPECT_EQ(money("18.50").minor_units(), 1850);
    EXPECT_EQ(money("-0.05").minor_units(), -5);
    EXPECT_EQ(money("7").to_string(), "7.00");
    EXPECT_EQ(money("-0.05").to_string(), "-0.05");
    EXPECT_FALSE(Money::parse("1.005"));
    EXPECT_FALSE(Money::parse("1.2.3"));
    EXPECT_FALSE(Money::parse(""));
    EXPECT_FALSE(Money::parse("12."));
}

TEST(Money, HalfCentGoesAwayFromZeroOnBothSides) {
    // 2.85% of 10.00 is 0.285; of -10.00 it is -0.285.
    const Decimal percent = *Decimal::parse("2.85");
    EXPECT_EQ(take_percent(money("10.00"), percent, {1, 1}, Rounding::half_away_from_zero),
              money("0.29"));
    EXPECT_EQ(take_percent(money("-10.00"), percent, {1, 1}, Rounding::half_away_from_zero),
              money("-0.29"));
    EXPECT_EQ(take_percent(money("10.00"), percent, {1, 1}, Rounding::half_even), money("0.28"));
}

TEST(Money, SharesRoundOnce) {
    EXPECT_EQ(take_share(money("18.50"), {18, 32}, Rounding::half_away_from_zero),
              money("10.41"));  // 10.40625, WB-07
    EXPECT_EQ(take_share(money("19.75"), {14, 32}, Rounding::half_away_from_zero),
              money("8.64"));  // 8.640625, WB-07
}

TEST(Money, InstalmentsAddUpAndTheLastTakesTheCents) {
    // R2.41: 500.00 over 12 = 11 x 41.66 + 41.74.
    const auto parts = split_into_instalments(money("500.00"), 12);
    ASSERT_EQ(parts.size(), 12U);
    EXPECT_EQ(parts.front(), money("41.66"));
    EXPECT_EQ(parts.back(), money("41.74"));
}

TEST(Money, OverflowIsRaisedNotWrapped) {
    const Money most = Money::minor(std::numeric_limits<std::int64_t>::max());
    EXPECT_THROW((void)(most + Money::minor(1)), Defect);
    EXPECT_THROW((void)-Money::minor(std::numeric_limits<std::int64_t>::min()), Defect);
}

}  // namespace
}  // namespace watthour
