// SPDX-License-Identifier: Apache-2.0
#include "tariff/day_split.hpp"

#include <gtest/gtest.h>

#include <array>

namespace watthour::tariff {
namespace {

TEST(DaySplit, RunningTotalsAreRoundedAndPartsAddUp) {
    const Date from = Date::ymd(2025, 5, 20);
    const DateRange period{from, from + 30};
    const std::array two{DateRange{from, from + 12}, DateRange{from + 12, from + 30}};
    const auto wb06 = split_by_days(Energy::kilowatt_hours(487), period, two);
    EXPECT_EQ((*wb06)[0].to_string(), "195");  // 487 x 12/30 = 194.8
    EXPECT_EQ((*wb06)[1].to_string(), "292");
    const auto negative = split_by_days(Energy::kilowatt_hours(-487), period, two);
    EXPECT_EQ((*negative)[0].to_string(), "-195");
    const auto fine = split_by_days(*Energy::parse_kwh("487.4"), period, two);
    EXPECT_EQ((*fine)[1].to_string(), "292");  // 487.4 comes to 487 whole kWh
    const std::array one{period};
    EXPECT_EQ((*split_by_days(*Energy::parse_kwh("487.4"), period, one))[0].to_string(), "487.4");
    const std::array gap{DateRange{from, from + 12}, DateRange{from + 13, from + 30}};
    EXPECT_EQ(split_by_days(Energy(), period, gap).error().slug(), "tariff.split_not_tiled");
}

}  // namespace
}  // namespace watthour::tariff
