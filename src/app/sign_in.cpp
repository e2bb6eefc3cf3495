// SPDX-License-Identifier: Apache-2.0
#include "app/sign_in.hpp"

#include "access/errors.hpp"
#include "access/password.hpp"
#include "access/second_factor.hpp"
#include "app/audit_trail.hpp"
#include "base/digest.hpp"
#include "storage/sign_in_rows.hpp"

namespace watthour::app {
namespace {

using storage::Session;
using storage::SignInRows;

/// Hashed once; a name that does not exist is compared with it.
const std::string& nobodys_hash() {
    static const std::string hash = access::hash_password("nobody has this password");
    return hash;
}

Entrance enter(Office& office, const access::User& user, const Session& kind_and_end) {
    Entrance entrance;
    entrance.token = access::random_token();
    entrance.user = user;
    entrance.expires_at = kind_and_end.expires_at;
    Session session = kind_and_end;
    session.token_sha256 = sha256_hex(entrance.token);
    session.user = user.id;
    session.created_at = session.used_at = office.clock().now();
    SignInRows(office.database()).add(session);
    return entrance;
}

}  // namespace

Result<Entrance> sign_in(Office& office, const std::string& name, const std::string& password,
                         const std::string& code) {
    const std::int64_t now = office.clock().now();
    SignInRows rows(office.database());
    const auto user = office.users().find(name, Instant{now});
    const auto credential = user ? rows.credential(user->id) : std::nullopt;
    if (!credential) {
        (void)access::is_password(nobodys_hash(), password);
        return Error(access::errors::sign_in_failed, {});
    }
    if (credential->locked_until > now) {
        return Error(access::errors::locked,
                     {{"minutes", std::to_string((credential->locked_until - now + 59) / 60)}});
    }
    if (!access::is_password(credential->password_hash, password) || !user->active) {
        rows.note_failure(user->id, now + lock_seconds);
        return Error(access::errors::sign_in_failed, {});
    }
    TRY(const auto factor, rows.second_factor(user->id, office.key()));
    if (factor && factor->confirmed) {
        if (code.empty()) return Error(access::errors::code_needed, {});
        const auto step = access::matching_step(factor->secret, code, now, factor->last_step);
        if (!step || !rows.use_step(user->id, *step, now)) {
            rows.note_failure(user->id, now + lock_seconds);
            return Error(access::errors::code_wrong, {});
        }
    }
    rows.forget_failures(user->id);
    // A week is kept, so that a session that is over is told so and not called unknown.
    rows.forget_ended(now - 7 * 86400);
    Session session;
    session.kind = "session";
    session.expires_at = now + session_most_seconds;
    return enter(office, *user, session);
}

Result<access::User> who_has(Office& office, const std::string& token) {
    if (token.empty()) return Error(access::errors::not_signed_in, {});
    const std::int64_t now = office.clock().now();
    SignInRows rows(office.database());
    const auto session = rows.session(sha256_hex(token));
    if (!session) return Error(access::errors::not_signed_in, {});
    const bool rested = session->kind == "session" && now - session->used_at > session_idle_seconds;
    if (rested || now >= session->expires_at) {
        rows.end(session->token_sha256);
        return Error(access::errors::session_over, {});
    }
    for (auto& user : office.users().list(Instant{now})) {
        if (user.id != session->user) continue;
        if (!user.active) return Error(access::errors::user_inactive, {{"user", user.name}});
        // Written at most once a minute: a read stays a read.
        if (now - session->used_at >= 60) rows.touch(session->token_sha256, now);
        return user;
    }
    return Error(access::errors::not_signed_in, {});
}

bool anybody_can_sign_in(Office& office) { return SignInRows(office.database()).any_credential(); }

void sign_out(Office& office, const std::string& token) {
    SignInRows(office.database()).end(sha256_hex(token));
}

Result<Entrance> make_link(Office& office, const std::string& name) {
    const std::int64_t now = office.clock().now();
    const auto user = office.users().find(name, Instant{now});
    if (!user) return Error(access::errors::user_unknown, {{"user", name}});
    Entrance entrance{access::random_token(), *user, now + link_seconds};
    storage::Transaction transaction(office.database(), office.business_date());
    SignInRows(office.database())
        .add_link(sha256_hex(entrance.token), user->id, entrance.expires_at);
    record(office, access::permissions::user_manage,
           {0, "user:" + name, "", "a link to set a password", "", 0});
    transaction.commit();
    return entrance;
}

Result<access::User> set_password(Office& office, const std::string& link_token,
                                  const std::string& password) {
    TRY_DONE(access::check_password(password));
    const std::int64_t now = office.clock().now();
    const std::string hash = access::hash_password(password);
    storage::Transaction transaction(office.database(), office.business_date());
    SignInRows rows(office.database());
    const auto id = rows.use_link(sha256_hex(link_token), now);
    if (!id) return Error(access::errors::link_over, {});
    for (const auto& user : office.users().list(Instant{now})) {
        if (user.id != *id) continue;
        TRY_DONE(access::check_password(password, user.name));
        rows.set_password(*id, hash, now);
        // Whoever lost the telephone begins anew with the link.
        rows.remove_second_factor(*id);
        office.act_as(user.name);
        record(office, access::permissions::user_manage,
               {0, "user:" + user.name, "", "set a password", "by link", 0});
        transaction.commit();
        return user;
    }
    return Error(access::errors::link_over, {});
}

Result<std::string> begin_second_factor(Office& office) {
    SignInRows rows(office.database());
    TRY(const auto factor, rows.second_factor(office.actor().id, office.key()));
    if (factor && factor->confirmed) return Error(access::errors::factor_exists, {});
    const std::string secret = access::new_factor_secret();
    rows.put_second_factor(office.actor().id, secret, office.key());
    return access::base32(secret);
}

Result<void> confirm_second_factor(Office& office, const std::string& code) {
    const std::int64_t now = office.clock().now();
    SignInRows rows(office.database());
    TRY(const auto factor, rows.second_factor(office.actor().id, office.key()));
    if (!factor) return Error(access::errors::factor_missing, {});
    const auto step = access::matching_step(factor->secret, code, now, factor->last_step);
    storage::Transaction transaction(office.database(), office.business_date());
    if (!step || !rows.use_step(office.actor().id, *step, now)) {
        return Error(access::errors::code_wrong, {});
    }
    record(office, access::permissions::user_view,
           {0, "user:" + office.actor().name, "", "has a second factor", "", 0});
    transaction.commit();
    return {};
}

Result<Entrance> make_api_key(Office& office, const std::string& name, std::int64_t days) {
    constexpr std::int64_t most_days = 400;
    if (days < 1 || days > most_days) {
        return Error(access::errors::key_days_wrong, {{"days", std::to_string(days)}});
    }
    Session session;
    session.kind = "api_key";
    session.name = name;
    session.expires_at = office.clock().now() + days * 86400;
    storage::Transaction transaction(office.database(), office.business_date());
    Entrance entrance = enter(office, office.actor(), session);
    record(office, access::permissions::user_view,
           {0, "user:" + office.actor().name, "", "an API key: " + name, "", 0});
    transaction.commit();
    return entrance;
}

std::vector<ApiKey> api_keys(Office& office) {
    std::vector<ApiKey> keys;
    SignInRows rows(office.database());
    for (const auto& one : rows.sessions(office.actor().id, office.clock().now())) {
        if (one.kind != "api_key") continue;
        keys.push_back({one.token_sha256.substr(0, 16), one.name, one.created_at, one.used_at,
                        one.expires_at});
    }
    return keys;
}

Result<void> end_api_key(Office& office, const std::string& id) {
    SignInRows rows(office.database());
    for (const auto& one : rows.sessions(office.actor().id, office.clock().now())) {
        if (one.kind != "api_key" || one.token_sha256.substr(0, 16) != id) continue;
        storage::Transaction transaction(office.database(), office.business_date());
        rows.end(one.token_sha256);
        record(office, access::permissions::user_view,
               {0, "user:" + office.actor().name, "an API key: " + one.name, "ended", "", 0});
        transaction.commit();
        return {};
    }
    return Error(access::errors::key_unknown, {{"key", id}});
}

}  // namespace watthour::app
