// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "access/user.hpp"
#include "audit/sealed_field.hpp"
#include "storage/database.hpp"

#include <optional>
#include <string>
#include <vector>

namespace watthour::storage {

struct Credential {
    access::UserId user;
    std::string password_hash;
    std::int64_t failures = 0;
    std::int64_t locked_until = 0;
};

struct Session {
    std::string token_sha256;
    access::UserId user;
    std::string kind;  ///< session, api_key
    std::string name;
    std::int64_t created_at = 0;
    std::int64_t used_at = 0;
    std::int64_t expires_at = 0;
};

struct SecondFactor {
    std::string secret;
    bool confirmed = false;
    std::int64_t last_step = 0;  ///< the last code that was used
};

struct KeptAnswer {
    std::string request_sha256;
    int status = 0;
    std::string response;
};

/// credentials, sessions, one_time_links and idempotency_keys.
class SignInRows {
public:
    explicit SignInRows(Database& database) : database_(database) {}
    [[nodiscard]] bool any_credential();
    [[nodiscard]] std::optional<Credential> credential(access::UserId user);
    /// Sets the password and forgets failures; sessions of the user end.
    void set_password(access::UserId user, const std::string& hash, std::int64_t now);
    void note_failure(access::UserId user, std::int64_t locked_until);
    void forget_failures(access::UserId user);
    void add(const Session& session);
    [[nodiscard]] std::optional<Session> session(const std::string& token_sha256);
    void touch(const std::string& token_sha256, std::int64_t now);
    void end(const std::string& token_sha256);
    void end_all(access::UserId user);
    /// Sessions, keys and links that have ended by themselves leave the database.
    void forget_ended(std::int64_t now);
    void add_link(const std::string& token_sha256, access::UserId user, std::int64_t expires_at);
    /// Takes the link away and says whose it was.
    [[nodiscard]] std::optional<access::UserId> use_link(const std::string& token_sha256,
                                                         std::int64_t now);
    /// Sessions and keys that have not ended, in order of age.
    [[nodiscard]] std::vector<Session> sessions(access::UserId user, std::int64_t now);
    /// Errors: audit.seal_broken.
    [[nodiscard]] Result<std::optional<SecondFactor>> second_factor(access::UserId user,
                                                                    const audit::FieldKey& key);
    /// A new one takes the place of one that was not confirmed.
    void put_second_factor(access::UserId user, const std::string& secret,
                           const audit::FieldKey& key);
    /// Confirms it where it was not, and uses up the codes through a step; false when that step was
    /// used meanwhile.
    [[nodiscard]] bool use_step(access::UserId user, std::int64_t step, std::int64_t now);
    void remove_second_factor(access::UserId user);
    /// Inside a transaction. Errors: audit.seal_broken. Returns how many.
    [[nodiscard]] Result<std::int64_t> seal_anew(const audit::FieldKey& old_key,
                                                 const audit::FieldKey& new_key);
    [[nodiscard]] std::optional<KeptAnswer> answer(const std::string& key_sha256);
    /// False when there is one already.
    [[nodiscard]] bool keep_answer(const std::string& key_sha256, const KeptAnswer& answer,
                                   std::int64_t now);

private:
    Database& database_;
};

}  // namespace watthour::storage
