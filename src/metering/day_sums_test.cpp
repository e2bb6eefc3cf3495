// SPDX-License-Identifier: Apache-2.0
#include "metering/day_sums.hpp"

#include <gtest/gtest.h>

#include <random>

namespace watthour::metering {
namespace {

using S = IntervalStatus;
const Date june = Date::ymd(2026, 6, 1);

TEST(DaySums, LeaveOutWhatDoesNotCount) {
    // Two days of three intervals: 1 + 2 (the 50 was taken out), and 7 + 4 with one missing.
    const std::vector<std::int64_t> wh{1, 50, 2, 7, 0, 4};
    const std::vector<S> status{S::actual,    S::failed,  S::actual,
                                S::estimated, S::missing, S::actual};
    const std::vector<std::int32_t> steps{0, 3, 6};
    const auto days = sum_days(wh, status, steps);
    ASSERT_EQ(days.size(), 2U);
    EXPECT_EQ(days[0], (DaySum{3, 2, 1, 0b0000'1001}));
    EXPECT_EQ(days[1], (DaySum{11, 7, 1, 0b0001'0011}));
}

TEST(DaySums, FollowTheClock) {
    const auto zone = TimeZone::load("America/Los_Angeles");
    ASSERT_TRUE(zone);
    // 8 March 2026 has 23 hours, 1 November 25.
    const DateRange march{Date::ymd(2026, 3, 1), Date::ymd(2026, 4, 1)};
    const auto steps = day_steps(*zone, march, 15);
    ASSERT_EQ(steps.size(), 32U);
    EXPECT_EQ(steps[7], 7 * 96);
    EXPECT_EQ(steps[8] - steps[7], 92);
    EXPECT_EQ(steps[31], 31 * 96 - 4);
    const auto november = day_steps(*zone, {Date::ymd(2026, 11, 1), Date::ymd(2026, 11, 2)}, 60);
    EXPECT_EQ(november, (std::vector<std::int32_t>{0, 25}));
    EXPECT_EQ(minutes_of(*zone, march, 31 * 96 - 4), 15);
    EXPECT_EQ(minutes_of(*zone, march, 743), 60);
    EXPECT_EQ(minutes_of(*zone, march, 744), 0);
}

TEST(DaySums, AreKeptOfEveryWidth) {
    std::mt19937_64 random(20260615);
    for (unsigned bits = 0; bits <= 62; ++bits) {
        for (const int count : {0, 1, 28, 31}) {
            MonthSums sums;
            for (int day = 0; day < count; ++day) {
                DaySum sum{0, 0, 0, 0b0000'0001};
                if (day % 7 == 3) sum = {0, 0, 96, 0b0001'0000};
                if (day % 7 == 4) sum = {0, 0, 5, 0b0001'1001};
                if (sum.not_counted < 96) {
                    const auto mask = (std::uint64_t{1} << bits) - 1;
                    sum.wh = static_cast<std::int64_t>(random() & mask) - (day % 2 == 0 ? 0 : 9);
                    sum.highest_wh = static_cast<std::int64_t>(random() & mask);
                }
                sums.days.push_back(sum);
            }
            sums.known = {{96, june + 1}, {192, june - 40}, {5, always_known}, {9, never_known}};
            const std::string bytes = encode_sums(sums, june);
            const auto again = decode_sums(bytes, june);
            ASSERT_TRUE(again) << again.error().message();
            EXPECT_EQ(*again, sums);
        }
    }
}

TEST(DaySums, OfAHomeTakeFewBytes) {
    MonthSums sums;
    std::mt19937_64 random(20260615);
    for (int day = 0; day < 30; ++day) {
        sums.days.push_back({18'000 + static_cast<std::int64_t>(random() % 9'000),
                             1'200 + static_cast<std::int64_t>(random() % 1'500), 0, 1});
    }
    sums.known = {{720, june + 30}};
    EXPECT_LE(encode_sums(sums, june).size(), 115U);
}

TEST(DaySums, AreRefusedWhenDamaged) {
    MonthSums sums{{{5, 5, 0, 1}, {6, 6, 0, 1}}, {{2, june}}};
    const std::string bytes = encode_sums(sums, june);
    for (std::size_t cut = 0; cut < bytes.size(); ++cut) {
        EXPECT_FALSE(decode_sums(std::string_view(bytes).substr(0, cut), june));
    }
    for (std::size_t at = 0; at < bytes.size(); ++at) {
        std::string other = bytes;
        other[at] = static_cast<char>(other[at] ^ 0x10);
        EXPECT_FALSE(decode_sums(other, june)) << at;
    }
}

TEST(KnownSince, IsTheDayOfTheFirstValue) {
    std::vector<KnownRun> known;
    std::vector<S> status{S::actual, S::actual, S::missing, S::missing};
    note_known(known, status, june);
    EXPECT_EQ(known, (std::vector<KnownRun>{{2, june}, {2, never_known}}));
    // A later value for the first, an estimate for the third.
    status = {S::verified, S::actual, S::estimated, S::missing};
    note_known(known, status, june + 3);
    EXPECT_EQ(known, (std::vector<KnownRun>{{2, june}, {1, june + 3}, {1, never_known}}));
    EXPECT_EQ(known_since(known, 4), (std::vector<Date>{june, june, june + 3, never_known}));
}

}  // namespace
}  // namespace watthour::metering
