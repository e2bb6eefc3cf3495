// SPDX-License-Identifier: Apache-2.0
#include "receivables/open_item.hpp"

#include <gtest/gtest.h>

namespace watthour::receivables {
namespace {

Money money(const char* text) { return *Money::parse(text); }

OpenItem item(std::int64_t id, const char* bill, ItemClass item_class, Date billed,
              const char* amount) {
    OpenItem open;
    open.account = {10000000017};
    open.item_id = id;
    open.source_key = bill;
    open.item_class = item_class;
    open.billed_on = billed;
    open.amount = money(amount);
    return open;
}

TEST(Allocation, ClearsTheOldestBillFirstAndInsideItByClass) {
    // The example of R5.03: May 80.00 electric, 6.00 UUT, 2.20 PBC, 5.00 late charge; June
    // 95.00, 7.10, 2.70. 120.00 clears May and pays June UUT 7.10, PBC 2.70, electric 17.00.
    const Date may = Date::ymd(2026, 5, 4);
    const Date june = Date::ymd(2026, 6, 3);
    std::vector<OpenItem> items = {
        item(7, "June", ItemClass::electric, june, "95.00"),
        item(5, "June", ItemClass::tax, june, "7.10"),
        item(6, "June", ItemClass::public_benefits, june, "2.70"),
        item(4, "May", ItemClass::fee, may, "5.00"),
        item(3, "May", ItemClass::electric, may, "80.00"),
        item(2, "May", ItemClass::public_benefits, may, "2.20"),
        item(1, "May", ItemClass::tax, may, "6.00"),
    };
    const auto given = allocate({10000000017}, 99, money("120.00"), items);
    ASSERT_EQ(given.size(), 7U);
    const char* expected[] = {"6.00", "2.20", "80.00", "5.00", "7.10", "2.70", "17.00"};
    for (std::size_t i = 0; i < given.size(); ++i) {
        EXPECT_EQ(given[i].item_id, static_cast<std::int64_t>(i) + 1);
        EXPECT_EQ(given[i].amount, money(expected[i]));
    }
    EXPECT_EQ(items.back().open(), money("78.00"));
}

TEST(Allocation, LeavesAnOverpaymentUnapplied) {
    std::vector<OpenItem> items = {item(1, "May", ItemClass::tax, Date::ymd(2026, 5, 4), "6.00")};
    const auto given = allocate({10000000017}, 99, money("10.00"), items);
    ASSERT_EQ(given.size(), 1U);
    EXPECT_EQ(given[0].amount, money("6.00"));
    EXPECT_TRUE(allocate({10000000017}, 99, money("10.00"), items).empty());
}

}  // namespace
}  // namespace watthour::receivables
