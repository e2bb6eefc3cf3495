// SPDX-License-Identifier: Apache-2.0
#include "storage/access_rows.hpp"

#include <algorithm>
#include <utility>

namespace watthour::storage {
namespace {

using access::Approval;
using access::ApprovalId;
using access::ChangedBy;
using access::RoleGrant;
using access::User;
using access::UserId;

const Query insert_user(
    "INSERT INTO users (user_id, name, full_name, active, changed_at, changed_by, why) "
    "VALUES ($1, $2, $3, $4, $5, $6, $7) ON CONFLICT DO NOTHING");
constexpr const char* user_columns = "SELECT user_id, name, full_name, active FROM users ";
const Query select_user(user_columns, "WHERE name = $1");
const Query select_users(user_columns, "ORDER BY name");
const Query hold_users("SELECT user_id FROM users ORDER BY user_id ${FOR_UPDATE}");
const Query update_active(
    "UPDATE users SET active = $2, changed_at = $3, changed_by = $4, why = $5 "
    "WHERE user_id = $1 AND active <> $2");

constexpr const char* grants_with_revocations =
    "FROM role_grants g LEFT JOIN role_revocations r ON r.user_id = g.user_id AND "
    "r.role = g.role AND r.valid_from = g.valid_from ";
constexpr const char* in_force =
    "WHERE g.valid_from <= $1 AND g.valid_until > $1 AND "
    "(r.revoked_at IS NULL OR r.revoked_at > $1) ";
const Query select_roles("SELECT DISTINCT g.user_id, g.role ", grants_with_revocations, in_force,
                         "ORDER BY g.user_id, g.role");
const Query select_roles_of_user("SELECT DISTINCT g.role ", grants_with_revocations, in_force,
                                 "AND g.user_id = $2 ORDER BY g.role");
const Query insert_grant(
    "INSERT INTO role_grants (user_id, role, valid_from, valid_until, recorded_at, granted_by, "
    "approved_by, why, recorded_on) VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9) "
    "ON CONFLICT DO NOTHING");
const Query insert_revocations(
    "INSERT INTO role_revocations (user_id, role, valid_from, revoked_at, revoked_by, why, "
    "recorded_on) "
    "SELECT user_id, role, valid_from, CAST($3 AS BIGINT), CAST($4 AS TEXT), CAST($5 AS TEXT), "
    "CAST($6 AS TEXT) FROM role_grants WHERE user_id = $1 AND role = $2 AND valid_until > CAST($3 "
    "AS BIGINT) "
    "ON CONFLICT DO NOTHING");
const Query select_grants(
    "SELECT g.user_id, g.role, g.valid_from, g.valid_until, g.recorded_at, g.granted_by, "
    "g.approved_by, g.why, COALESCE(r.revoked_at, g.valid_until), COALESCE(r.revoked_by, ''), "
    "COALESCE(r.why, '') ",
    grants_with_revocations, "WHERE g.user_id = $1 ORDER BY g.valid_from, g.role");

const Query insert_approval(
    "INSERT INTO approvals (account_id, approval_id, use_case, parameters, amount_minor, maker, "
    "why, requested_at, state, checker, decided_at, decided_why) "
    "VALUES ($1, $2, $3, $4, $5, $6, $7, $8, 'open', '', 0, '') ON CONFLICT DO NOTHING");
const Query select_same_requests(
    "SELECT approval_id, state FROM approvals WHERE account_id = $1 AND use_case = $2 AND "
    "parameters = $3 AND maker = $4");
constexpr const char* approval_columns =
    "SELECT account_id, approval_id, use_case, parameters, amount_minor, maker, why, "
    "requested_at, state, checker, decided_at, decided_why FROM approvals ";
const Query select_approval(approval_columns, "WHERE approval_id = $1");
const Query select_open(approval_columns,
                        "WHERE state = 'open' ORDER BY requested_at, approval_id");
// Of two who decide at the same time, the second finds the state changed and no row.
const Query update_decision(
    "UPDATE approvals SET state = $3, checker = $4, decided_at = $5, decided_why = $6 "
    "WHERE account_id = $1 AND approval_id = $2 AND state = 'open'");

User user_row(Statement& row) {
    return {{row.integer(0)}, row.text(1), row.text(2), row.integer(3) != 0, {}};
}

RoleGrant grant_row(Statement& row) {
    RoleGrant grant;
    grant.user = {row.integer(0)};
    grant.role = row.text(1);
    grant.valid_from = {row.integer(2)};
    grant.valid_until = {std::min(row.integer(3), row.integer(8))};
    grant.recorded_at = {row.integer(4)};
    grant.granted_by = row.text(5);
    grant.approved_by = row.text(6);
    grant.why = row.text(7);
    grant.revoked_by = row.text(9);
    grant.revoked_why = row.text(10);
    return grant;
}

Approval approval_row(Statement& row) {
    Approval approval;
    approval.account = row.integer(0);
    approval.id = {row.integer(1)};
    approval.use_case = row.text(2);
    approval.parameters = row.text(3);
    if (!row.is_null(4)) approval.amount = row.money(4);
    approval.maker = row.text(5);
    approval.why = row.text(6);
    approval.requested_at = {row.integer(7)};
    approval.state = row.text(8);
    approval.checker = row.text(9);
    approval.decided_at = {row.integer(10)};
    approval.decided_why = row.text(11);
    return approval;
}

}  // namespace

void UserRows::hold() {
    Statement select = database_.prepare(hold_users);
    while (select.step()) {
    }
}

bool UserRows::add(const User& user, const ChangedBy& by) {
    return database_.prepare(insert_user)
        .bind(1, user.id.value)
        .bind(2, user.name)
        .bind(3, user.full_name)
        .bind(4, std::int64_t{user.active})
        .bind(5, by.at.seconds)
        .bind(6, by.who)
        .bind(7, by.why)
        .run_unless_taken();
}

std::optional<User> UserRows::find(const std::string& name, Instant at) {
    std::optional<User> user;
    {
        Statement select = database_.prepare(select_user);
        select.bind(1, name);
        if (!select.step()) return std::nullopt;
        user = user_row(select);
    }
    Statement roles = database_.prepare(select_roles_of_user);
    roles.bind(1, at.seconds).bind(2, user->id.value);
    while (roles.step()) user->roles.push_back(roles.text(0));
    return user;
}

std::vector<User> UserRows::list(Instant at) {
    std::map<std::int64_t, std::vector<std::string>> roles;
    Statement select_role = database_.prepare(select_roles);
    select_role.bind(1, at.seconds);
    while (select_role.step()) roles[select_role.integer(0)].push_back(select_role.text(1));
    std::vector<User> users;
    Statement select = database_.prepare(select_users);
    while (select.step()) {
        User user = user_row(select);
        user.roles = std::move(roles[user.id.value]);
        users.push_back(std::move(user));
    }
    return users;
}

bool UserRows::set_active(UserId user, bool active, const ChangedBy& by) {
    return database_.prepare(update_active)
               .bind(1, user.value)
               .bind(2, std::int64_t{active})
               .bind(3, by.at.seconds)
               .bind(4, by.who)
               .bind(5, by.why)
               .run() > 0;
}

bool UserRows::grant(const RoleGrant& grant) {
    return database_.prepare(insert_grant)
        .bind(1, grant.user.value)
        .bind(2, grant.role)
        .bind(3, grant.valid_from.seconds)
        .bind(4, grant.valid_until.seconds)
        .bind(5, grant.recorded_at.seconds)
        .bind(6, grant.granted_by)
        .bind(7, grant.approved_by)
        .bind(8, grant.why)
        .bind(9, database_.recorded_on())
        .run_unless_taken();
}

bool UserRows::revoke(UserId user, const std::string& role, const ChangedBy& by) {
    return database_.prepare(insert_revocations)
               .bind(1, user.value)
               .bind(2, role)
               .bind(3, by.at.seconds)
               .bind(4, by.who)
               .bind(5, by.why)
               .bind(6, database_.recorded_on())
               .run() > 0;
}

std::vector<RoleGrant> UserRows::grants(UserId user) {
    std::vector<RoleGrant> grants;
    Statement select = database_.prepare(select_grants);
    select.bind(1, user.value);
    while (select.step()) grants.push_back(grant_row(select));
    return grants;
}

ApprovalId ApprovalRows::request(const Approval& approval) {
    std::int64_t earlier = 0;
    Statement same = database_.prepare(select_same_requests);
    same.bind(1, approval.account)
        .bind(2, approval.use_case)
        .bind(3, approval.parameters)
        .bind(4, approval.maker);
    while (same.step()) {
        if (same.text_view(1) == "open") return {same.integer(0)};
        ++earlier;
    }
    // Two who ask for the same thing at once come to one number, and to one row.
    const ApprovalId id = access::approval_id(approval, earlier);
    Statement insert = database_.prepare(insert_approval);
    insert.bind(1, approval.account)
        .bind(2, id.value)
        .bind(3, approval.use_case)
        .bind(4, approval.parameters)
        .bind(6, approval.maker)
        .bind(7, approval.why)
        .bind(8, approval.requested_at.seconds);
    if (approval.amount) {
        insert.bind(5, *approval.amount);
    } else {
        insert.bind_null(5);
    }
    insert.run();
    return id;
}

std::optional<Approval> ApprovalRows::find(ApprovalId id) {
    Statement select = database_.prepare(select_approval);
    select.bind(1, id.value);
    if (!select.step()) return std::nullopt;
    return approval_row(select);
}

std::vector<Approval> ApprovalRows::open() {
    std::vector<Approval> approvals;
    Statement select = database_.prepare(select_open);
    while (select.step()) approvals.push_back(approval_row(select));
    return approvals;
}

bool ApprovalRows::decide(const Approval& approval) {
    return database_.prepare(update_decision)
               .bind(1, approval.account)
               .bind(2, approval.id.value)
               .bind(3, approval.state)
               .bind(4, approval.checker)
               .bind(5, approval.decided_at.seconds)
               .bind(6, approval.decided_why)
               .run() > 0;
}

}  // namespace watthour::storage
