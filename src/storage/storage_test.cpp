// SPDX-License-Identifier: Apache-2.0
#include "storage/database.hpp"
#include "storage/dialect.hpp"
#include "storage/effects.hpp"
#include "storage/errors.hpp"
#include "storage/invariants.hpp"
#include "storage/meter_rows.hpp"
#include "storage/money_rows.hpp"
#include "storage/placement.hpp"
#include "storage/postgres/connection.hpp"
#include "storage/sqlite/connection.hpp"
#include "storage/test_database.hpp"
#include "storage/work_rows.hpp"

#include <fmt/format.h>
#include <gtest/gtest.h>

#include <fstream>
#include <set>

namespace watthour::storage {
namespace {

class Storage : public testing::TestWithParam<TestEngine> {
protected:
    Storage() : url_(fresh_database(GetParam())) {}
    void SetUp() override {
        if (url_.empty()) GTEST_SKIP() << "no PostgreSQL server; see tests/postgres.sh";
        open();
    }
    void open() {
        database_.reset();
        database_ = *Database::open(url_, OpenMode::create_or_open);
    }
    /// Changes a database that the program itself refuses to open.
    void open_anyhow(const std::string& change) {
        auto connection =
            GetParam() == TestEngine::sqlite ? sqlite::open(url_.substr(7)) : *postgres::open(url_);
        connection->execute(change);
    }
    std::string url_;
    std::unique_ptr<Database> database_;
};

INSTANTIATE_TEST_SUITE_P(On, Storage, testing::Values(TestEngine::sqlite, TestEngine::postgresql),
                         [](const auto& tested) {
                             return tested.param == TestEngine::sqlite ? "Sqlite" : "Postgresql";
                         });

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

TEST_P(Storage, PostedRowsRefuseToBeChanged) {
    recorded(*database_, [&] { JournalRows(*database_).post({entry("a", "50.00")}); });
    EXPECT_THROW(database_->execute("UPDATE postings SET amount_minor = 1"), EnvironmentError);
    EXPECT_THROW(database_->execute("DELETE FROM postings"), EnvironmentError);
    EXPECT_THROW(database_->execute("DELETE FROM journal_entries"), EnvironmentError);
    const auto balances =
        JournalRows(*database_).trial_balance(Date::ymd(2026, 6, 15), end_of_time);
    ASSERT_EQ(balances.size(), 2U);
    EXPECT_EQ(balances[0].debit, *Money::parse("50.00"));
    EXPECT_TRUE(JournalRows(*database_).trial_balance(Date::ymd(2026, 6, 14), end_of_time).empty());
}

TEST_P(Storage, OneSourceIsPostedOnce) {
    recorded(*database_, [&] { JournalRows(*database_).post({entry("a", "50.00")}); });
    EXPECT_THROW(recorded(*database_, [&] { JournalRows(*database_).post({entry("a", "50.00")}); }),
                 EnvironmentError);
}

TEST_P(Storage, AnUncommittedTransactionLeavesNothing) {
    {
        const Transaction transaction(*database_, Date::ymd(2026, 6, 15));
        JournalRows(*database_).post({entry("a", "50.00")});
    }
    EXPECT_TRUE(JournalRows(*database_).trial_balance(end_of_time, end_of_time).empty());
}

TEST_P(Storage, TheStrongestReadCountsAndDifferentValuesAreKept) {
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

TEST_P(Storage, AnOlderProgramRefusesANewerDatabaseAndAChangedMigration) {
    const auto with_history = [&](const std::string& change) {
        database_.reset();
        database_ = *Database::open(url_, OpenMode::existing);
        if (GetParam() == TestEngine::postgresql) database_->execute("RESET ROLE");
        database_->execute(change);
        database_.reset();
        return Database::open(url_, OpenMode::existing);
    };
    const auto newer = with_history("INSERT INTO schema_migrations VALUES (99, 'later.sql', 'x')");
    ASSERT_FALSE(newer);
    EXPECT_TRUE(newer.error().is(errors::newer_schema));
    open_anyhow("DELETE FROM schema_migrations WHERE version = 99");
    const auto changed = with_history("UPDATE schema_migrations SET sha256 = 'y'");
    ASSERT_FALSE(changed);
    EXPECT_TRUE(changed.error().is(errors::migration_changed));
    const auto none = Database::open(url_ + "none", OpenMode::existing);
    ASSERT_FALSE(none);
    EXPECT_TRUE(none.error().is(errors::database_missing));
    EXPECT_FALSE(Database::open("mysql://x", OpenMode::existing));
}

TEST_P(Storage, AWorkItemIsOpenedOnceAndKeepsItsResolution) {
    const Transaction transaction(*database_, test_day);
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

TEST_P(Storage, AWorkItemThatHappensAgainIsOpenedAgain) {
    const Transaction transaction(*database_, test_day);
    WorkRows work(*database_);
    worklist::WorkItem item;
    item.account = 10000000017;
    item.kind = "billing_hold";
    item.cause = "billing.read_missing";
    item.subject = "s";
    item.id = worklist::work_item_id(item.kind, item.account, item.subject);
    item.opened_on = Date::ymd(2026, 6, 9);
    item.recurs = true;
    EXPECT_EQ(work.open({item}), 1);
    item.resolution = "dismissed";
    item.resolved_on = item.opened_on;
    work.resolve(item);
    EXPECT_TRUE(work.list("open").empty());
    EXPECT_EQ(work.open({item}), 1) << "what was dismissed and happens again is not lost";
    EXPECT_EQ(work.list("open").size(), 1U);
    item.resolution = "accepted";
    work.resolve(item);
    EXPECT_EQ(work.accepted().size(), 1U);
    EXPECT_EQ(work.open({item}), 1) << "an acceptance that helps nothing hides nothing";
    work.resolve(item);
    work.change(
        {item.account, item.id, "reopened", "", "the customer called", "ana", item.opened_on});
    EXPECT_TRUE(work.accepted().empty()) << "an acceptance ends when the item is opened again";
    work.change({item.account, item.id, "assigned", "ben", "", "ana", item.opened_on});
    work.change({item.account, item.id, "snoozed", "2026-06-20", "", "ana", item.opened_on});
    const auto found = work.find(item.id);
    EXPECT_EQ(found->owner, "ben");
    EXPECT_EQ(found->snoozed_until, Date::ymd(2026, 6, 20));
    std::string kinds;
    for (const auto& change : work.history(item.id)) kinds += change.kind + " ";
    EXPECT_EQ(kinds,
              "opened resolved reopened resolved reopened resolved reopened assigned snoozed ");
    EXPECT_THROW(database_->execute("DELETE FROM work_changes"), EnvironmentError);
}

/// A database of the first schema, with data, comes to this one with the same decisions.
TEST_P(Storage, AnOlderSchemaIsBroughtOnWithItsData) {
    database_.reset();
    const std::string url = fresh_database(GetParam());
    {
        auto old = *Database::open_at(url, 1);
        EXPECT_EQ(old->schema_version(), 1);
        old->execute(
            "INSERT INTO work_items (account_id, work_item_id, kind, cause, subject, evidence, "
            "next_step, at_stake_minor, opened_on) VALUES (7, 8, 'k', 'c', 's', 'e', 'n', 5, "
            "'2026-06-01'), (7, 9, 'k', 'c', 't', 'e', 'n', 5, '2026-06-01')");
        old->execute(
            "INSERT INTO work_resolutions VALUES (7, 8, 'accepted', 'w', 'ana', '2026-06-02')");
    }
    auto now = *Database::open(url, OpenMode::existing);
    EXPECT_EQ(now->schema_version(), newest_schema());
    WorkRows work(*now);
    EXPECT_EQ(work.accepted().size(), 1U);
    EXPECT_EQ(work.list("open").size(), 1U);
    ASSERT_EQ(work.history({8}).size(), 2U);
    EXPECT_EQ(work.history({8})[1].why, "w");
    const auto again = Database::open_at(url, 1);
    ASSERT_FALSE(again) << "an older program takes no newer database";
    EXPECT_TRUE(again.error().is(errors::newer_schema));
}

/// Design, section 3: a divided table leads its key with the column it is divided by, and every
/// table says where it lies.
TEST_P(Storage, EveryTableHasAPlacementAndKeysLeadWithIt) {
    const auto tables = database_->tables();
    EXPECT_EQ(tables.size(), placements().size());
    for (const std::string& table : tables) {
        const auto key = database_->connection().key_of(table);
        ASSERT_FALSE(key.empty()) << table << " has no primary key";
        const Placement& placement = placement_of(table);
        if (placement.where == Where::by_key) {
            EXPECT_EQ(key.front(), placement.column) << table;
        } else {
            EXPECT_NE(key.front(), "account_id") << table;
            EXPECT_TRUE(key.front() != "channel_id" || table == "channels") << table;
        }
    }
}

/// The unique keys of a table as "a,b", the primary one first.
std::set<std::string> unique_keys(Database& database, const std::string& table) {
    const auto primary = database.connection().key_of(table);
    std::set<std::string> keys{fmt::format("{}", fmt::join(primary, ","))};
    const std::string sql =
        database.engine() == EngineKind::sqlite
            ? "SELECT group_concat(name, ',') FROM (SELECT l.name AS list, i.name, i.seqno FROM "
              "pragma_index_list('" +
                  table +
                  "') l JOIN pragma_index_info(l.name) i "
                  "WHERE l.\"unique\" = 1 ORDER BY l.name, i.seqno) GROUP BY list"
            : "SELECT string_agg(CAST(a.attname AS text), ',' ORDER BY "
              "array_position(CAST(i.indkey AS smallint[]), a.attnum)) FROM pg_index i "
              "JOIN pg_attribute a ON a.attrelid = i.indrelid AND a.attnum = ANY(i.indkey) "
              "WHERE i.indisunique AND i.indrelid = CAST('" +
                  table +
                  "' AS regclass) "
                  "GROUP BY i.indexrelid";
    Statement select = database.prepare_text(sql);
    while (select.step()) keys.insert(select.text(0));
    return keys;
}

/// Exactly once is a key of the schema, and the page that developers read says so.
TEST_P(Storage, EveryEffectHasItsKeyAndIsDocumented) {
    std::ifstream file(WATTHOUR_EXACTLY_ONCE);
    const std::string page((std::istreambuf_iterator<char>(file)), {});
    for (const Effect& effect : effects()) {
        const auto keys = unique_keys(*database_, std::string(effect.table));
        EXPECT_TRUE(keys.contains(std::string(effect.key)))
            << effect.table << " has no unique key " << effect.key;
        EXPECT_NE(page.find(fmt::format("| {} |", effect.effect)), std::string::npos)
            << "not documented: " << effect.effect;
    }
}

TEST_P(Storage, EveryInvariantIsPreparedAndHoldsOnAnEmptyDatabase) {
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
