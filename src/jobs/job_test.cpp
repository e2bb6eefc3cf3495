// SPDX-License-Identifier: Apache-2.0
#include "jobs/job.hpp"

#include <gtest/gtest.h>

namespace watthour::jobs {
namespace {

TEST(Progress, EstimatesFromThePaceSoFar) {
    Progress progress;
    progress.waiting = 6;
    progress.claimed = 2;
    EXPECT_FALSE(progress.seconds_left(100));
    progress.done = 4;
    progress.first_start = 60;
    // Four units in 40 seconds: eight more take 80.
    EXPECT_EQ(progress.seconds_left(100), 80);
}

TEST(Schedule, IsDueFromItsMinuteOnOnItsDays) {
    Schedule nightly{"nightly", "nightly", "{}", 21 * 60 + 30, Days::business_days};
    const Date friday = Date::ymd(2026, 6, 12);
    const Holidays closed({friday + 3});
    EXPECT_FALSE(is_due(nightly, friday, 21 * 60 + 29, closed));
    EXPECT_TRUE(is_due(nightly, friday, 21 * 60 + 30, closed));
    EXPECT_TRUE(is_due(nightly, friday, 23 * 60, closed));
    EXPECT_FALSE(is_due(nightly, friday + 1, 23 * 60, closed)) << "a Saturday";
    EXPECT_FALSE(is_due(nightly, friday + 3, 23 * 60, closed)) << "a holiday";
    nightly.days = Days::every_day;
    EXPECT_TRUE(is_due(nightly, friday + 1, 23 * 60, closed));
}

TEST(TimeOfDay, IsReadAndWritten) {
    EXPECT_EQ(*parse_time_of_day("21:30"), 21 * 60 + 30);
    EXPECT_EQ(time_of_day(9 * 60 + 5), "09:05");
    for (const char* text : {"", "9:05", "24:00", "12:60", "ab:cd", "12:3 ", "-1:00"}) {
        EXPECT_FALSE(parse_time_of_day(text)) << text;
    }
}

TEST(Rest, GrowsWithTheAttempts) { EXPECT_LT(rest_after(1), rest_after(2)); }

}  // namespace
}  // namespace watthour::jobs
