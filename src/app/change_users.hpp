// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "app/office.hpp"

#include <string>

namespace watthour::app {

struct UserChange {
    std::string user;
    std::string why;
    bool dry_run = false;
};

/// Takes a role back; it acts at once. Returns the user as changed.
/// Errors: access.not_allowed, access.user_inactive, access.reason_missing, access.user_unknown,
/// access.role_not_held, access.last_administrator, access.last_two_granters.
[[nodiscard]] Result<access::User> revoke_role(Office& office, const UserChange& change,
                                               const std::string& role);

/// Disables a user, whose name and roles stay on record. Returns the user as changed.
/// Errors: as revoke_role, with access.user_disabled for access.role_not_held.
[[nodiscard]] Result<access::User> disable_user(Office& office, const UserChange& change);

}  // namespace watthour::app
