// SPDX-License-Identifier: Apache-2.0
#include "storage/access_rows.hpp"
#include "storage/account_rows.hpp"
#include "storage/archive_rows.hpp"
#include "storage/audit_rows.hpp"
#include "storage/bill_rows.hpp"
#include "storage/capacity_rows.hpp"
#include "storage/case_rows.hpp"
#include "storage/event_rows.hpp"
#include "storage/file_history_rows.hpp"
#include "storage/head_end_rows.hpp"
#include "storage/invariants.hpp"
#include "storage/job_rows.hpp"
#include "storage/meter_rows.hpp"
#include "storage/meter_shop_rows.hpp"
#include "storage/money_rows.hpp"
#include "storage/past_rows.hpp"
#include "storage/postgres/values.hpp"
#include "storage/route_rows.hpp"
#include "storage/search_rows.hpp"
#include "storage/sign_in_rows.hpp"
#include "storage/summary.hpp"
#include "storage/table_copy.hpp"
#include "storage/test_database.hpp"
#include "storage/work_rows.hpp"

#include <gtest/gtest.h>

namespace watthour::storage {
namespace {

class Engines : public testing::TestWithParam<TestEngine> {
protected:
    void SetUp() override {
        url_ = fresh_database(GetParam());
        if (url_.empty()) GTEST_SKIP() << "no PostgreSQL server; see tests/postgres.sh";
        database_ = *Database::open(url_, OpenMode::create_or_open);
    }
    std::string url_;
    std::unique_ptr<Database> database_;
};

INSTANTIATE_TEST_SUITE_P(On, Engines, testing::Values(TestEngine::sqlite, TestEngine::postgresql),
                         [](const auto& tested) {
                             return tested.param == TestEngine::sqlite ? "Sqlite" : "Postgresql";
                         });

ledger::JournalEntry entry(int number) {
    ledger::JournalEntry e;
    e.account = 10000000017;
    e.source_kind = "payment";
    e.source_key = "p" + std::to_string(number);
    e.id = ledger::entry_id(e.source_kind, e.source_key);
    e.business_date = Date::ymd(2026, 6, 15);
    e.memo = "counter, José Núñez";
    ledger::add_posting(e, "1015", "1310", Money::minor(100 + number));
    return e;
}

/// Every room of queries is linked in by being used.
void use_all_stores(Database& database) {
    (void)AccountRows(database, audit::FieldKey()).all_account_ids();
    (void)ServiceRows(database).points();
    (void)MeterRows(database).channel_addresses();
    (void)ArchiveRows(database).first_billed(end_of_time);
    (void)MeterShopRows(database).find("");
    (void)CapacityRows(database).all();
    (void)HeadEndRows(database).find({0});
    (void)FileHistoryRows(database).profiles();
    (void)EventRows(database).of_meter({});
    (void)CaseRows(database).list();
    (void)RouteRows(database).routes(end_of_time);
    (void)BillRows(database).runs();
    (void)JournalRows(database).trial_balance(end_of_time, end_of_time);
    (void)PaymentRows(database).drafts_of("");
    (void)WorkRows(database).accepted();
    (void)summarize(database, {Date::ymd(2026, 6, 1), Date::ymd(2026, 7, 1)});
    (void)UserRows(database).list({0});
    (void)ApprovalRows(database).open();
    (void)AuditRows(database).has(0, "");
    (void)JobRows(database).list(true);
    (void)PastRows(database).notes({});
    (void)SignInRows(database).any_credential();
    (void)count_accounts(database);
    (void)sql_invariants();
}

TEST_P(Engines, EveryQueryOfTheProgramIsPrepared) {
    use_all_stores(*database_);
    EXPECT_GT(Query::all().size(), 80U);
    for (const Query* query : Query::all()) {
        try {
            (void)database_->prepare(*query);
        } catch (const EnvironmentError& error) {
            ADD_FAILURE() << error.what() << "\n" << query->text();
        }
    }
}

TEST_P(Engines, ValuesComeBackAsTheyWent) {
    database_->execute(GetParam() == TestEngine::sqlite
                           ? "CREATE TABLE t (k INTEGER PRIMARY KEY, a TEXT, b BLOB) STRICT"
                           : "RESET ROLE; CREATE TABLE t (k BIGINT PRIMARY KEY, a TEXT, b BYTEA)");
    const std::string bytes("\0\1\xff\\x27", 6);
    const Query insert = Query::made("INSERT INTO t (k, a, b) VALUES ($1, $2, $3)");
    const Query again =
        Query::made("INSERT INTO t (k, a, b) VALUES ($1, $2, $3) ON CONFLICT DO NOTHING");
    for (const Query* query : {&insert, &again}) {
        Bulk rows = database_->bulk(*query);
        const std::int64_t first = query == &insert ? INT64_MIN : 2;
        rows.bind(1, first).bind(2, "ñ|\n'").bind_bytes(3, bytes).run();
        rows.bind(1, std::int64_t{INT64_MAX}).bind_null(2).bind_null(3).run();
        EXPECT_EQ(rows.finish(), query == &insert ? 2 : 1);
    }
    Statement select = database_->prepare_text("SELECT k, a, b FROM t ORDER BY k");
    ASSERT_TRUE(select.step());
    EXPECT_EQ(select.integer(0), INT64_MIN);
    EXPECT_EQ(select.text(1), "ñ|\n'");
    EXPECT_EQ(select.bytes(2), bytes);
    ASSERT_TRUE(select.step());
    ASSERT_TRUE(select.step());
    EXPECT_EQ(select.text(0), std::to_string(INT64_MAX));
    EXPECT_TRUE(select.is_null(1));
    EXPECT_FALSE(select.step());
    Statement sum = database_->prepare_text(
        "SELECT SUM(k), count(*) FROM t WHERE k > 0 AND $1 = $1 AND a IS NOT NULL");
    sum.bind(1, std::int64_t{1});
    ASSERT_TRUE(sum.step());
    EXPECT_EQ(sum.integer(0), 2);
    EXPECT_EQ(sum.integer(1), 1);
}

TEST_P(Engines, ATakenKeyAndALostTransactionAreToldApart) {
    const auto post = [&](const std::vector<ledger::JournalEntry>& entries) {
        recorded(*database_, [&] { JournalRows(*database_).post(entries); });
    };
    post({entry(1)});
    EXPECT_THROW(post({entry(1)}), KeyTaken);
    {
        const Transaction transaction(*database_, Date::ymd(2026, 6, 15));
        EXPECT_THROW(JournalRows(*database_).post({entry(2), entry(1)}), KeyTaken);
    }
    const auto balances = JournalRows(*database_).trial_balance(end_of_time, end_of_time);
    ASSERT_EQ(balances.size(), 2U);
    EXPECT_EQ(balances[0].debit, Money::minor(101));
}

TEST_P(Engines, AStreamAndAPreparedStatementSeeTheSameRows) {
    std::vector<ledger::JournalEntry> entries;
    for (int number = 0; number < 1000; ++number) entries.push_back(entry(number));
    recorded(*database_, [&] { JournalRows(*database_).post(entries); });
    Statement select = database_->prepare_text("SELECT amount_minor FROM postings");
    std::int64_t streamed = 0;
    select.stream();
    while (select.step()) streamed += select.integer(0);
    EXPECT_EQ(streamed, 599500);
    // The connection is free again.
    EXPECT_EQ(JournalRows(*database_).trial_balance(end_of_time, end_of_time)[0].debit,
              Money::minor(599500));
}

TEST_P(Engines, ACopyHoldsTheSameRowsOnEitherEngine) {
    recorded(*database_, [&] { JournalRows(*database_).post({entry(1), entry(2), entry(3)}); });
    for (const TestEngine engine : {TestEngine::sqlite, TestEngine::postgresql}) {
        const std::string url = fresh_database(engine);
        if (url.empty()) continue;
        auto target = *Database::open(url, OpenMode::create_or_open);
        const auto copied = copy_tables(*database_, *target, {});
        ASSERT_TRUE(copied) << copied.error().message();
        EXPECT_EQ(*copied, digest_tables(*target));
        EXPECT_EQ(dump_tables(*database_), dump_tables(*target));
        EXPECT_FALSE(copy_tables(*database_, *target, {})) << "a second copy into the same";
        recorded(*target, [&] { JournalRows(*target).post({entry(4)}); });
        EXPECT_NE(*copied, digest_tables(*target));
    }
}

TEST_P(Engines, WritersOfOneRowWaitForEachOther) {
    auto other = *Database::open(url_, OpenMode::existing);
    {
        Transaction first(*database_, Date::ymd(2026, 6, 15));
        JournalRows(*database_).post({entry(1)});
        first.commit();
    }
    Transaction second(*other, Date::ymd(2026, 6, 15));
    EXPECT_THROW(JournalRows(*other).post({entry(1)}), KeyTaken);
}

TEST(PostgresValues, NumbersOfEveryWidthAreRead) {
    using postgres::big_endian;
    using postgres::integer_of;
    EXPECT_EQ(integer_of(20, big_endian(-5, 8)), -5);
    EXPECT_EQ(integer_of(23, big_endian(70000, 4)), 70000);
    EXPECT_EQ(integer_of(21, big_endian(-2, 2)), -2);
    EXPECT_EQ(integer_of(16, std::string("\1", 1)), 1);
    // 123450000 as NUMERIC: digits 1, 2345 of weight 2; the last group of zeros is not sent.
    const auto numeric = [](std::int64_t count, std::int64_t weight, std::int64_t sign) {
        return big_endian(count, 2) + big_endian(weight, 2) + big_endian(sign, 2) +
               big_endian(0, 2);
    };
    EXPECT_EQ(integer_of(1700, numeric(2, 2, 0) + big_endian(1, 2) + big_endian(2345, 2)),
              123450000);
    EXPECT_EQ(integer_of(1700, numeric(1, 0, 0x4000) + big_endian(7, 2)), -7);
    EXPECT_EQ(integer_of(1700, numeric(0, 0, 0)), 0);
    EXPECT_THROW((void)integer_of(1700, numeric(1, -1, 0) + big_endian(5000, 2)), Defect);
}

}  // namespace
}  // namespace watthour::storage
