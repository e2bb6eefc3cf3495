// SPDX-License-Identifier: Apache-2.0
#include "documents/format.hpp"

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

}  // namespace
}  // namespace watthour::documents
