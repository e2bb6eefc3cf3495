// SPDX-License-Identifier: Apache-2.0
#include "tariff/catalogue.hpp"
#include "usage/register_use.hpp"
#include "usage/tou_use.hpp"

#include <gtest/gtest.h>

#include <array>

namespace watthour::usage {
namespace {

RegisterFace face(int dials, const char* multiplier, int decimals = 0) {
    return {dials, decimals, Multiplier(*Decimal::parse(multiplier)), Decimal(50, 2)};
}

TEST(Read, DifferenceTimesMultiplier) {
    struct Row {
        const char *from, *until, *multiplier;
        int decimals;
        const char* kwh;
        bool rolled;
    };
    const Row rows[] = {
        {"48211", "48864", "1", 0, "653", false},     {"03418", "03509", "40", 0, "3640", false},
        {"99872", "00431", "1", 0, "559", true},      {"00007", "00007", "1", 0, "0", false},
        {"00012.5", "00013.1", "1", 1, "0.6", false}, {"00000", "00037", "480", 0, "17760", false},
        {"50001", "00001", "1", 0, "50000", true},  // exactly half the dial range
    };
    for (const Row& row : rows) {
        const auto use = register_use(row.from, row.until, face(5, row.multiplier, row.decimals));
        ASSERT_TRUE(use) << row.from;
        EXPECT_EQ((*use).energy.to_string(), row.kwh);
        EXPECT_EQ((*use).rolled_over, row.rolled);
    }
}

TEST(Read, BackwardBeyondHalfTheDialRangeIsRefused) {
    const auto use = register_use("50000", "49999", face(5, "1"));
    ASSERT_FALSE(use);
    EXPECT_EQ(use.error().slug(), "usage.read_rolls_backward");
    EXPECT_EQ(register_use("123456", "123457", face(5, "1")).error().slug(),
              "usage.read_beyond_dials");
    EXPECT_EQ(register_use("12a45", "12346", face(5, "1")).error().slug(), "usage.read_malformed");
    EXPECT_EQ(register_use("12345.5", "12346", face(5, "1")).error().slug(), "usage.read_too_fine");
    EXPECT_EQ(register_use("-2345", "12346", face(5, "1")).error().slug(), "usage.read_malformed");
}

TEST(TouUse, MissingIntervalsAreCountedAndShortRowsRefused) {
    const TimeZone zone = *TimeZone::load("America/Los_Angeles");
    const auto& calendar = *tariff::valdoro().find_tou_calendar("EV-TOU");
    const Date day = Date::ymd(2025, 11, 2);
    std::vector<std::int64_t> wh(25, 100);
    wh[3] = missing_wh;
    const auto use = sum_by_period(calendar, zone, {day, day + 1}, 60, wh);
    ASSERT_TRUE(use);
    // 7 super hours (01 twice) less the missing one, 5 on-peak, 13 off-peak.
    EXPECT_EQ((*use).by_period[2].wh(), 600);
    EXPECT_EQ((*use).by_period[0].wh(), 500);
    EXPECT_EQ((*use).by_period[1].wh(), 1300);
    EXPECT_EQ((*use).missing_count, 1);
    wh.pop_back();
    EXPECT_EQ(sum_by_period(calendar, zone, {day, day + 1}, 60, wh).error().slug(),
              "usage.intervals_incomplete");
}

TEST(Demand, HighestIntervalRoundedToTenthOfKilowatt) {
    const std::array<std::int64_t, 4> wh{12'510, missing_wh, 12'512, 3};
    EXPECT_EQ(highest_demand(wh, 15).to_string(), "50");  // 50.048
    const std::array<std::int64_t, 1> tie{12'512 + 1};    // 50.052 -> 50.1
    EXPECT_EQ(highest_demand(tie, 15).to_string(), "50.1");
    EXPECT_EQ(highest_demand({}, 15).w(), 0);
}

}  // namespace
}  // namespace watthour::usage
