// SPDX-License-Identifier: Apache-2.0
#include "sample/shapes.hpp"

#include <gtest/gtest.h>

#include <algorithm>
#include <numeric>

namespace watthour::sample {
namespace {

constexpr Date spring_forward = Date::ymd(2026, 3, 8);
constexpr Date fall_back = Date::ymd(2025, 11, 2);

TimeZone pacific() { return TimeZone::load("America/Los_Angeles").value(); }

TEST(Shapes, DecimalsAreScaledAndRoundedHalfUp) {
    EXPECT_EQ(parse_scaled("2.2758", 3), 2276);
    EXPECT_EQ(parse_scaled("0.85116667", 3), 851);
    EXPECT_EQ(parse_scaled("75.159300000000002", 3), 75159);
    EXPECT_EQ(parse_scaled("9.7529096e-08", 3), 0);
    EXPECT_EQ(parse_scaled("5e-04", 3), 1);
    EXPECT_EQ(parse_scaled("12", 3), 12000);
    EXPECT_EQ(parse_scaled("417.5", 0), 418);
}

TEST(Shapes, ClockChangesGiveDaysOf23And25Hours) {
    const auto spring = wall_hours(pacific(), spring_forward);
    EXPECT_EQ(spring.size(), 23u);
    EXPECT_EQ(std::count(spring.begin(), spring.end(), 2), 0);
    const auto fall = wall_hours(pacific(), fall_back);
    EXPECT_EQ(fall.size(), 25u);
    EXPECT_EQ(std::count(fall.begin(), fall.end(), 1), 2);
}

TEST(Shapes, FourQuartersHoldTheHourToTheWattHour) {
    Shape store{Series::store, 14, 731, 0};
    std::vector<std::int64_t> hours;
    std::vector<std::int64_t> quarters;
    for (Date day = Date::ymd(2025, 5, 1); day < Date::ymd(2026, 6, 15); day = day + 1) {
        const auto clock = wall_hours(pacific(), day);
        day_of_intervals(store, day, clock, 60, hours);
        day_of_intervals(store, day, clock, 15, quarters);
        ASSERT_EQ(quarters.size(), 4 * hours.size());
        for (std::size_t h = 0; h < hours.size(); ++h) {
            const auto first = quarters.begin() + static_cast<std::ptrdiff_t>(4 * h);
            ASSERT_EQ(std::accumulate(first, first + 4, std::int64_t{0}), hours[h]);
            ASSERT_GE(*std::min_element(first, first + 4), 0);
        }
        ASSERT_EQ(std::accumulate(hours.begin(), hours.end(), std::int64_t{0}),
                  day_wh(store, day, clock));
    }
}

TEST(Shapes, StoresRestOnSundays) {
    Shape store{Series::store, 0, 1000, 0};
    const auto clock = wall_hours(pacific(), Date::ymd(2026, 5, 17));
    EXPECT_LT(day_wh(store, Date::ymd(2026, 5, 17), clock) * 2,
              day_wh(store, Date::ymd(2026, 5, 19), clock));
}

TEST(Shapes, SolarTakesFromTheDayAndNeverGoesBelowZero) {
    Shape plain{Series::home_1, 0, 1000, 0};
    Shape solar{Series::home_1, 0, 1000, 5};
    const auto clock = wall_hours(pacific(), Date::ymd(2026, 5, 17));
    std::vector<std::int64_t> with;
    std::vector<std::int64_t> without;
    day_of_intervals(plain, Date::ymd(2026, 5, 17), clock, 60, without);
    day_of_intervals(solar, Date::ymd(2026, 5, 17), clock, 60, with);
    EXPECT_EQ(with[1], without[1]);
    EXPECT_EQ(with[12], 0);
    EXPECT_LT(day_wh(solar, Date::ymd(2026, 5, 17), clock),
              day_wh(plain, Date::ymd(2026, 5, 17), clock));
}

}  // namespace
}  // namespace watthour::sample
