// SPDX-License-Identifier: Apache-2.0
#include "tariff/cycle_bridge.hpp"
#include "tariff/readers.hpp"

#include <fmt/format.h>
#include <gtest/gtest.h>

#include <map>

namespace watthour::tariff {
namespace {

CycleCalendar calendar_of(const std::string& rows) {
    return read_cycle_calendar({"cycle-calendar.tsv", rows}).value();
}

std::string first_of(const std::vector<CalendarFinding>& findings) {
    if (findings.empty()) return "none";
    const auto& one = findings.front();
    return fmt::format("{} {} {} {}", one.line, one.cycle, one.field, one.rule);
}

std::string checked(const std::string& rows) {
    return first_of(check_calendar(calendar_of(rows), calendar_rules(tariff::valdoro()), 0));
}

TEST(ReadCalendar, ThePublishedCalendarMeetsItsRules) {
    EXPECT_EQ(first_of(check_calendar(valdoro().cycles, calendar_rules(valdoro()), 0)), "none");
    EXPECT_EQ(first_of(check_calendar(valdoro().cycles, calendar_rules(valdoro()), 2026)), "none");
    EXPECT_EQ(first_of(check_calendar(valdoro().cycles, calendar_rules(valdoro()), 2027)),
              "0 01 read calendar.cycle_missing");
}

TEST(ReadCalendar, EachRuleNamesLineAndField) {
    // Worked by hand: 2026-06-08 is a Monday; 06-19 and 07-03 are office holidays.
    const std::string june = "05\t2026-06-08\t2026-06-09\t2026-06-10\t2026-06-30\t2026-07-01\n";
    EXPECT_EQ(checked(june + "05\t2026-07-06\t2026-07-07\t2026-07-08\t2026-07-28\t2026-07-29\n"),
              "none");  // 28 days
    EXPECT_EQ(checked(june + "05\t2026-07-02\t2026-07-06\t2026-07-07\t2026-07-27\t2026-07-28\n"),
              "2 05 read calendar.gap_short");  // 24 days
    EXPECT_EQ(checked(june + "05\t2026-07-13\t2026-07-14\t2026-07-15\t2026-08-04\t2026-08-05\n"),
              "2 05 read calendar.gap_long");  // 35 days
    EXPECT_EQ(checked("05\t2026-06-06\t2026-06-09\t2026-06-10\t2026-06-30\t2026-07-01\n"),
              "1 05 read calendar.not_business_day");  // a Saturday
    EXPECT_EQ(checked("05\t2026-06-08\t2026-06-19\t2026-06-22\t2026-07-13\t2026-07-14\n"),
              "1 05 calc calendar.not_business_day");  // a holiday
    EXPECT_EQ(checked("05\t2026-06-08\t2026-06-08\t2026-06-10\t2026-06-30\t2026-07-01\n"),
              "1 05 calc calendar.order");
    EXPECT_EQ(checked("05\t2026-06-08\t2026-06-09\t2026-06-10\t2026-06-29\t2026-07-01\n"),
              "1 05 due calendar.due_early");  // 19 days
    EXPECT_EQ(checked(june + june), "2 05 read calendar.read_twice");
}

TEST(ReadCalendar, AProposedYearMeetsEveryRule) {
    const CalendarRules rules = calendar_rules(valdoro());
    const auto rows = propose_year(valdoro().cycles, rules, 2027);
    EXPECT_EQ(rows.size(), 240U);  // 20 cycles, 12 reads
    std::vector<CycleRow> all = valdoro().cycles.rows();
    all.insert(all.end(), rows.begin(), rows.end());
    EXPECT_EQ(first_of(check_calendar(CycleCalendar(all), rules, 2027)), "none");
    std::map<Date, int> a_day;
    for (const CycleRow& row : rows) {
        // Cycle 01 was last read on 2026-12-01; the 33rd day after it is a Sunday behind New Year,
        // so that its next read can only be one of the last business days of December.
        EXPECT_GE(row.read, Date::ymd(2026, 12, 28)) << row.cycle;
        EXPECT_LE(++a_day[row.read], 3);
    }
    // Cycle 20 was last read on 2026-12-29. A twelfth of a year later is 2027-01-28, a Thursday.
    EXPECT_NEAR(rows[19].read - Date::ymd(2027, 1, 28), 0, 2);
    EXPECT_EQ(rows[19].cycle, "20");
}

TEST(ReadCalendar, AYearIsPutIntoTheTextAndStaysThere) {
    const std::string text =
        "# remark\ncycle\tread\tcalc\tmail\tdue\tlate\n"
        "05\t2026-12-07\t2026-12-08\t2026-12-09\t2026-12-29\t2026-12-30\n"
        "05\t2027-01-01\t2027-01-02\t2027-01-03\t2027-01-29\t2027-01-30\n";
    const CycleRow row{"05",
                       Date::ymd(2027, 1, 6),
                       Date::ymd(2027, 1, 7),
                       Date::ymd(2027, 1, 8),
                       Date::ymd(2027, 1, 28),
                       Date::ymd(2027, 1, 29)};
    EXPECT_EQ(calendar_with_year(text, 2027, {row}),
              "# remark\ncycle\tread\tcalc\tmail\tdue\tlate\n"
              "05\t2026-12-07\t2026-12-08\t2026-12-09\t2026-12-29\t2026-12-30\n"
              "05\t2027-01-06\t2027-01-07\t2027-01-08\t2027-01-28\t2027-01-29\n");
}

TEST(CycleBridge, APeriodAcrossAMoveIsCounted) {
    const auto& calendar = valdoro().cycles;
    // Cycle 05 is read 2026-06-08; cycle 07 on 06-10 and 07-10.
    const auto bridge = bridge_of(calendar, "05", "07", Date::ymd(2026, 6, 15));
    ASSERT_TRUE(bridge);
    EXPECT_EQ(bridge->last_read, Date::ymd(2026, 6, 8));
    const auto read_in = [&](const char* cycle, Date from) {
        for (const auto& row : calendar.of_cycle(cycle)) {
            if (from <= row.read) return row.read;
        }
        return Date();
    };
    EXPECT_EQ(bridge->first_read, read_in("07", Date::ymd(2026, 6, 15)));
    EXPECT_EQ(bridge->days(), bridge->first_read - Date::ymd(2026, 6, 8));
}

TEST(CycleBridge, TheWayOverOtherCyclesKeepsEveryPeriodInside) {
    const CalendarRules rules = calendar_rules(valdoro());
    const auto& calendar = valdoro().cycles;
    const Date from = Date::ymd(2026, 3, 1);
    // Ten cycles later is about a fortnight: no single period can hold it.
    EXPECT_FALSE(day_inside(calendar, rules, "03", "13", from));
    const auto way = way_inside(calendar, rules, "03", "13", from);
    ASSERT_GE(way.size(), 2U);
    EXPECT_EQ(way.back().cycle, "13");
    std::string cycle = "03";
    for (const BridgeStep& step : way) {
        const auto bridge = bridge_of(calendar, cycle, step.cycle, step.move_on);
        ASSERT_TRUE(bridge);
        EXPECT_EQ(bridge->first_read, step.read);
        EXPECT_EQ(bridge->days(), step.days);
        EXPECT_GE(step.days, 27);
        EXPECT_LE(step.days, 33);
        cycle = step.cycle;
    }
}

}  // namespace
}  // namespace watthour::tariff
