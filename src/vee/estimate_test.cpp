// SPDX-License-Identifier: Apache-2.0
#include "vee/estimate.hpp"

#include "vee/test_channel.hpp"

#include <gtest/gtest.h>

#include <numeric>

namespace watthour::vee {
namespace {

const DateRange spring{Date::ymd(2026, 4, 10), Date::ymd(2026, 6, 12)};
const Date tuesday = Date::ymd(2026, 6, 9);

std::vector<std::int64_t> values(const Estimation& made) {
    std::vector<std::int64_t> wh;
    for (const auto& one : made.intervals) wh.push_back(one.wh);
    return wh;
}

Estimation estimated(const TestChannel& channel, DateRange days) {
    return estimate(rule_book_limits(), channel.reads(), days);
}

// R1.40, the example of the rule book.
TEST(Estimate, DrawsALineThroughAShortGap) {
    TestChannel channel(15, spring, 500);
    const std::size_t gap = channel.at(tuesday, 10);
    channel.wh[gap - 1] = 1200;
    channel.wh[gap + 4] = 2200;
    channel.lose(gap, 4);
    const Estimation made = estimated(channel, {tuesday, tuesday + 1});
    EXPECT_EQ(values(made), (std::vector<std::int64_t>{1400, 1600, 1800, 2000}));
    EXPECT_EQ(made.intervals[0].method, EstimateMethod::linear);
    EXPECT_EQ(made.not_estimated, 0);
}

TEST(Estimate, DrawsNoLineFromAnOutageOrThroughMoreThanTwoHours) {
    TestChannel channel(15, spring, 500);
    const std::size_t gap = channel.at(tuesday, 10);
    channel.lose(gap, 8);
    EXPECT_EQ(estimated(channel, {tuesday, tuesday + 1}).intervals[0].method,
              EstimateMethod::linear);
    channel.status[gap - 1] = IntervalStatus::outage;
    EXPECT_EQ(estimated(channel, {tuesday, tuesday + 1}).intervals[0].method,
              EstimateMethod::like_days);
    channel.status[gap - 1] = IntervalStatus::actual;
    channel.lose(gap, 9);
    EXPECT_EQ(estimated(channel, {tuesday, tuesday + 1}).intervals[0].method,
              EstimateMethod::like_days);
}

// R1.41, the example of the rule book: 1.8, 2.1, 2.4 -> 2.1. Saturdays and Sundays are no
// reference for a Tuesday, nor is a holiday, nor a day with an estimate or an outage.
TEST(Estimate, AveragesLikeDays) {
    TestChannel channel(60, spring, 9999);
    channel.set_day(tuesday - 1, 1800);  // Monday
    channel.set_day(tuesday - 4, 2100);  // Friday
    channel.set_day(tuesday - 5, 7777);  // Thursday, with an estimate
    channel.status[channel.at(tuesday - 5, 3)] = IntervalStatus::estimated;
    channel.set_day(tuesday - 6, 8888);  // Wednesday, with an outage
    channel.status[channel.at(tuesday - 6, 20)] = IntervalStatus::outage;
    channel.set_day(tuesday - 7, 2400);  // Tuesday
    channel.lose(channel.at(tuesday, 0), 24);
    const Estimation made = estimated(channel, {tuesday, tuesday + 1});
    ASSERT_EQ(made.intervals.size(), 24);
    EXPECT_EQ(made.intervals[5].wh, 2100);
    EXPECT_EQ(made.intervals[5].days_used, 3);
    EXPECT_EQ(made.intervals[5].method, EstimateMethod::like_days);
}

TEST(Estimate, TakesAHolidayForASunday) {
    const Date memorial_day = Date::ymd(2026, 5, 25);  // a Monday
    TestChannel channel(60, spring, 100);
    for (const int back : {1, 8, 15}) channel.set_day(memorial_day - back, 300);
    channel.lose(channel.at(memorial_day, 0), 24);
    EXPECT_EQ(estimated(channel, {memorial_day, memorial_day + 1}).intervals[7].wh, 300);
}

// R1.42, the example of the rule book: the register says 30.0, the estimate sums to 28.0, so
// 2.100 becomes 2.250. Here a day of 10 known hours at 1.0 and 14 hours estimated at 2.0 kWh.
TEST(Estimate, ScalesToTheRegister) {
    TestChannel channel(60, spring, 2000);
    for (int hour = 0; hour < 10; ++hour) channel.wh[channel.at(tuesday, hour)] = 1000;
    channel.lose(channel.at(tuesday, 10), 14);
    for (const int back : {1, 4, 5}) channel.wh[channel.at(tuesday - back, 13)] = 2100;
    for (const int back : {1, 4, 5}) channel.wh[channel.at(tuesday - back, 14)] = 1900;
    channel.marks = {{tuesday, 700'000}, {tuesday + 1, 700'000 + 10'000 + 30'000}};
    ChannelReads reads = channel.reads();
    reads.register_step_wh = 100;
    const Estimation made = estimate(rule_book_limits(), reads, {tuesday, tuesday + 1});
    ASSERT_EQ(made.intervals.size(), 14);
    EXPECT_EQ(made.intervals[3].wh, 2250);
    EXPECT_TRUE(made.intervals[3].scaled);
    const auto wh = values(made);
    EXPECT_EQ(std::accumulate(wh.begin(), wh.end(), std::int64_t{0}), 30'000);
}

TEST(Estimate, LeavesAnEstimateAloneThatTheRegisterConfirms) {
    TestChannel channel(60, spring, 2000);
    channel.lose(channel.at(tuesday, 0), 24);
    channel.marks = {{tuesday, 700'000}, {tuesday + 1, 749'000}};  // 1 kWh more, within 2
    const Estimation made = estimated(channel, {tuesday, tuesday + 1});
    EXPECT_EQ(made.intervals[3].wh, 2000);
    EXPECT_FALSE(made.intervals[3].scaled);
}

// The register's next read comes two days after an estimate was made: 12 of 48 hours were
// estimated at 2.0, the register says 24 kWh less than the sum, so each becomes 0.
TEST(Estimate, BringsAnEarlierEstimateToTheRegister) {
    TestChannel channel(60, spring, 2000);
    for (int hour = 0; hour < 12; ++hour) {
        channel.status[channel.at(tuesday, hour)] = IntervalStatus::estimated;
    }
    channel.marks = {{tuesday, 100'000}, {tuesday + 2, 100'000 + 96'000 - 12'000}};
    const Estimation made = estimated(channel, {tuesday + 1, tuesday + 2});
    ASSERT_EQ(made.intervals.size(), 12);
    EXPECT_EQ(made.intervals[0].wh, 1000);
    EXPECT_EQ(made.intervals[0].method, EstimateMethod::to_register);
}

// R1.43: without a like day the same clock time of the days before counts, and without any
// nothing is made up.
TEST(Estimate, FallsBackToTheProfileAndThenToNothing) {
    TestChannel channel(60, {tuesday - 3, tuesday + 1}, 1000);  // Saturday, Sunday, Monday
    channel.wh[channel.at(tuesday - 3, 8)] = 400;
    channel.wh[channel.at(tuesday - 2, 8)] = 600;
    channel.lose(channel.at(tuesday - 1, 0), 48);
    Estimation made = estimated(channel, {tuesday - 1, tuesday + 1});
    ASSERT_EQ(made.intervals.size(), 48);
    EXPECT_EQ(made.intervals[8].wh, 500);
    EXPECT_EQ(made.intervals[8].method, EstimateMethod::profile);
    EXPECT_EQ(made.intervals[8].days_used, 2);
    channel.lose(0, static_cast<int>(channel.wh.size()));
    made = estimated(channel, {tuesday - 1, tuesday + 1});
    EXPECT_TRUE(made.intervals.empty());
    EXPECT_EQ(made.not_estimated, 48);
}

// R1.43: the period that ended last stands before the days since, and those before what was longer
// ago.
TEST(Estimate, TakesTheLastBillingPeriodWithoutLikeDays) {
    TestChannel channel(60, {tuesday - 40, tuesday + 1}, 900);
    for (Date day = tuesday - 40; day < tuesday; day = day + 1) {
        if (channel.grid.type(day) == DayType::weekday) {
            channel.lose(channel.at(day, 0), 24);
        }
    }
    channel.set_day(tuesday - 17, 300);  // a Saturday of the period
    channel.set_day(tuesday - 16, 500);  // its Sunday
    channel.set_day(tuesday - 15, 400);  // and its holiday
    channel.lose(channel.at(tuesday, 0), 24);
    const Date ends[] = {tuesday - 50, tuesday - 20, tuesday - 12, tuesday + 18};
    ChannelReads reads = channel.reads();
    reads.period_ends = ends;
    const Estimation made = estimate(rule_book_limits(), reads, {tuesday, tuesday + 1});
    ASSERT_EQ(made.intervals.size(), 24);
    EXPECT_EQ(made.intervals[7].method, EstimateMethod::last_period);
    EXPECT_EQ(made.intervals[7].wh, 400);
    EXPECT_EQ(made.intervals[7].days_used, 3);
}

// R1.43: a class whose weekdays use 60 thousandths of an average day at 18:00 and 40 else.
TEST(Estimate, BringsTheProfileOfTheClassToTheUseOfTheCustomer) {
    tariff::ClassProfile profile;
    for (auto& month : profile.per_mille) {
        month[0].fill(40);
        month[0][18] = 60;
    }
    TestChannel channel(15, {tuesday, tuesday + 5}, 125);  // 12 kWh a day
    channel.lose(channel.at(tuesday, 0), 96);
    ChannelReads reads = channel.reads();
    EXPECT_EQ(estimate(rule_book_limits(), reads, {tuesday, tuesday + 1}).not_estimated, 96);
    reads.profile = &profile;
    Estimation made = estimate(rule_book_limits(), reads, {tuesday, tuesday + 1});
    ASSERT_EQ(made.intervals.size(), 96);
    EXPECT_EQ(made.not_estimated, 0);
    EXPECT_EQ(made.intervals[0].method, EstimateMethod::class_profile);
    EXPECT_EQ(made.intervals[0].wh, 120);   // 12,000 x 40/1000 / 4
    EXPECT_EQ(made.intervals[75].wh, 180);  // 18:45: 12,000 x 60/1000 / 4
    // Saturdays of this class are not known.
    const Date saturday = tuesday + 4;
    EXPECT_EQ(channel.grid.type(saturday), DayType::saturday);
    EXPECT_FALSE(profile.wh_of(6, static_cast<int>(DayType::saturday), 0, 15, 12'000));

    // Without a whole day: the same days of last year, then the register.
    channel.lose(0, static_cast<int>(channel.wh.size()));
    reads = channel.reads();
    reads.profile = &profile;
    EXPECT_EQ(estimate(rule_book_limits(), reads, {tuesday, tuesday + 1}).not_estimated, 96);
    channel.marks = {{tuesday, 0}, {tuesday + 4, 24'000}};
    reads.marks = channel.marks;
    made = estimate(rule_book_limits(), reads, {tuesday, tuesday + 1});
    ASSERT_EQ(made.intervals.size(), 96);
    EXPECT_EQ(made.intervals[0].wh, 60);  // 6 kWh a day
    const std::vector<DayUse> last_year(static_cast<std::size_t>(5), {18'000, 500, 0});
    reads.last_year = last_year;
    made = estimate(rule_book_limits(), reads, {tuesday, tuesday + 1});
    EXPECT_EQ(made.intervals[0].wh, 180);  // 18 kWh a day
}

// R1.51: the second 01:00 of the autumn day has the reference of 01:00, and the day has 25 hours.
TEST(Estimate, FillsADayOf25HoursByTheClock) {
    const Date sunday = Date::ymd(2026, 11, 1);
    TestChannel channel(60, {sunday - 40, sunday + 2}, 100);
    for (const int back : {7, 14, 21}) {
        for (int hour = 0; hour < 24; ++hour) {
            channel.wh[channel.at(sunday - back, hour)] = 100 + hour;
        }
    }
    channel.lose(static_cast<std::size_t>(channel.grid.first_step(sunday)), 25);
    const auto wh = values(estimated(channel, {sunday, sunday + 1}));
    ASSERT_EQ(wh.size(), 25);
    EXPECT_EQ(wh[1], 101);
    EXPECT_EQ(wh[2], 101);
    EXPECT_EQ(wh[3], 102);
    EXPECT_EQ(wh[24], 123);
}

// R1.10, the examples of the rule book.
TEST(Estimate, EstimatesARegisterByAverageDailyUse) {
    const auto one = estimate_register(Energy::kilowatt_hours(653), 31, 30, Decimal(1, 0));
    EXPECT_EQ(one.use_a_day.to_string(), "21.06");
    EXPECT_EQ(one.dial_units, 631);
    // 121.33 a day: 3,640 kWh in 30 days is 121.33.
    const auto forty = estimate_register(Energy::kilowatt_hours(3640), 30, 30, Decimal(40, 0));
    EXPECT_EQ(forty.use_a_day.to_string(), "121.33");
    EXPECT_EQ(forty.dial_units, 90);
    EXPECT_EQ(forty.kwh.to_string(), "3600");
}

}  // namespace
}  // namespace watthour::vee
