// SPDX-License-Identifier: Apache-2.0
#include "access/decide.hpp"
#include "access/errors.hpp"
#include "access/grant_request.hpp"
#include "access/password.hpp"
#include "access/second_factor.hpp"

#include <gtest/gtest.h>

#include <algorithm>
#include <array>
#include <map>
#include <utility>

namespace watthour::access {
namespace {

User user(const std::string& name, std::vector<std::string> roles) {
    return {user_id(name), name, name, true, std::move(roles)};
}

/// Someone who may approve everything: the first role of the pair gives the permission.
User checker_for(const Permission& permission) {
    std::vector<std::string> roles = {"finance"};
    for (const Role& role : all_roles()) {
        if (role.allows(permission)) roles.push_back(role.name);
    }
    return user("checker", roles);
}

constexpr const char* role_order[] = {
    "csr",        "cashier", "billing_technician", "billing_supervisor", "finance",
    "meter_shop", "auditor", "administrator"};

struct MatrixRow {
    const char* permission;
    const char* allowed;  ///< one mark per role of role_order
    SecondPerson second_person;
};

// Written by hand and not taken from default_roles.def: a change of power changes two files.
constexpr MatrixRow matrix[] = {
    {"utility.create", ".......x", SecondPerson::alone},
    {"bill.run", "..xxx...", SecondPerson::over_limit},
    {"bill.preview", "x.xx..x.", SecondPerson::alone},
    {"bill.view", "xxxxxxx.", SecondPerson::alone},
    {"bill.print", "x.xx....", SecondPerson::alone},
    {"file.import", "..xxxx..", SecondPerson::over_limit},
    {"read.validate", "..xx.x..", SecondPerson::alone},
    {"read.decide", "..xxxx..", SecondPerson::over_limit},
    {"payment.post", ".x.xx...", SecondPerson::over_limit},
    {"payment.draft_build", "..x.x...", SecondPerson::alone},
    {"payment.draft_release", "...xx...", SecondPerson::always},
    {"work.view", "xxxxxxxx", SecondPerson::alone},
    {"work.resolve", "..xxxx..", SecondPerson::over_limit},
    {"work.approve", "...xx..x", SecondPerson::alone},
    {"report.run", "..xxx.x.", SecondPerson::alone},
    {"books.check", "..xxx.xx", SecondPerson::alone},
    {"audit.view", "...xx.xx", SecondPerson::alone},
    {"audit.seal", "......xx", SecondPerson::alone},
    {"sensitive.unseal", "....x...", SecondPerson::alone},
    {"sensitive.rotate_key", ".......x", SecondPerson::alone},
    {"user.view", "...xx.xx", SecondPerson::alone},
    {"user.manage", ".......x", SecondPerson::alone},
    {"user.grant", "....x..x", SecondPerson::always},
    {"job.manage", "...x...x", SecondPerson::alone},
    {"database.move", ".......x", SecondPerson::alone},
    {"agreement.change", "x.xx....", SecondPerson::alone},
    {"case.work", "x.xx.x..", SecondPerson::alone},
    {"meter.change", "...x.x..", SecondPerson::alone},
    {"meter.correct", "...xxx..", SecondPerson::always},
    {"meter.comment", "x.xx.x..", SecondPerson::alone},
    {"meter.ask", "x.xx.x..", SecondPerson::alone},
    {"meter.connect", "..xx.x..", SecondPerson::alone},
    {"meter.disconnect", "...xxx..", SecondPerson::always},
    {"route.change", "..xx....", SecondPerson::alone},
    {"route.move_many", "..xxx...", SecondPerson::always},
    {"route.walk", "..xx.x..", SecondPerson::alone},
    {"tariff.adopt", "...xx...", SecondPerson::always},
};

TEST(Roles, FullMatrixIsAsWrittenByHand) {
    ASSERT_EQ(all_permissions().size(), std::size(matrix));
    ASSERT_EQ(all_roles().size(), std::size(role_order));
    for (const MatrixRow& row : matrix) {
        const Permission* permission = find_permission(row.permission);
        ASSERT_NE(permission, nullptr) << row.permission;
        EXPECT_EQ(permission->second_person, row.second_person) << row.permission;
        for (std::size_t at = 0; at < std::size(role_order); ++at) {
            const auto verdict =
                decide(user("u1", {role_order[at]}), *permission, std::nullopt).verdict;
            const auto wanted = row.allowed[at] == '.' ? Verdict::refused
                                : row.second_person == SecondPerson::always
                                    ? Verdict::needs_approval
                                    : Verdict::allowed;
            EXPECT_EQ(verdict, wanted) << row.permission << " " << role_order[at];
        }
    }
}

TEST(Roles, LimitsAreAsWrittenByHand) {
    const std::map<std::string, std::optional<Money>> limits = {
        {"csr", Money::minor(100'00)},
        {"cashier", Money::minor(5'000'00)},
        {"billing_technician", Money::minor(1'500'00)},
        {"billing_supervisor", Money::minor(150'000'00)},
        {"finance", std::nullopt},
        {"meter_shop", Money()},
        {"auditor", Money()},
        {"administrator", Money()}};
    for (const Role& role : all_roles()) {
        ASSERT_TRUE(limits.contains(role.name)) << role.name;
        EXPECT_EQ(role.limit, limits.at(role.name)) << role.name;
    }
}

TEST(Roles, NamesAndSlugsAreFound) {
    EXPECT_EQ(find_role("nobody"), nullptr);
    EXPECT_EQ(find_role("csr")->name, "csr");
    EXPECT_EQ(find_permission("payment.posted"), nullptr);
    EXPECT_EQ(roles_that_allow(permissions::user_grant), "finance, administrator");
    EXPECT_EQ(names_of_roles(),
              "csr, cashier, billing_technician, billing_supervisor, finance, meter_shop, "
              "auditor, administrator");
}

TEST(Decide, NobodyWithoutARoleAndNobodyDisabledMayDoAnything) {
    User disabled = user("u1", {});
    for (const Role& role : all_roles()) disabled.roles.push_back(role.name);
    disabled.active = false;
    for (const Permission& permission : all_permissions()) {
        for (const auto& roles : {std::vector<std::string>{}, {"role_of_long_ago"}}) {
            const auto decision = decide(user("u1", roles), permission, std::nullopt);
            EXPECT_EQ(decision.verdict, Verdict::refused) << permission.slug;
            EXPECT_TRUE(decision.refusal->is(errors::not_allowed)) << permission.slug;
        }
        const auto decision = decide(disabled, permission, std::nullopt);
        EXPECT_EQ(decision.verdict, Verdict::refused) << permission.slug;
        EXPECT_TRUE(decision.refusal->is(errors::user_inactive)) << permission.slug;
    }
}

TEST(Decide, LimitHoldsAtTheCentInBothDirections) {
    struct Case {
        std::vector<std::string> roles;
        std::int64_t cents;
        Verdict verdict;
    };
    const Case cases[] = {
        {{"cashier"}, 0, Verdict::allowed},
        {{"cashier"}, 4'999'99, Verdict::allowed},
        {{"cashier"}, 5'000'00, Verdict::allowed},
        {{"cashier"}, 5'000'01, Verdict::needs_approval},
        {{"cashier"}, -5'000'00, Verdict::allowed},
        {{"cashier"}, -5'000'01, Verdict::needs_approval},
        {{"billing_supervisor"}, 150'000'00, Verdict::allowed},
        {{"billing_supervisor"}, 150'000'01, Verdict::needs_approval},
        {{"finance"}, 9'000'000'000'00, Verdict::allowed},
        // The highest limit counts, in either order ...
        {{"cashier", "billing_supervisor"}, 150'000'00, Verdict::allowed},
        {{"billing_supervisor", "cashier"}, 150'000'00, Verdict::allowed},
        {{"billing_supervisor", "cashier"}, 150'000'01, Verdict::needs_approval},
        {{"cashier", "finance"}, 150'000'01, Verdict::allowed},
        {{"finance", "cashier"}, 150'000'01, Verdict::allowed},
        // ... but only of roles that give the permission: no csr or auditor posts payments.
        {{"csr"}, 1, Verdict::refused},
        {{"cashier", "billing_technician"}, 5'000'01, Verdict::needs_approval},
    };
    for (const Case& c : cases) {
        const auto decision =
            decide(user("u1", c.roles), permissions::payment_post, Money::minor(c.cents));
        EXPECT_EQ(decision.verdict, c.verdict) << c.roles.front() << " " << c.cents;
    }
    // The cashier's 5,000.00 does not help a technician who decides the inbox.
    EXPECT_EQ(decide(user("u1", {"cashier", "billing_technician"}), permissions::work_resolve,
                     Money::minor(1'500'01))
                  .verdict,
              Verdict::needs_approval);
    EXPECT_EQ(decide(user("u1", {"meter_shop"}), permissions::work_resolve, Money()).verdict,
              Verdict::allowed);
    EXPECT_EQ(
        decide(user("u1", {"meter_shop"}), permissions::work_resolve, Money::minor(1)).verdict,
        Verdict::needs_approval);
}

TEST(Decide, AmountDoesNotMatterWhereOnePersonIsEnough) {
    EXPECT_EQ(
        decide(user("u1", {"csr"}), permissions::bill_view, Money::minor(1'000'000'00)).verdict,
        Verdict::allowed);
    EXPECT_EQ(decide(user("u1", {"finance"}), permissions::payment_draft_release, Money()).verdict,
              Verdict::needs_approval);
}

TEST(MayCheck, MakerIsNeverTheChecker) {
    for (const Permission& permission : all_permissions()) {
        if (permission.second_person == SecondPerson::alone) continue;
        const User maker = checker_for(permission);
        for (const auto amount : {std::optional<Money>(), std::optional(Money::minor(1))}) {
            const auto same = may_check(maker, maker, permission, amount);
            ASSERT_FALSE(same) << permission.slug;
            EXPECT_TRUE(same.error().is(errors::same_person)) << permission.slug;
            // Neither under another name (an API key of the same user) nor another number.
            User alias = maker;
            alias.name = "alias";
            EXPECT_TRUE(
                may_check(maker, alias, permission, amount).error().is(errors::same_person));
            alias = maker;
            alias.id = user_id("alias");
            EXPECT_TRUE(
                may_check(maker, alias, permission, amount).error().is(errors::same_person));
            User other = user("other", maker.roles);
            EXPECT_TRUE(may_check(maker, other, permission, amount)) << permission.slug;
            other.active = false;
            EXPECT_TRUE(
                may_check(maker, other, permission, amount).error().is(errors::user_inactive));
            User gone = maker;
            gone.active = false;
            EXPECT_TRUE(may_check(gone, user("other", maker.roles), permission, amount)
                            .error()
                            .is(errors::user_inactive));
        }
    }
}

TEST(MayCheck, CheckerNeedsBothPermissionsAndTheLimit) {
    const User maker = user("maker", {"cashier"});
    const auto check = [&](std::vector<std::string> roles, std::int64_t cents) {
        const auto answer = may_check(maker, user("checker", std::move(roles)),
                                      permissions::payment_post, Money::minor(cents));
        return answer ? std::string_view("yes") : answer.error().slug();
    };
    EXPECT_EQ(check({"billing_supervisor"}, 5'000'01), "yes");
    EXPECT_EQ(check({"billing_supervisor"}, 150'000'00), "yes");
    EXPECT_EQ(check({"billing_supervisor"}, 150'000'01), errors::limit_exceeded.slug);
    EXPECT_EQ(check({"billing_supervisor"}, -150'000'01), errors::limit_exceeded.slug);
    EXPECT_EQ(check({"finance"}, 150'000'01), "yes");
    EXPECT_EQ(check({"cashier"}, 5'000'01), errors::not_allowed.slug);        // no work.approve
    EXPECT_EQ(check({"administrator"}, 5'000'01), errors::not_allowed.slug);  // no payment.post
    EXPECT_EQ(check({"administrator", "cashier"}, 5'000'01), errors::limit_exceeded.slug);
    EXPECT_EQ(check({}, 5'000'01), errors::not_allowed.slug);
    // What the maker could not ask for, no checker can make good.
    EXPECT_TRUE(may_check(user("maker", {"csr"}), user("checker", {"finance"}),
                          permissions::payment_post, Money::minor(1))
                    .error()
                    .is(errors::not_allowed));
}

TEST(MayCheck, EveryActThatNeedsTwoHasSomeoneForAnyAmount) {
    for (const Permission& permission : all_permissions()) {
        if (permission.second_person == SecondPerson::alone) continue;
        EXPECT_TRUE(may_check(user("maker", {"finance"}), user("checker", {"finance"}), permission,
                              Money::minor(9'000'000'000'00)))
            << permission.slug;
    }
}

TEST(MayCheck, WhoMayIsSaidByName) {
    const User maker = user("a.maker", {"finance"});
    const std::vector<User> users = {maker, user("b.csr", {"csr"}), user("c.head", {"finance"}),
                                     user("d.head", {"billing_supervisor"})};
    const auto& permission = permissions::payment_draft_release;
    EXPECT_EQ(who_may_check(users, maker, permission, std::nullopt), "c.head, d.head");
    EXPECT_EQ(who_may_check(users, maker, permission, Money::minor(150'000'01)), "c.head");
    EXPECT_EQ(who_may_check({maker}, maker, permission, std::nullopt), "nobody yet");
    const Error error = waits_for({4711}, "c.head, d.head");
    EXPECT_EQ(error.kind().exit, ExitCode::needs_approval);
    EXPECT_NE(error.message().find("4711"), std::string::npos);
    EXPECT_NE(error.next().find("c.head, d.head"), std::string::npos);
}

TEST(Refusals, HaveTheirExitCodes) {
    const std::pair<const ErrorKind*, ExitCode> kinds[] = {
        {&errors::user_unknown, ExitCode::not_found},
        {&errors::not_allowed, ExitCode::refused},
        {&errors::same_person, ExitCode::refused},
        {&errors::limit_exceeded, ExitCode::refused},
        {&errors::user_inactive, ExitCode::refused},
        {&errors::needs_approval, ExitCode::needs_approval},
        {&errors::approval_decided, ExitCode::duplicate}};
    for (const auto& [kind, exit] : kinds) EXPECT_EQ(kind->exit, exit) << kind->slug;
}

TEST(StaysInCommand, KeepsSomebodyWhoManagesAndTwoWhoGrant) {
    const User keeper = user("keeper", {"administrator"});
    const User second = user("second", {"administrator", "csr"});
    const User money = user("money", {"finance"});
    const User clerk = user("clerk", {"csr"});
    const auto without_roles = [](User changed) {
        changed.roles.clear();
        return changed;
    };
    const auto disabled = [](User changed) {
        changed.active = false;
        return changed;
    };
    const std::vector<User> office = {keeper, money, clerk};
    for (const User& gone : {without_roles(keeper), disabled(keeper)}) {
        const auto refused = stays_in_command(office, {gone, money, clerk}, "keeper");
        ASSERT_FALSE(refused);
        EXPECT_TRUE(refused.error().is(errors::last_administrator));
        EXPECT_NE(refused.error().message().find("keeper"), std::string::npos);
        EXPECT_TRUE(stays_in_command({keeper, second, money}, {gone, second, money}, "keeper"));
        EXPECT_FALSE(
            stays_in_command({keeper, disabled(second)}, {gone, disabled(second)}, "keeper"))
            << "a disabled one manages nothing";
    }
    // Finance is the only one who could agree to what the administrator grants.
    const auto alone = stays_in_command(office, {keeper, disabled(money), clerk}, "money");
    ASSERT_FALSE(alone);
    EXPECT_TRUE(alone.error().is(errors::last_two_granters));
    EXPECT_TRUE(stays_in_command(office, {keeper, money, disabled(clerk)}, "clerk"));
    // An office of one person never had two.
    EXPECT_TRUE(stays_in_command({keeper, clerk}, {keeper, disabled(clerk)}, "clerk"));
}

TEST(UserName, IsSmallAndPlain) {
    for (const char* good : {"m.ortiz", "ab", "x-1_2.y", "a2345678901234567890123456789012"}) {
        EXPECT_TRUE(check_user_name(good)) << good;
    }
    for (const char* bad : {"", "a", "M.Ortiz", "1a", ".a", "a b", "a,b", "a\n", "ñandu", "a/../b",
                            "a23456789012345678901234567890123"}) {
        EXPECT_FALSE(check_user_name(bad)) << bad;
    }
}

/// A store in memory: what of it the grants need.
class Users final : public UserStore {
public:
    void hold() override {}
    bool add(const User& added, const ChangedBy&) override {
        return users.emplace(added.name, added).second;
    }
    std::optional<User> find(const std::string& name, Instant) override {
        const auto found = users.find(name);
        if (found == users.end()) return std::nullopt;
        return found->second;
    }
    std::vector<User> list(Instant) override { return {}; }
    bool set_active(UserId, bool, const ChangedBy&) override { return false; }
    bool grant(const RoleGrant& grant) override {
        written.push_back(grant);
        return true;
    }
    bool revoke(UserId, const std::string&, const ChangedBy&) override { return false; }
    std::vector<RoleGrant> grants(UserId) override { return written; }

    std::map<std::string, User> users;
    std::vector<RoleGrant> written;
};

Approval approved_grant(const std::string& parameters) {
    Approval approval;
    approval.use_case = permissions::user_grant.slug;
    approval.parameters = parameters;
    approval.maker = "maker";
    approval.why = "counter duty";
    approval.state = "approved";
    approval.checker = "checker";
    return approval;
}

TEST(GrantRequest, IsCarriedOutOnceApproved) {
    Users users;
    (void)users.add(user("m.ortiz", {"csr"}), {});
    const auto approval = approved_grant(to_parameters({"m.ortiz", "cashier"}));
    ASSERT_TRUE(carry_out_grant(users, approval, {1000}));
    ASSERT_EQ(users.written.size(), 1U);
    EXPECT_EQ(users.written[0].role, "cashier");
    EXPECT_EQ(users.written[0].valid_from, Instant{1000});
    EXPECT_EQ(users.written[0].granted_by, "maker");
    EXPECT_EQ(users.written[0].approved_by, "checker");
    EXPECT_EQ(users.written[0].why, "counter duty");
}

TEST(GrantRequest, IsRefusedWhereTheWorldHasChanged) {
    Users users;
    (void)users.add(user("m.ortiz", {"csr"}), {});
    (void)users.add(user("checker", {"finance"}), {});
    User gone = user("gone", {});
    gone.active = false;
    (void)users.add(gone, {});
    const std::pair<std::string, const ErrorKind*> cases[] = {
        {to_parameters({"nobody", "cashier"}), &errors::user_unknown},
        {to_parameters({"gone", "cashier"}), &errors::user_inactive},
        {to_parameters({"m.ortiz", "king"}), &errors::role_unknown},
        {to_parameters({"m.ortiz", "csr"}), &errors::role_held},
        {to_parameters({"checker", "cashier"}), &errors::same_person},
        {"[]", &errors::request_malformed},
        {R"({"user": 7, "role": "csr"})", &errors::request_malformed},
        {R"({"user": "m.ortiz"})", &errors::request_malformed}};
    for (const auto& [parameters, kind] : cases) {
        const auto done = carry_out_grant(users, approved_grant(parameters), {1000});
        ASSERT_FALSE(done) << parameters;
        EXPECT_TRUE(done.error().is(*kind)) << parameters << " " << done.error().slug();
    }
    EXPECT_TRUE(users.written.empty());
}

TEST(GrantRequest, WithoutASecondPersonIsADefect) {
    Users users;
    (void)users.add(user("m.ortiz", {}), {});
    Approval approval = approved_grant(to_parameters({"m.ortiz", "cashier"}));
    approval.checker = approval.maker;
    EXPECT_THROW((void)carry_out_grant(users, approval, {1000}), Defect);
    approval.checker.clear();
    EXPECT_THROW((void)carry_out_grant(users, approval, {1000}), Defect);
    approval = approved_grant(approval.parameters);
    approval.state = "open";
    EXPECT_THROW((void)carry_out_grant(users, approval, {1000}), Defect);
    EXPECT_TRUE(users.written.empty());
}

// RFC 6238, appendix B: the secret is the text of twenty digits; the last six of its eight.
TEST(SecondFactor, GivesTheCodesOfTheStandard) {
    const std::string secret = "12345678901234567890";
    EXPECT_EQ(factor_code(secret, 59 / 30), "287082");
    EXPECT_EQ(factor_code(secret, 1111111109 / 30), "081804");
    EXPECT_EQ(factor_code(secret, 1234567890 / 30), "005924");
    EXPECT_EQ(factor_code(secret, 20000000000 / 30), "353130");
}

// RFC 4648, section 10.
TEST(SecondFactor, WritesItsSecretInLetters) {
    EXPECT_EQ(base32("foobar"), "MZXW6YTBOI");
    EXPECT_EQ(base32("fooba"), "MZXW6YTB");
    EXPECT_EQ(base32("f"), "MY");
}

TEST(SecondFactor, TakesACodeOnceAndOneStepEitherSide) {
    const std::string secret = "12345678901234567890";
    const std::int64_t now = 1234567890;
    const std::int64_t step = now / 30;
    EXPECT_EQ(matching_step(secret, "005924", now, 0), step);
    EXPECT_EQ(matching_step(secret, "005924", now + 30, 0), step);
    EXPECT_EQ(matching_step(secret, "005924", now - 30, 0), step);
    EXPECT_FALSE(matching_step(secret, "005924", now + 60, 0));
    EXPECT_FALSE(matching_step(secret, "005924", now, step));
    EXPECT_FALSE(matching_step(secret, "005925", now, 0));
    EXPECT_FALSE(matching_step(secret, "", now, 0));
    EXPECT_NE(new_factor_secret(), new_factor_secret());
}

TEST(Password, IsNotWhatIsGuessedFirst) {
    for (const char* good : {"correct horse battery", "Lluvia en la acequia 7",
                             "tarde-verde-once-pan", "xK9#vq2LmZ81p", "my password is a heron"}) {
        EXPECT_TRUE(check_password(good, "m.ortiz")) << good;
    }
    for (const char* bad : {"Password12345", "passwordpassword", "123456789012", "qwertyuiop12",
                            "aaaaaaaaaaaa1", "abcdefghijklm", "admin-admin-2026",
                            "WelcomeSummer26!", "m.ortiz-2026!", "abababababab"}) {
        const auto checked = check_password(bad, "m.ortiz");
        ASSERT_FALSE(checked) << bad;
        EXPECT_EQ(checked.error().slug(), "access.password_guessed") << bad;
    }
    EXPECT_EQ(check_password("short").error().slug(), "access.password_weak");
}

}  // namespace
}  // namespace watthour::access
