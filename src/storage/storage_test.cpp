// SPDX-License-Identifier: Apache-2.0
#include "storage/database.hpp"
#include "storage/dialect.hpp"
#include "storage/errors.hpp"
#include "storage/invariants.hpp"
#include "storage/meter_rows.hpp"
#include "storage/money_rows.hpp"
#include "storage/work_rows.hpp"

#include <gtest/gtest.h>

#include <filesystem>
#include <set>

namespace watthour::storage {
namespace {

class Storage : public testing::Test {
protected:
    Storage() {
        path_ = testing::TempDir() + "/watthour-storage-" +
                testing::UnitTest::GetInstance()->current_test_info()->name() + ".db";
        for (const char* suffix : {"", "-wal", "-shm"}) std::filesystem::remove(path_ + suffix);
        open();
    }
    void open() {
        database_.reset();
        database_ = *Database::open("sqlite:" + path_, OpenMode::create_or_open);
    }
    std::string path_;
    std::unique_ptr<Database> database_;
};

ledger::JournalEntry entry(const std::string& key, const char* amount) {
    ledger::JournalEntry e;
    e.account = 10000000017;
    e.source_kind = "payment";
    e.source_key = key;
    e.id = ledger::entry_id(e.source_kind, e.source_key);
    e.business_date = Date::ymd(2026, 6, 15);
    ledger::add_posting(e, "1015", "1310", *Money::parse(amount));
    return e;
}

TEST_F(Storage, PostedRowsRefuseToBeChanged) {
    JournalRows(*database_).post({entry("a", "50.00")});
    EXPECT_THROW(database_->execute("UPDATE postings SET amount_minor = 1"), EnvironmentError);
    EXPECT_THROW(database_->execute("DELETE FROM postings"), EnvironmentError);
    EXPECT_THROW(database_->execute("DELETE FROM journal_entries"), EnvironmentError);
    const auto balances = JournalRows(*database_).trial_balance(Date::ymd(2026, 6, 15));
    ASSERT_EQ(balances.size(), 2U);
    EXPECT_EQ(balances[0].debit, *Money::parse("50.00"));
    EXPECT_TRUE(JournalRows(*database_).trial_balance(Date::ymd(2026, 6, 14)).empty());
}

TEST_F(Storage, OneSourceIsPostedOnce) {
    JournalRows(*database_).post({entry("a", "50.00")});
    EXPECT_THROW(JournalRows(*database_).post({entry("a", "50.00")}), EnvironmentError);
}

TEST_F(Storage, AnUncommittedTransactionLeavesNothing) {
    {
        const Transaction transaction(*database_);
        JournalRows(*database_).post({entry("a", "50.00")});
    }
    EXPECT_TRUE(JournalRows(*database_).trial_balance(end_of_time).empty());
}

TEST_F(Storage, TheStrongestReadCountsAndDifferentValuesAreKept) {
    MeterRows meters(*database_);
    const Date day = Date::ymd(2026, 6, 8);
    const auto read = [&](const char* type, const char* value) {
        return metering::Read{{7}, day, type, value, {1}, 1};
    };
    const auto first = meters.add_reads({read("estimated", "500"), read("actual_ami", "510")});
    EXPECT_EQ(first.added, 2);
    const auto second = meters.add_reads({read("actual_ami", "510"), read("actual_ami", "512")});
    EXPECT_EQ(second.same, 1);
    EXPECT_EQ(second.different, 1);
    auto chosen = meters.reads({{7}}, {day, day + 1});
    ASSERT_EQ(chosen.size(), 1U);
    EXPECT_EQ(chosen[0].reading, "512");  // the later of two equal in rank
    (void)meters.add_reads({read("verified", "509")});
    EXPECT_EQ(meters.reads({{7}}, {day, day + 1})[0].reading, "509");
}

TEST_F(Storage, AnOlderProgramRefusesANewerDatabaseAndAChangedMigration) {
    database_->execute("INSERT INTO schema_migrations VALUES (99, 'later.sql', 'x')");
    database_.reset();
    const auto newer = Database::open("sqlite:" + path_, OpenMode::existing);
    ASSERT_FALSE(newer);
    EXPECT_TRUE(newer.error().is(errors::newer_schema));
    EXPECT_FALSE(Database::open("sqlite:" + path_ + ".none", OpenMode::existing));
    EXPECT_FALSE(Database::open("mysql://x", OpenMode::existing));
}

TEST_F(Storage, AWorkItemIsOpenedOnceAndKeepsItsResolution) {
    WorkRows work(*database_);
    worklist::WorkItem item;
    item.account = 10000000017;
    item.kind = "billing_hold";
    item.cause = "billing.usage_high";
    item.subject = "s";
    item.id = worklist::work_item_id(item.kind, item.account, item.subject);
    item.opened_on = Date::ymd(2026, 6, 9);
    EXPECT_EQ(work.open({item}), 1);
    EXPECT_EQ(work.open({item}), 0);
    item.resolution = "accepted";
    item.resolved_why = "heat wave";
    item.resolved_on = item.opened_on;
    work.resolve(item);
    EXPECT_EQ(work.accepted().size(), 1U);
    EXPECT_EQ(work.find(item.id)->resolved_why, "heat wave");
    EXPECT_TRUE(work.list("open").empty());
}

/// Design, section 3: rows of accounts lead their key with account_id, measurements with
/// channel_id; the others are keyed by an id or a registry value of their own.
TEST_F(Storage, KeysLeadWithTheColumnTheyWillBeSpreadBy) {
    const std::set<std::string> own_key = {"utility",
                                           "people",
                                           "premises",
                                           "service_points",
                                           "meters",
                                           "meter_serials",
                                           "channels",
                                           "files",
                                           "file_rejects",
                                           "bill_numbers",
                                           "cycle_runs",
                                           "payment_references",
                                           "draft_entries",
                                           "schema_migrations",
                                           "meter_installations"};
    Statement tables = database_->prepare(
        "SELECT name FROM sqlite_master WHERE type = 'table' AND name NOT LIKE 'sqlite%'");
    int checked = 0;
    while (tables.step()) {
        const std::string table = tables.text(0);
        Statement key = database_->prepare("SELECT name FROM pragma_table_info($1) WHERE pk = 1");
        key.bind(1, table);
        ASSERT_TRUE(key.step()) << table << " has no primary key";
        ++checked;
        if (own_key.contains(table)) continue;
        const std::string lead = key.text(0);
        EXPECT_TRUE(lead == "account_id" || lead == "channel_id")
            << table << " leads with " << lead;
    }
    EXPECT_GT(checked, 25);
}

TEST_F(Storage, EveryInvariantIsPreparedAndHoldsOnAnEmptyDatabase) {
    for (const Invariant& invariant : sql_invariants()) {
        EXPECT_TRUE(run_invariant(*database_, invariant.name, 5).empty()) << invariant.name;
    }
}

TEST(Dialect, ReplacesTypesAndSetsInOnePlace) {
    EXPECT_EQ(to_sqlite("a BIGINT, b BYTEA) ${STRICT}"), "a INTEGER, b BLOB) STRICT");
    EXPECT_TRUE(is_posted_table("charge_lines"));
    EXPECT_FALSE(is_posted_table("work_items"));
}

}  // namespace
}  // namespace watthour::storage
