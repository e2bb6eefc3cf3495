// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "app/office.hpp"

#include <optional>
#include <string>

namespace watthour::app {

struct UserChange {
    std::string user;
    std::string why;
    bool dry_run = false;
};

/// A user, and the role that waits for a second person.
struct AddedUser {
    access::User user;
    std::optional<Error> waits;  ///< access.needs_approval with the approval's number
};

/// Adds a user, and asks for a role where one is named.
/// Errors: access.not_allowed, access.user_name_malformed, access.role_unknown, access.user_exists.
[[nodiscard]] Result<AddedUser> add_user(Office& office, const UserChange& change,
                                         const std::string& full_name, const std::string& role);

/// Asks a second person to give a user a role.
/// Errors: access.not_allowed, access.reason_missing, access.user_unknown, access.role_held, ...
[[nodiscard]] Result<AddedUser> ask_for_role(Office& office, const UserChange& change,
                                             const std::string& role);

/// Takes a role back; it acts at once. Returns the user as changed.
/// Errors: access.not_allowed, access.user_inactive, access.reason_missing, access.user_unknown,
/// access.role_not_held, access.last_administrator, access.last_two_granters.
[[nodiscard]] Result<access::User> revoke_role(Office& office, const UserChange& change,
                                               const std::string& role);

/// Disables a user, whose name and roles stay on record. Returns the user as changed.
/// Errors: as revoke_role, with access.user_disabled for access.role_not_held.
[[nodiscard]] Result<access::User> disable_user(Office& office, const UserChange& change);

}  // namespace watthour::app
