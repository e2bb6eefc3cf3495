// SPDX-License-Identifier: Apache-2.0
#include "app/office.hpp"

#include "ledger/journal_entry.hpp"

#include <gtest/gtest.h>

namespace watthour::app {
namespace {

/// The ledger knows no tariff, so its own accounts are named twice; here they must agree.
TEST(Books, AccountsOfTheProgramAreThoseOfTheChart) {
    const tariff::GlMap& chart = tariff::valdoro().gl;
    EXPECT_EQ(chart.role("receivable"), ledger::gl::receivable);
    for (const char* account : {ledger::gl::cash_clearing, ledger::gl::receivable,
                                ledger::gl::suspense, ledger::gl::fees}) {
        EXPECT_TRUE(chart.has_account(account)) << account;
    }
    EXPECT_EQ(tariff::valdoro().fees.ledger_account, ledger::gl::fees);
}

TEST(FiscalYear, BeginsInJuly) {
    const tariff::Utility& utility = tariff::valdoro().utility;
    EXPECT_EQ(utility.fiscal_year_of(Date::ymd(2026, 6, 30)), Date::ymd(2025, 7, 1));
    EXPECT_EQ(utility.fiscal_year_of(Date::ymd(2026, 7, 1)), Date::ymd(2026, 7, 1));
}

TEST(OutFolder, IsNamedAfterTheDatabaseAndStandsBesideIt) {
    EXPECT_EQ(default_out_folder("data/city.db"), "data/city-files");
    EXPECT_EQ(default_out_folder("watthour.db"), "watthour-files");
}

}  // namespace
}  // namespace watthour::app
