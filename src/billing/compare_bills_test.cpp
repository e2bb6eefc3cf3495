// SPDX-License-Identifier: Apache-2.0
#include "billing/compare_bills.hpp"

#include <gtest/gtest.h>

#include <map>
#include <random>

namespace watthour::billing {
namespace {

rating::ChargeLine line(const std::string& code, const char* amount, const char* quantity = "",
                        const char* unit = "", const char* rate = "", const char* base = "") {
    rating::ChargeLine line;
    line.code = code;
    line.amount = *Money::parse(amount);
    if (*quantity != '\0') line.quantity = *Decimal::parse(quantity);
    line.unit = unit;
    if (*rate != '\0') line.rate = *Decimal::parse(rate);
    if (*base != '\0') {
        line.base = *Money::parse(base);
        line.rate_is_percent = true;
    }
    return line;
}

Bill bill(const std::string& number, int days, std::int64_t kwh,
          std::vector<rating::ChargeLine> lines) {
    Bill bill;
    bill.number = number;
    bill.period = {Date::ymd(2026, 1, 1), Date::ymd(2026, 1, 1) + days};
    BillSegment segment;
    segment.delivered = Energy::kilowatt_hours(kwh);
    for (const auto& one : lines) segment.current_charges += one.amount;
    bill.current_charges = segment.current_charges;
    segment.lines = std::move(lines);
    bill.segments.push_back(std::move(segment));
    return bill;
}

std::map<std::string, std::string> reasons(const BillComparison& comparison) {
    std::map<std::string, std::string> found;
    for (const Reason& reason : comparison.reasons) {
        found[std::string(reason_name(reason.kind))] = reason.amount.to_string();
    }
    return found;
}

using Found = std::map<std::string, std::string>;

// By hand: price 68.20 - 50.00 x 620/500 = 6.20; days 50.00 x 1/30 = 1.66667; use
// 50.00 x 120/500 - 1.66667 = 10.33333; the tax of 5% makes each of them a twentieth more:
// 6.51 + 10.85 + 1.75 = 19.11.
TEST(CompareBills, TakesPriceUseAndDaysApart) {
    const Bill first = bill("A", 30, 500,
                            {line("ENERGY", "50.00", "500", "kWh", "0.10"),
                             line("CUSTOMER", "10.00", "1", "month", "10.00"),
                             line("TAX", "3.00", "", "", "5", "60.00")});
    const Bill second = bill("B", 31, 620,
                             {line("ENERGY", "68.20", "620", "kWh", "0.11"),
                              line("CUSTOMER", "10.00", "1", "month", "10.00"),
                              line("TAX", "3.91", "", "", "5", "78.20")});
    const auto comparison = compare_bills(first, second);
    EXPECT_EQ(comparison.difference.to_string(), "19.11");
    EXPECT_EQ(reasons(comparison), (Found{{"price", "6.51"}, {"use", "10.85"}, {"days", "1.75"}}));
    EXPECT_EQ(comparison.reasons.front().kind, ReasonKind::use);
    EXPECT_EQ(reason_in_words(comparison, comparison.reasons.front(), Language::english),
              "More electricity was used a day (16.7 kWh then, 20.0 kWh now): $10.85 more.");
    EXPECT_EQ(reason_in_words(comparison, comparison.reasons.front(), Language::spanish),
              "Se usó más electricidad por día (16.7 kWh antes, 20.0 kWh ahora): $10.85 más.");
}

// By hand: 600 kWh, all at 0.10, become 500 at 0.10 and 100 at 0.20 in a lower limit of the first
// step: nothing but the step changed, 10.00.
TEST(CompareBills, CallsAHigherStepMix) {
    const Bill first = bill("A", 30, 600, {line("T1", "60.00", "600", "kWh", "0.10")});
    const Bill second = bill(
        "B", 30, 600,
        {line("T1", "50.00", "500", "kWh", "0.10"), line("T2", "20.00", "100", "kWh", "0.20")});
    EXPECT_EQ(reasons(compare_bills(first, second)), (Found{{"mix", "10.00"}}));
}

TEST(CompareBills, CallsWhatOnlyOneBillHasACorrection) {
    const Bill first = bill("A", 30, 0, {line("FEE", "25.00", "1", "each", "25.00")});
    const Bill second = bill("B", 30, 0, {line("CREDIT", "-5.00")});
    EXPECT_EQ(reasons(compare_bills(first, second)), (Found{{"corrections", "-30.00"}}));
}

// By hand: 1 month of 10.00 becomes 1/2 month of 12.00: price 6.00 x (12 - 10)/12 = 1.00, days
// 6.00 - 10.00 - 1.00 = -5.00.
TEST(CompareBills, TellsALowerShareOfAMonthFromItsPrice) {
    const Bill first = bill("A", 30, 0, {line("CUSTOMER", "10.00", "1", "month", "10.00")});
    const Bill second = bill("B", 15, 0, {line("CUSTOMER", "6.00", "0.5", "month", "12.00")});
    EXPECT_EQ(reasons(compare_bills(first, second)), (Found{{"price", "1.00"}, {"days", "-5.00"}}));
}

TEST(CompareBills, AddsUpToTheCentWhateverTheBillsAre) {
    std::mt19937 random(7);
    const auto any = [&](int most) {
        return static_cast<int>(random() % static_cast<unsigned>(most));
    };
    for (int i = 0; i < 10'000; ++i) {
        const auto one = [&](const char* number) {
            std::vector<rating::ChargeLine> lines;
            for (const char* code : {"T1", "T2", "ON", "KW", "CUSTOMER", "TAX", "FEE"}) {
                if (any(3) == 0) continue;
                auto made = line(code, "0.00");
                made.amount = Money::minor(any(60'000) - 5'000);
                if (std::string(code) == "TAX") {
                    made.base = Money::minor(any(50'000));
                    made.rate = Decimal(any(9'000), 3);
                    made.rate_is_percent = true;
                } else if (std::string(code) != "FEE") {
                    made.quantity = Decimal(any(900'000), 3);
                    made.rate = Decimal(any(90'000), 5);
                    made.unit = std::string(code) == "KW"         ? "kW"
                                : std::string(code) == "CUSTOMER" ? "month"
                                                                  : "kWh";
                }
                lines.push_back(std::move(made));
            }
            return bill(number, 20 + any(25), any(2'000), std::move(lines));
        };
        const auto comparison = compare_bills(one("A"), one("B"));
        Money sum;
        for (const Reason& reason : comparison.reasons) sum += reason.amount;
        ASSERT_EQ(sum, comparison.difference) << i;
        ASSERT_LE(comparison.reasons.size(), 5U);
    }
}

TEST(CompareBills, HasNoReasonWhereNothingDiffers) {
    const Bill one = bill("A", 30, 500, {line("ENERGY", "50.00", "500", "kWh", "0.10")});
    EXPECT_TRUE(compare_bills(one, one).reasons.empty());
}

}  // namespace
}  // namespace watthour::billing
