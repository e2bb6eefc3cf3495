// SPDX-License-Identifier: Apache-2.0
#include "calendar/date.hpp"
#include "calendar/holidays.hpp"
#include "calendar/time_zone.hpp"

#include <gtest/gtest.h>

namespace watthour {
namespace {

Date date(const char* text) { return *Date::parse(text); }

TEST(Date, ReadsOnlyRealDates) {
    EXPECT_EQ(date("2026-06-15").to_string(), "2026-06-15");
    EXPECT_EQ(date("2026-06-15").weekday(), Weekday::monday);
    EXPECT_EQ(date("1969-12-31").weekday(), Weekday::wednesday);
    for (const char* bad :
         {"2026-02-29", "2026-13-01", "2026-6-15", "26-06-2015", "2026/06/15", ""}) {
        EXPECT_FALSE(Date::parse(bad)) << bad;
    }
    EXPECT_TRUE(Date::parse("2028-02-29"));
    EXPECT_EQ(date("2026-12-15").first_of_next_month(), date("2027-01-01"));
    EXPECT_EQ(date("2025-07-15") - date("2025-06-13"), 32);
}

TEST(TimeZone, DaysOfLosAngelesHave92And96And100Quarters) {
    const TimeZone zone = *TimeZone::load("America/Los_Angeles");
    EXPECT_EQ(IntervalGrid(zone, {date("2026-03-08"), date("2026-03-09")}, 15).count(), 92);
    EXPECT_EQ(IntervalGrid(zone, {date("2026-07-01"), date("2026-07-02")}, 15).count(), 96);
    EXPECT_EQ(IntervalGrid(zone, {date("2026-11-01"), date("2026-11-02")}, 15).count(), 100);
    EXPECT_EQ(zone.seconds_in(date("2026-11-01")), 90000);
    // 2026-11-01 01:30 happens twice: 08:30 and 09:30 UTC.
    EXPECT_EQ(zone.wall_second_of(*parse_iso_instant("2026-11-01T08:30:00Z")), 5400);
    EXPECT_EQ(zone.wall_second_of(*parse_iso_instant("2026-11-01T09:30:00Z")), 5400);
    EXPECT_EQ(zone.date_of(*parse_iso_instant("2026-11-02T07:59:59Z")), date("2026-11-01"));
    EXPECT_EQ(zone.date_of(*parse_iso_instant("2026-11-02T08:00:00Z")), date("2026-11-02"));
    // Daylight time goes on after the zone file's table ends.
    EXPECT_EQ(zone.offset_at(*parse_iso_instant("2050-07-01T12:00:00Z")), -7 * 3600);
    EXPECT_FALSE(TimeZone::load("America/Valdoro"));
}

TEST(IntervalGrid, FindsTheStepOfAnInstant) {
    const TimeZone zone = *TimeZone::load("America/Los_Angeles");
    const IntervalGrid grid(zone, {date("2025-03-01"), date("2025-04-01")}, 60);
    EXPECT_EQ(grid.count(), 31 * 24 - 1);
    EXPECT_EQ(grid.step_of(zone.start_of(date("2025-03-01"))), 0);
    EXPECT_EQ(grid.step_of(zone.start_of(date("2025-04-01"))), -1);
    EXPECT_FALSE(grid.on_grid(zone.start_of(date("2025-03-01")) + 60));
}

TEST(Instant, IsoTextGoesBothWays) {
    EXPECT_EQ(to_iso_utc(*parse_iso_instant("2025-03-14T18:00:00-07:00")), "2025-03-15T01:00:00Z");
    EXPECT_EQ(to_iso_utc(*parse_iso_instant("2025-03-14T18:00-07:00")), "2025-03-15T01:00:00Z");
    EXPECT_EQ(to_iso_utc(*parse_iso_instant("2025-03-14T18:00Z")), "2025-03-14T18:00:00Z");
    EXPECT_FALSE(parse_iso_instant("2025-03-14T18:00"));
    EXPECT_FALSE(parse_iso_instant("2025-03-14 18:00:00"));
    EXPECT_FALSE(parse_iso_instant("2025-03-14T25:00:00Z"));
}

TEST(Holidays, BusinessDaysSkipWeekendsAndHolidays) {
    const Holidays closed({date("2025-07-04")});
    EXPECT_EQ(add_business_days(date("2025-07-03"), 1, closed), date("2025-07-07"));
    EXPECT_EQ(add_business_days(date("2025-07-05"), 0, closed), date("2025-07-07"));
}

}  // namespace
}  // namespace watthour
