// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "access/approval.hpp"
#include "access/user.hpp"

#include <string>

namespace watthour::access {

/// "Give this user this role", as it waits in an approval of user.grant.
struct GrantRequest {
    std::string user;
    std::string role;
};

[[nodiscard]] std::string to_parameters(const GrantRequest& request);
/// Errors: access.request_malformed, base.json_malformed.
[[nodiscard]] Result<GrantRequest> parse_grant_request(const std::string& parameters);

/// The user may be given the role now. Errors: access.user_unknown, access.user_inactive,
/// access.role_unknown, access.role_held.
[[nodiscard]] Result<User> check_grant(UserStore& users, const GrantRequest& request, Instant at);

/// Gives the role that an approval of user.grant asks for, once it is approved. The caller has
/// asked may_check before, and decides the approval in the same transaction. The one who gets the
/// role can be its maker, never its checker.
/// Errors: those of the two functions above, access.same_person.
[[nodiscard]] Result<void> carry_out_grant(UserStore& users, const Approval& approved, Instant at);

}  // namespace watthour::access
