// SPDX-License-Identifier: Apache-2.0
#include "tariff/tou_calendar.hpp"

#include "tariff/catalogue.hpp"

#include <gtest/gtest.h>

namespace watthour::tariff {
namespace {

const TimeZone zone = *TimeZone::load("America/Los_Angeles");

const TouCalendar& calendar(std::string_view code) { return *valdoro().find_tou_calendar(code); }

std::string period(std::string_view code, Date date, int hour) {
    const TouCalendar& found = calendar(code);
    return found.periods()[static_cast<std::size_t>(found.period_of(date, hour * 3600))];
}

TEST(Tou, WindowsFollowWeekdayHolidayAndSeason) {
    EXPECT_EQ(period("RES-TOU", Date::ymd(2025, 7, 3), 16), "on");   // Thursday
    EXPECT_EQ(period("RES-TOU", Date::ymd(2025, 7, 3), 21), "off");  // until is outside
    EXPECT_EQ(period("RES-TOU", Date::ymd(2025, 7, 4), 17), "off");  // Independence Day
    EXPECT_EQ(period("RES-TOU", Date::ymd(2025, 7, 5), 17), "off");  // Saturday
    EXPECT_EQ(period("EV-TOU", Date::ymd(2025, 7, 4), 17), "on");    // no holidays
    EXPECT_EQ(period("EV-TOU", Date::ymd(2025, 7, 6), 5), "super");
    EXPECT_EQ(period("COM-TOU", Date::ymd(2025, 9, 30), 22), "mid");  // last summer day
    EXPECT_EQ(period("COM-TOU", Date::ymd(2025, 10, 1), 22), "off");
}

TEST(Tou, SpringForwardDayHasTwentyThreeHours) {
    const Date day = Date::ymd(2025, 3, 9);
    const auto runs = tou_runs(calendar("EV-TOU"), zone, {day, day + 1}, 60);
    // 00, 01, 03, 04, 05 super; 06-15 off; 16-20 on; 21-23 off.
    EXPECT_EQ(runs, (std::vector<TouRun>{{0, 5, 2}, {5, 15, 1}, {15, 20, 0}, {20, 23, 1}}));
}

TEST(Tou, FallBackDayHasTwentyFiveHours) {
    const Date day = Date::ymd(2025, 11, 2);
    const auto runs = tou_runs(calendar("EV-TOU"), zone, {day, day + 1}, 15);
    EXPECT_EQ(runs, (std::vector<TouRun>{{0, 28, 2}, {28, 68, 1}, {68, 88, 0}, {88, 100, 1}}));
}

TEST(Tou, CacheHoldsWholeMonths) {
    TouRunCache cache(zone);
    const DateRange days{Date::ymd(2025, 10, 20), Date::ymd(2025, 11, 20)};
    cache.prepare(calendar("COM-TOU"), days, 15);
    const auto* november = cache.find(calendar("COM-TOU"), Date::ymd(2025, 11, 1), 15);
    ASSERT_NE(november, nullptr);
    EXPECT_EQ(november->back().last, (30 * 24 + 1) * 4);
    EXPECT_EQ(cache.find(calendar("COM-TOU"), Date::ymd(2025, 12, 1), 15), nullptr);
    EXPECT_EQ(cache.find(calendar("COM-TOU"), Date::ymd(2025, 11, 1), 60), nullptr);
}

}  // namespace
}  // namespace watthour::tariff
