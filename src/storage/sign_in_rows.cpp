// SPDX-License-Identifier: Apache-2.0
#include "storage/sign_in_rows.hpp"

namespace watthour::storage {
namespace {

const Query select_any_credential("SELECT 1 FROM credentials LIMIT 1");
const Query select_credential(
    "SELECT password_hash, failures, locked_until FROM credentials WHERE user_id = $1");
const Query put_credential(
    "INSERT INTO credentials (user_id, password_hash, changed_at, failures, locked_until) "
    "VALUES ($1, $2, $3, 0, 0) ON CONFLICT (user_id) DO UPDATE SET "
    "password_hash = excluded.password_hash, changed_at = excluded.changed_at, failures = 0, "
    "locked_until = 0");
const Query count_failure(
    "UPDATE credentials SET failures = failures + 1, "
    "locked_until = CASE WHEN failures >= 4 THEN CAST($2 AS BIGINT) ELSE locked_until END "
    "WHERE user_id = $1");
const Query clear_failures(
    "UPDATE credentials SET failures = 0, locked_until = 0 WHERE user_id = $1 AND failures > 0");
const Query insert_session(
    "INSERT INTO sessions (token_sha256, user_id, kind, name, created_at, used_at, expires_at) "
    "VALUES ($1, $2, $3, $4, $5, $6, $7)");
const Query select_session(
    "SELECT user_id, kind, name, created_at, used_at, expires_at FROM sessions "
    "WHERE token_sha256 = $1");
const Query touch_session("UPDATE sessions SET used_at = $2 WHERE token_sha256 = $1");
const Query delete_session("DELETE FROM sessions WHERE token_sha256 = $1");
const Query delete_sessions_of("DELETE FROM sessions WHERE user_id = $1");
const Query delete_ended_sessions("DELETE FROM sessions WHERE expires_at <= $1");
const Query delete_ended_links("DELETE FROM one_time_links WHERE expires_at <= $1");
const Query insert_link(
    "INSERT INTO one_time_links (token_sha256, user_id, expires_at) VALUES ($1, $2, $3)");
const Query select_link(
    "SELECT user_id FROM one_time_links WHERE token_sha256 = $1 AND expires_at > $2");
const Query delete_link("DELETE FROM one_time_links WHERE token_sha256 = $1");
const Query select_sessions_of(
    "SELECT token_sha256, kind, name, created_at, used_at, expires_at FROM sessions "
    "WHERE user_id = $1 AND expires_at > $2 ORDER BY created_at, token_sha256");
const Query select_factor(
    "SELECT secret_sealed, confirmed_at, last_step FROM second_factors WHERE user_id = $1");
const Query select_factors("SELECT user_id, secret_sealed FROM second_factors ORDER BY user_id");
const Query put_factor(
    "INSERT INTO second_factors (user_id, secret_sealed, confirmed_at, last_step) "
    "VALUES ($1, $2, 0, 0) ON CONFLICT (user_id) DO UPDATE SET "
    "secret_sealed = excluded.secret_sealed, confirmed_at = 0, last_step = 0");
const Query use_factor(
    "UPDATE second_factors SET last_step = $2, "
    "confirmed_at = CASE WHEN confirmed_at = 0 THEN CAST($3 AS BIGINT) ELSE confirmed_at END "
    "WHERE user_id = $1 AND last_step < $2");
const Query reseal_factor("UPDATE second_factors SET secret_sealed = $2 WHERE user_id = $1");
const Query delete_factor("DELETE FROM second_factors WHERE user_id = $1");
const Query select_answer(
    "SELECT request_sha256, status, response FROM idempotency_keys WHERE key_sha256 = $1");
const Query insert_answer(
    "INSERT INTO idempotency_keys (key_sha256, request_sha256, status, response, created_at) "
    "VALUES ($1, $2, $3, $4, $5) ON CONFLICT DO NOTHING");

std::string factor_context(access::UserId user) {
    return "second_factors|" + std::to_string(user.value);
}

}  // namespace

bool SignInRows::any_credential() { return database_.prepare(select_any_credential).step(); }

std::optional<Credential> SignInRows::credential(access::UserId user) {
    Statement select = database_.prepare(select_credential);
    select.bind(1, user.value);
    if (!select.step()) return std::nullopt;
    return Credential{user, select.text(0), select.integer(1), select.integer(2)};
}

void SignInRows::set_password(access::UserId user, const std::string& hash, std::int64_t now) {
    database_.prepare(put_credential).bind(1, user.value).bind(2, hash).bind(3, now).run();
    end_all(user);
}

void SignInRows::note_failure(access::UserId user, std::int64_t locked_until) {
    database_.prepare(count_failure).bind(1, user.value).bind(2, locked_until).run();
}

void SignInRows::forget_failures(access::UserId user) {
    database_.prepare(clear_failures).bind(1, user.value).run();
}

void SignInRows::add(const Session& session) {
    database_.prepare(insert_session)
        .bind(1, session.token_sha256)
        .bind(2, session.user.value)
        .bind(3, session.kind)
        .bind(4, session.name)
        .bind(5, session.created_at)
        .bind(6, session.used_at)
        .bind(7, session.expires_at)
        .run();
}

std::optional<Session> SignInRows::session(const std::string& token_sha256) {
    Statement select = database_.prepare(select_session);
    select.bind(1, token_sha256);
    if (!select.step()) return std::nullopt;
    return Session{token_sha256,      {select.integer(0)}, select.text(1),   select.text(2),
                   select.integer(3), select.integer(4),   select.integer(5)};
}

void SignInRows::touch(const std::string& token_sha256, std::int64_t now) {
    database_.prepare(touch_session).bind(1, token_sha256).bind(2, now).run();
}

void SignInRows::end(const std::string& token_sha256) {
    database_.prepare(delete_session).bind(1, token_sha256).run();
}

void SignInRows::end_all(access::UserId user) {
    database_.prepare(delete_sessions_of).bind(1, user.value).run();
}

void SignInRows::forget_ended(std::int64_t now) {
    database_.prepare(delete_ended_sessions).bind(1, now).run();
    database_.prepare(delete_ended_links).bind(1, now).run();
}

void SignInRows::add_link(const std::string& token_sha256, access::UserId user,
                          std::int64_t expires_at) {
    database_.prepare(insert_link)
        .bind(1, token_sha256)
        .bind(2, user.value)
        .bind(3, expires_at)
        .run();
}

std::optional<access::UserId> SignInRows::use_link(const std::string& token_sha256,
                                                   std::int64_t now) {
    std::optional<access::UserId> user;
    {
        Statement select = database_.prepare(select_link);
        select.bind(1, token_sha256).bind(2, now);
        if (select.step()) user = access::UserId{select.integer(0)};
    }
    // Who takes the row away has used the link; a second one at the same moment has not.
    if (user && database_.prepare(delete_link).bind(1, token_sha256).run() == 0)
        return std::nullopt;
    return user;
}

std::vector<Session> SignInRows::sessions(access::UserId user, std::int64_t now) {
    std::vector<Session> sessions;
    Statement select = database_.prepare(select_sessions_of);
    select.bind(1, user.value).bind(2, now);
    while (select.step()) {
        sessions.push_back({select.text(0), user, select.text(1), select.text(2), select.integer(3),
                            select.integer(4), select.integer(5)});
    }
    return sessions;
}

Result<std::optional<SecondFactor>> SignInRows::second_factor(access::UserId user,
                                                              const audit::FieldKey& key) {
    Statement select = database_.prepare(select_factor);
    select.bind(1, user.value);
    if (!select.step()) return std::optional<SecondFactor>();
    TRY(auto secret, key.open(select.bytes(0), factor_context(user)));
    return std::optional<SecondFactor>(
        SecondFactor{std::move(secret), select.integer(1) != 0, select.integer(2)});
}

void SignInRows::put_second_factor(access::UserId user, const std::string& secret,
                                   const audit::FieldKey& key) {
    database_.prepare(put_factor)
        .bind(1, user.value)
        .bind_bytes(2, key.seal(secret, factor_context(user)))
        .run();
}

bool SignInRows::use_step(access::UserId user, std::int64_t step, std::int64_t now) {
    return database_.prepare(use_factor).bind(1, user.value).bind(2, step).bind(3, now).run() == 1;
}

void SignInRows::remove_second_factor(access::UserId user) {
    database_.prepare(delete_factor).bind(1, user.value).run();
}

Result<std::int64_t> SignInRows::seal_anew(const audit::FieldKey& old_key,
                                           const audit::FieldKey& new_key) {
    std::vector<std::pair<access::UserId, std::string>> secrets;
    Statement select = database_.prepare(select_factors);
    while (select.step()) {
        const access::UserId user{select.integer(0)};
        TRY(auto secret, old_key.open(select.bytes(1), factor_context(user)));
        secrets.emplace_back(user, std::move(secret));
    }
    select.reset();
    for (const auto& [user, secret] : secrets) {
        database_.prepare(reseal_factor)
            .bind(1, user.value)
            .bind_bytes(2, new_key.seal(secret, factor_context(user)))
            .run();
    }
    return static_cast<std::int64_t>(secrets.size());
}

std::optional<KeptAnswer> SignInRows::answer(const std::string& key_sha256) {
    Statement select = database_.prepare(select_answer);
    select.bind(1, key_sha256);
    if (!select.step()) return std::nullopt;
    return KeptAnswer{select.text(0), static_cast<int>(select.integer(1)), select.text(2)};
}

bool SignInRows::keep_answer(const std::string& key_sha256, const KeptAnswer& answer,
                             std::int64_t now) {
    return database_.prepare(insert_answer)
        .bind(1, key_sha256)
        .bind(2, answer.request_sha256)
        .bind(3, std::int64_t{answer.status})
        .bind(4, answer.response)
        .bind(5, now)
        .run_unless_taken();
}

}  // namespace watthour::storage
