// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "app/office.hpp"

#include <string>
#include <vector>

namespace watthour::app {

/// What lets its bearer in. Only its hash is kept; it is told once.
struct Entrance {
    std::string token;
    access::User user;
    std::int64_t expires_at = 0;  ///< seconds of UTC
};

inline constexpr std::int64_t session_idle_seconds = 30 * 60;
inline constexpr std::int64_t session_most_seconds = 12 * 3600;
inline constexpr std::int64_t lock_seconds = 15 * 60;
inline constexpr std::int64_t link_seconds = 24 * 3600;

/// Signs a user in, with the code of the second factor where there is one. A name that does not
/// exist takes as long as a wrong password and is told the same. The caller has no transaction
/// open. Errors: access.sign_in_failed, access.locked, access.code_needed, access.code_wrong.
[[nodiscard]] Result<Entrance> sign_in(Office& office, const std::string& name,
                                       const std::string& password, const std::string& code = {});
/// Whose token it is; a session rests at most half an hour and lasts at most twelve.
/// Errors: access.not_signed_in, access.session_over, access.user_inactive.
[[nodiscard]] Result<access::User> who_has(Office& office, const std::string& token);
/// Whether anybody has a password yet.
[[nodiscard]] bool anybody_can_sign_in(Office& office);
void sign_out(Office& office, const std::string& token);
/// A link by which a user sets a password, once, within a day. Errors: access.user_unknown.
[[nodiscard]] Result<Entrance> make_link(Office& office, const std::string& name);
/// Errors: access.link_over, access.password_weak.
[[nodiscard]] Result<access::User> set_password(Office& office, const std::string& link_token,
                                                const std::string& password);
/// A second factor of the actor, which holds when its first code is given; the secret is told once.
/// Errors: access.factor_exists, audit.seal_broken.
[[nodiscard]] Result<std::string> begin_second_factor(Office& office);
/// Errors: access.factor_missing, access.code_wrong, audit.seal_broken.
[[nodiscard]] Result<void> confirm_second_factor(Office& office, const std::string& code);
/// A key for another program, in the name of the actor, for 1 to 400 days.
/// Errors: access.key_days_wrong.
[[nodiscard]] Result<Entrance> make_api_key(Office& office, const std::string& name,
                                            std::int64_t days);
struct ApiKey {
    std::string id;  ///< the beginning of its hash; opens nothing
    std::string name;
    std::int64_t created_at = 0;
    std::int64_t used_at = 0;
    std::int64_t expires_at = 0;
};
/// The actor's keys.
[[nodiscard]] std::vector<ApiKey> api_keys(Office& office);
/// Errors: access.key_unknown.
[[nodiscard]] Result<void> end_api_key(Office& office, const std::string& id);

}  // namespace watthour::app
