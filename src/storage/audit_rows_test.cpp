// SPDX-License-Identifier: Apache-2.0
#include "storage/audit_rows.hpp"

#include "ledger/journal_entry.hpp"
#include "storage/account_rows.hpp"
#include "storage/dialect.hpp"
#include "storage/money_rows.hpp"
#include "storage/postgres/connection.hpp"
#include "storage/sqlite/connection.hpp"
#include "storage/test_database.hpp"

#include <gtest/gtest.h>

#include <algorithm>

namespace watthour::storage {
namespace {

constexpr Date monday = Date::ymd(2026, 6, 8);
constexpr Date tuesday = monday + 1;
constexpr Date wednesday = monday + 2;
constexpr customers::AccountId account{10000000017};

class AuditRowsTest : public testing::TestWithParam<TestEngine> {
protected:
    void SetUp() override {
        url_ = fresh_database(GetParam());
        if (url_.empty()) GTEST_SKIP() << "no PostgreSQL server; see tests/postgres.sh";
        database_ = *Database::open(url_, OpenMode::create_or_open);
    }
    Date post(const std::string& key, Date business_date) {
        ledger::JournalEntry entry;
        entry.account = account.value;
        entry.source_kind = "payment";
        entry.source_key = key;
        entry.id = ledger::entry_id(entry.source_kind, entry.source_key);
        entry.business_date = business_date;
        ledger::add_posting(entry, "1015", "1310", Money::minor(5000));
        Transaction transaction(*database_, business_date);
        const Date recorded_on = database_->recorded_on();
        JournalRows(*database_).post({entry});
        transaction.commit();
        return recorded_on;
    }
    /// As a master of the database would, past the program's own guard.
    void tamper(const std::string& change) {
        auto connection =
            GetParam() == TestEngine::sqlite ? sqlite::open(url_.substr(7)) : *postgres::open(url_);
        connection->execute(change);
    }
    std::vector<std::string> changed() { return SealRows(*database_).changed_since_sealed(); }
    Money balance(Date through, Date known_on) {
        for (const auto& row : JournalRows(*database_).trial_balance(through, known_on)) {
            if (row.account == "1015") return row.debit - row.credit;
        }
        return {};
    }
    std::string url_;
    std::unique_ptr<Database> database_;
};

INSTANTIATE_TEST_SUITE_P(On, AuditRowsTest,
                         testing::Values(TestEngine::sqlite, TestEngine::postgresql),
                         [](const auto& tested) {
                             return tested.param == TestEngine::sqlite ? "Sqlite" : "Postgresql";
                         });

TEST_P(AuditRowsTest, ASealedDayTakesNoMoreRows) {
    EXPECT_EQ(post("a", monday), monday);
    const auto seals = SealRows(*database_).seal_through(monday);
    ASSERT_EQ(seals.size(), 2U) << "entries and postings";
    EXPECT_EQ(seals[0].table, "journal_entries");
    EXPECT_EQ(seals[0].rows, 1);
    EXPECT_EQ(post("late", monday), tuesday) << "what comes late is recorded on the next open day";
    EXPECT_TRUE(changed().empty());
    EXPECT_TRUE(SealRows(*database_).seal_through(monday).empty()) << "sealing again does nothing";
}

TEST_P(AuditRowsTest, ABackdatedEntryIsSeenByWhatWasKnownLater) {
    (void)post("a", monday);
    (void)SealRows(*database_).seal_through(monday);
    (void)post("late", monday);
    EXPECT_EQ(balance(monday, monday), Money::minor(5000)) << "as it was filed";
    EXPECT_EQ(balance(monday, end_of_time), Money::minor(10000)) << "as it is known now";
}

TEST_P(AuditRowsTest, EveryKindOfTamperingIsNamed) {
    (void)post("a", monday);
    (void)post("b", tuesday);
    (void)post("c", tuesday);
    (void)SealRows(*database_).seal_through(tuesday);
    ASSERT_TRUE(changed().empty());
    tamper(
        "UPDATE postings SET amount_minor = amount_minor + 1 WHERE amount_minor = 5000 AND "
        "entry_id = (SELECT entry_id FROM journal_entries WHERE source_key = 'b')");
    ASSERT_EQ(changed().size(), 1U);
    EXPECT_EQ(changed()[0], "postings of 2026-06-09: 2 rows were sealed, 2 are there; they differ");
    tamper(
        "DELETE FROM postings WHERE entry_id = (SELECT entry_id FROM journal_entries "
        "WHERE source_key = 'a')");
    tamper("DELETE FROM journal_entries WHERE source_key = 'a'");
    EXPECT_EQ(changed().size(), 3U) << "the day is empty in both tables";
    tamper(
        "INSERT INTO journal_entries (account_id, entry_id, business_date, source_kind, "
        "source_key, memo, recorded_on) VALUES (1, 1, '2026-06-01', 'payment', 'x', '', "
        "'2026-06-01')");
    const auto all = changed();
    ASSERT_EQ(all.size(), 4U);
    EXPECT_TRUE(std::any_of(all.begin(), all.end(), [](const std::string& what) {
        return what.ends_with("1 are there; they came after the sealing");
    }));
}

TEST_P(AuditRowsTest, TheChainBreaksWhereItWasWrittenAnewAndAnAnchorTells) {
    (void)post("a", monday);
    (void)SealRows(*database_).seal_through(monday);
    auto chain = SealRows(*database_).chain();
    const audit::Anchor anchor{monday, 2, chain.back().head};
    (void)post("b", tuesday);
    (void)SealRows(*database_).seal_through(tuesday);
    chain = SealRows(*database_).chain();
    ASSERT_EQ(chain.size(), 4U);
    EXPECT_TRUE(audit::broken_links(chain, {anchor}).empty());
    // Someone changes a row and makes the whole chain anew: it follows, but not to the anchor.
    std::string head(audit::first_head);
    chain[0].sha256[0] = chain[0].sha256[0] == 'a' ? 'b' : 'a';
    EXPECT_EQ(audit::broken_links(chain, {}).size(), 1U);
    for (auto& seal : chain) seal.head = head = audit::chained(head, seal);
    EXPECT_TRUE(audit::broken_links(chain, {}).empty());
    EXPECT_EQ(audit::broken_links(chain, {anchor}).size(), 1U);
    // Cut short.
    chain.resize(1);
    EXPECT_EQ(audit::broken_links(chain, {anchor}).size(), 1U);
}

TEST_P(AuditRowsTest, WhoSealsWaitsForWhoRecords) {
    if (GetParam() == TestEngine::sqlite) GTEST_SKIP() << "SQLite has one writer at a time";
    auto other = *Database::open(url_, OpenMode::existing);
    Transaction recording(*database_, monday);
    other->execute("SET lock_timeout = 200");
    EXPECT_THROW((void)SealRows(*other).seal_through(monday), EnvironmentError)
        << "a day was sealed while a row of it was on its way";
    recording.commit();
    EXPECT_TRUE(SealRows(*other).seal_through(monday).empty());
    EXPECT_EQ(other->sealed_through(), monday);
}

TEST_P(AuditRowsTest, EntriesAreAskedForByAccountPersonSubjectAndDay) {
    AuditRows audit(*database_);
    const auto add = [&](std::int64_t of, const char* subject, const char* by, Date day) {
        Transaction transaction(*database_, day);
        audit.add({of, subject, "user.manage", "active", "disabled", "left", 0, by, {}, 5});
        transaction.commit();
    };
    add(0, "user:ana", "root", monday);
    add(0, "user:ana", "root", tuesday);
    add(account.value, "program:1:EAP", "ben", tuesday);
    const auto count = [&](const audit::AuditQuestion& question) {
        return audit.list(question).size();
    };
    EXPECT_EQ(count({{}, "", "", monday, end_of_time}), 3U);
    EXPECT_EQ(count({{}, "", "", tuesday, end_of_time}), 2U);
    EXPECT_EQ(count({{}, "", "", monday, monday}), 1U);
    EXPECT_EQ(count({{}, "root", "", monday, end_of_time}), 2U);
    EXPECT_EQ(count({{}, "", "program:", monday, end_of_time}), 1U);
    EXPECT_EQ(count({account.value, "", "", monday, end_of_time}), 1U);
    EXPECT_EQ(count({std::int64_t{0}, "", "", monday, end_of_time}), 2U);
    EXPECT_EQ(audit.list({{}, "", "", monday, monday})[0].before, "active");
    EXPECT_THROW(database_->execute("DELETE FROM audit_entries"), EnvironmentError);
}

TEST_P(AuditRowsTest, AFactKeepsTheVersionsThatWereBelieved) {
    ServiceRows service(*database_);
    service::ServiceAgreement agreement;
    agreement.account = account;
    agreement.id = {7};
    agreement.service_point = {5};
    agreement.schedule = "R-1";
    agreement.active = {Date::ymd(2025, 1, 1), end_of_time};
    {
        Transaction transaction(*database_, monday);
        service.add({service::Premise{{3}, "1 Main St", "", "Valdoro", "CA", "90000", "V"}},
                    {service::ServicePoint{{5}, {3}, "01", "R1", 1, "ami"}}, {agreement});
        transaction.commit();
    }
    const auto put = [&](Date until, Date day) {
        Transaction transaction(*database_, day);
        service.put_program(agreement, {"EAP", "discount", {Date::ymd(2026, 1, 1), until}});
        transaction.commit();
    };
    put(end_of_time, tuesday);
    put(Date::ymd(2026, 5, 1), wednesday);
    const auto known = [&](Date on) {
        return service.agreements_of_account(account, on).at(0).agreement.programs;
    };
    EXPECT_TRUE(known(monday).empty());
    ASSERT_EQ(known(tuesday).size(), 1U);
    EXPECT_EQ(known(tuesday)[0].active.until, end_of_time);
    ASSERT_EQ(known(service::now_known).size(), 1U);
    EXPECT_EQ(known(service::now_known)[0].active.until, Date::ymd(2026, 5, 1));
    EXPECT_TRUE(service.agreements_of_account(account, monday - 1).empty());
    put(Date::ymd(2026, 1, 1), wednesday);
    EXPECT_TRUE(known(service::now_known).empty()) << "ended on its first day it never held";
    EXPECT_EQ(known(tuesday).size(), 1U);
}

TEST(SealedTables, AreAllThatArePosted) {
    const auto sealed = sealed_tables();
    EXPECT_TRUE(std::is_sorted(sealed.begin(), sealed.end()));
    for (const std::string& table : sealed) EXPECT_TRUE(is_posted_table(table)) << table;
    EXPECT_EQ(sealed.size(), posted_table_count());
}

}  // namespace
}  // namespace watthour::storage
