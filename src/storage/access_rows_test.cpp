// SPDX-License-Identifier: Apache-2.0
#include "storage/access_rows.hpp"

#include "storage/test_database.hpp"

#include <gtest/gtest.h>

#include <chrono>
#include <future>
#include <thread>

namespace watthour::storage {
namespace {

using access::Approval;
using access::ChangedBy;
using access::RoleGrant;
using access::User;

constexpr Instant monday{1'781'000'000};

class AccessRows : public testing::TestWithParam<TestEngine> {
protected:
    void SetUp() override {
        url_ = fresh_database(GetParam());
        if (url_.empty()) GTEST_SKIP() << "no PostgreSQL server; see tests/postgres.sh";
        database_ = *Database::open(url_, OpenMode::create_or_open);
        users_ = std::make_unique<UserRows>(*database_);
        approvals_ = std::make_unique<ApprovalRows>(*database_);
    }
    User add(const std::string& name) {
        User user{access::user_id(name), name, "José Núñez", true, {}};
        EXPECT_TRUE(users_->add(user, {"root", "first day", monday}));
        return user;
    }
    bool grant(const User& user, const std::string& role, Instant from) {
        RoleGrant grant;
        grant.user = user.id;
        grant.role = role;
        grant.valid_from = grant.recorded_at = from;
        grant.granted_by = "m.ortiz";
        grant.approved_by = "l.chen";
        grant.why = "counter duty";
        return recorded(*database_, [&] { return users_->grant(grant); });
    }
    std::vector<std::string> roles(const std::string& name, Instant at) {
        return users_->find(name, at)->roles;
    }
    std::string url_;
    std::unique_ptr<Database> database_;
    std::unique_ptr<UserRows> users_;
    std::unique_ptr<ApprovalRows> approvals_;
};

INSTANTIATE_TEST_SUITE_P(On, AccessRows,
                         testing::Values(TestEngine::sqlite, TestEngine::postgresql),
                         [](const auto& tested) {
                             return tested.param == TestEngine::sqlite ? "Sqlite" : "Postgresql";
                         });

using Names = std::vector<std::string>;

TEST_P(AccessRows, WhoHoldsTheUsersSeesWhatTheOneBeforeDid) {
    const User first = add("l.chen");
    (void)add("m.ortiz");
    std::promise<void> held;
    std::size_t active = 0;
    std::thread other;
    {
        Transaction transaction(*database_, Date::ymd(2026, 6, 15));
        users_->hold();
        ASSERT_TRUE(users_->set_active(first.id, false, {"m.ortiz", "left", monday}));
        other = std::thread([&] {
            const auto database = *Database::open(url_, OpenMode::existing);
            UserRows users(*database);
            held.set_value();
            const Transaction waits(*database, Date::ymd(2026, 6, 15));
            users.hold();
            for (const User& user : users.list(monday)) active += user.active ? 1 : 0;
        });
        held.get_future().wait();
        // Long enough for one who does not wait to see both still active.
        std::this_thread::sleep_for(std::chrono::milliseconds(200));
        transaction.commit();
    }
    other.join();
    EXPECT_EQ(active, 1U);
}

TEST_P(AccessRows, UserComesBackAndTheNameIsGivenOnce) {
    const User user = add("j.nunez");
    EXPECT_FALSE(users_->add(user, {"root", "again", monday}));
    const auto found = users_->find("j.nunez", monday);
    ASSERT_TRUE(found);
    EXPECT_EQ(found->id, user.id);
    EXPECT_EQ(found->full_name, "José Núñez");
    EXPECT_TRUE(found->active);
    EXPECT_EQ(found->roles, Names{});
    EXPECT_FALSE(users_->find("nobody", monday));
}

TEST_P(AccessRows, UserIsDisabledOnce) {
    const User user = add("j.nunez");
    const ChangedBy by{"root", "left", monday};
    EXPECT_TRUE(users_->set_active(user.id, false, by));
    EXPECT_FALSE(users_->set_active(user.id, false, by));
    EXPECT_FALSE(users_->find("j.nunez", monday)->active);
    EXPECT_TRUE(users_->set_active(user.id, true, by));
    EXPECT_TRUE(users_->find("j.nunez", monday)->active);
}

TEST_P(AccessRows, GrantIsInForceFromItsFirstSecond) {
    const User user = add("j.nunez");
    EXPECT_TRUE(grant(user, "cashier", monday + 10));
    EXPECT_FALSE(grant(user, "cashier", monday + 10));
    EXPECT_EQ(roles("j.nunez", monday + 9), Names{});
    EXPECT_EQ(roles("j.nunez", monday + 10), Names{"cashier"});
    EXPECT_EQ(roles("j.nunez", {access::without_end.seconds - 1}), Names{"cashier"});
    EXPECT_EQ(roles("j.nunez", access::without_end), Names{});
}

TEST_P(AccessRows, RevocationActsInTheSameSecondAndTheGrantStays) {
    const User user = add("j.nunez");
    ASSERT_TRUE(grant(user, "cashier", monday));
    ASSERT_TRUE(grant(user, "csr", monday));
    EXPECT_TRUE(recorded(*database_, [&] {
        return users_->revoke(user.id, "cashier", {"root", "moved", monday + 100});
    }));
    EXPECT_FALSE(recorded(*database_, [&] {
        return users_->revoke(user.id, "cashier", {"root", "moved", monday + 200});
    }));
    EXPECT_FALSE(recorded(*database_, [&] {
        return users_->revoke(user.id, "auditor", {"root", "never had it", monday});
    }));
    EXPECT_EQ(roles("j.nunez", monday + 99), (Names{"cashier", "csr"}));
    EXPECT_EQ(roles("j.nunez", monday + 100), Names{"csr"});
    ASSERT_TRUE(grant(user, "cashier", monday + 300));
    EXPECT_EQ(roles("j.nunez", monday + 299), Names{"csr"});
    EXPECT_EQ(roles("j.nunez", monday + 300), (Names{"cashier", "csr"}));
    const auto grants = users_->grants(user.id);
    ASSERT_EQ(grants.size(), 3U);
    EXPECT_EQ(grants[0].role, "cashier");
    EXPECT_EQ(grants[0].valid_until, monday + 100);
    EXPECT_EQ(grants[0].revoked_by, "root");
    EXPECT_EQ(grants[0].revoked_why, "moved");
    EXPECT_EQ(grants[0].granted_by, "m.ortiz");
    EXPECT_EQ(grants[0].approved_by, "l.chen");
    EXPECT_EQ(grants[1].valid_until, access::without_end);
    EXPECT_EQ(grants[2].valid_from, monday + 300);
}

TEST_P(AccessRows, GrantThatIsStillToComeCanBeTakenBack) {
    const User user = add("j.nunez");
    ASSERT_TRUE(grant(user, "cashier", monday + 1000));
    EXPECT_TRUE(recorded(*database_, [&] {
        return users_->revoke(user.id, "cashier", {"root", "changed plans", monday});
    }));
    EXPECT_EQ(roles("j.nunez", monday + 1000), Names{});
}

TEST_P(AccessRows, ListIsByNameWithTheRolesOfEach) {
    const User second = add("z.last");
    const User first = add("a.first");
    ASSERT_TRUE(grant(second, "csr", monday));
    ASSERT_TRUE(grant(second, "auditor", monday));
    const auto users = users_->list(monday);
    ASSERT_EQ(users.size(), 2U);
    EXPECT_EQ(users[0].name, first.name);
    EXPECT_EQ(users[0].roles, Names{});
    EXPECT_EQ(users[1].roles, (Names{"auditor", "csr"}));
}

TEST_P(AccessRows, GrantApprovedByItsMakerIsRefusedByTheTable) {
    RoleGrant grant;
    grant.user = add("j.nunez").id;
    grant.role = "cashier";
    grant.valid_from = monday;
    grant.granted_by = grant.approved_by = "m.ortiz";
    EXPECT_THROW((void)users_->grant(grant), std::exception);
    EXPECT_EQ(roles("j.nunez", monday), Names{});
}

Approval wish() {
    Approval approval;
    approval.account = 10000000017;
    approval.use_case = "payment.post";
    approval.parameters = R"({"receipt":"R-1","memo":"José"})";
    approval.amount = Money::minor(5'000'01);
    approval.maker = "m.ortiz";
    approval.why = "counter";
    approval.requested_at = monday;
    return approval;
}

Approval decided(Approval approval, const std::string& state, const std::string& checker) {
    approval.state = state;
    approval.checker = checker;
    approval.decided_at = monday + 60;
    approval.decided_why = "seen the cheque";
    return approval;
}

TEST_P(AccessRows, ApprovalComesBackAsItWent) {
    const auto id = approvals_->request(wish());
    const auto found = approvals_->find(id);
    ASSERT_TRUE(found);
    EXPECT_EQ(found->account, 10000000017);
    EXPECT_EQ(found->use_case, "payment.post");
    EXPECT_EQ(found->parameters, wish().parameters);
    EXPECT_EQ(found->amount, Money::minor(5'000'01));
    EXPECT_EQ(found->maker, "m.ortiz");
    EXPECT_EQ(found->why, "counter");
    EXPECT_EQ(found->requested_at, monday);
    EXPECT_EQ(found->state, "open");
    EXPECT_EQ(found->checker, "");
    EXPECT_FALSE(approvals_->find({1}));
    Approval without_amount = wish();
    without_amount.amount.reset();
    without_amount.account = 0;
    EXPECT_EQ(approvals_->find(approvals_->request(without_amount))->amount, std::nullopt);
}

TEST_P(AccessRows, AskingAgainFindsWhatWaitsAndOpensAnewWhatWasDecided) {
    const auto first = approvals_->request(wish());
    EXPECT_EQ(approvals_->request(wish()), first);
    EXPECT_EQ(approvals_->open().size(), 1U);
    ASSERT_TRUE(approvals_->decide(decided(*approvals_->find(first), "declined", "l.chen")));
    EXPECT_TRUE(approvals_->open().empty());
    const auto second = approvals_->request(wish());
    EXPECT_NE(second, first);
    ASSERT_EQ(approvals_->open().size(), 1U);
    EXPECT_EQ(approvals_->open()[0].id, second);
}

TEST_P(AccessRows, ApprovalIsDecidedOnce) {
    const auto open = *approvals_->find(approvals_->request(wish()));
    EXPECT_TRUE(approvals_->decide(decided(open, "approved", "l.chen")));
    EXPECT_FALSE(approvals_->decide(decided(open, "declined", "r.diaz")));
    const auto found = approvals_->find(open.id);
    EXPECT_EQ(found->state, "approved");
    EXPECT_EQ(found->checker, "l.chen");
    EXPECT_EQ(found->decided_at, monday + 60);
    EXPECT_EQ(found->decided_why, "seen the cheque");
}

TEST_P(AccessRows, MakerCannotDecideInTheTableEither) {
    const auto open = *approvals_->find(approvals_->request(wish()));
    EXPECT_THROW((void)approvals_->decide(decided(open, "approved", "m.ortiz")), std::exception);
    EXPECT_THROW((void)approvals_->decide(decided(open, "approved", "")), std::exception);
    EXPECT_EQ(approvals_->find(open.id)->state, "open");
}

}  // namespace
}  // namespace watthour::storage
