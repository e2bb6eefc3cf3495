// SPDX-License-Identifier: Apache-2.0
#include "documents/format.hpp"

#include "base/check.hpp"
#include "documents/scan_line.hpp"

#include <gtest/gtest.h>

namespace watthour::documents {
namespace {

constexpr auto en = Language::english;
constexpr auto es = Language::spanish;

TEST(Format, writes_money_as_both_languages_do) {
    EXPECT_EQ(format_money(Money::minor(123450)), "$1,234.50");
    EXPECT_EQ(format_money(Money::minor(-500)), "-$5.00");
    EXPECT_EQ(format_money(Money()), "$0.00");
    EXPECT_EQ(format_money(Money::minor(100000000)), "$1,000,000.00");
}

TEST(Format, writes_energy_and_use_per_day) {
    EXPECT_EQ(format_kwh(Energy::watt_hours(1'234'500)), "1,234.5");
    EXPECT_EQ(format_kwh(Energy::watt_hours(-1'234'000)), "-1,234");
    EXPECT_EQ(format_kwh_per_day(Energy::kilowatt_hours(653), 30), "21.8");
    EXPECT_EQ(format_kwh_per_day(Energy::kilowatt_hours(653), 0), "0.0");
}

TEST(Format, writes_dates_in_each_language) {
    const Date date = Date::ymd(2026, 6, 5);
    EXPECT_EQ(format_date_long(date, en), "June 5, 2026");
    EXPECT_EQ(format_date_long(date, es), "5 de junio de 2026");
    EXPECT_EQ(format_date_short(date, en), "06/05/2026");
    EXPECT_EQ(format_date_short(date, es), "05/06/2026");
    EXPECT_EQ(format_day_month(date, es), "5 jun");
}

TEST(Format, prints_the_last_day_of_a_period_as_included) {
    const DateRange period{Date::ymd(2025, 12, 10), Date::ymd(2026, 1, 9)};
    EXPECT_EQ(format_period(period, en), "December 10, 2025 – January 8, 2026");
    EXPECT_EQ(format_period(period, es), "10 de diciembre de 2025 – 8 de enero de 2026");
    EXPECT_EQ(format_period({Date::ymd(2026, 5, 10), Date::ymd(2026, 6, 9)}, en),
              "May 10 – June 8, 2026");
    EXPECT_EQ(format_period_short(period, en), "Dec 10 – Jan 8");
}

TEST(Format, writes_quantity_times_price) {
    EXPECT_EQ(format_quantity_price("61240.8", "kWh", "0.14210", en), "61,240.8 kWh × $0.14210");
    EXPECT_EQ(format_quantity_price("1", "month", "18.50", en), "1 month × $18.50");
    EXPECT_EQ(format_quantity_price("0.5", "month", "18.50", es), "0.5 meses × $18.50");
    EXPECT_EQ(format_quantity_price("653", "kWh", "-0.00320", es), "653 kWh × -$0.00320");
    EXPECT_EQ(format_quantity_price("", "", "2.85%", en), "2.85%");
    EXPECT_EQ(format_quantity_price("3", "kVARh", "", en), "3 kVARh");
    EXPECT_EQ(format_quantity_price("", "", "", en), "");
}

TEST(ScanLine, matches_the_published_example) {
    // data/checkdigits/vectors.tsv, "scan line".
    EXPECT_EQ(make_scan_line({"00345678901", Date::ymd(1996, 11, 2), "0000", Money::minor(1000000),
                              Money::minor(1000000)})
                  .size(),
              42u);
    EXPECT_EQ(scan_line_check_digit("00345678901110296000000000010000000001000"), '8');
    EXPECT_EQ(scan_line_check_digit("00345678901110196000000000010000000001000"), '0');
    EXPECT_EQ(make_scan_line({"345678901", Date::ymd(1996, 11, 2), "0000", Money::minor(1000),
                              Money::minor(1000)}),
              "003456789011102960000000000100000000010008");
}

TEST(ScanLine, writes_a_credit_as_zero_and_refuses_what_does_not_fit) {
    const Date due = Date::ymd(2026, 7, 3);
    EXPECT_EQ(make_scan_line({"10000000017", due, "0000", Money::minor(-5), Money()}).substr(0, 41),
              "10000000017070326"
              "0000"
              "0000000000"
              "0000000000");
    EXPECT_THROW((void)make_scan_line({"123456789012", due, "0000", Money(), Money()}), Defect);
    EXPECT_THROW((void)make_scan_line({"1", due, "0000", Money::minor(10'000'000'000), Money()}),
                 Defect);
}

}  // namespace
}  // namespace watthour::documents
