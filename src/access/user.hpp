// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "base/ids.hpp"
#include "base/result.hpp"
#include "calendar/date.hpp"

#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace watthour::access {

using UserId = Id<struct UserTag>;

/// Who acts. The name is what a person signs in with; it never goes to another person.
struct User {
    UserId id;
    std::string name;
    std::string full_name;
    bool active = true;
    std::vector<std::string> roles;  ///< those in force when the user was looked up, in order
};

/// "active, billing_technician" or "disabled", for the audit trail.
[[nodiscard]] std::string in_words(const User& user);

/// The same name gives the same id on every database.
[[nodiscard]] UserId user_id(std::string_view name);
/// 2 to 32 of a-z, 0-9, '.', '_' and '-', the first a letter. Errors: access.name_malformed.
[[nodiscard]] Result<void> check_user_name(const std::string& name);

/// A grant without an end.
inline constexpr Instant without_end{253402214400};  // 9999-12-31

/// A role given to a user: a dated fact, in force from valid_from and before valid_until.
struct RoleGrant {
    UserId user;
    std::string role;
    Instant valid_from;
    Instant valid_until = without_end;
    Instant recorded_at;
    std::string granted_by;   ///< the maker's name
    std::string approved_by;  ///< the checker's; empty only for the utility's first users
    std::string why;
    /// Filled when the role was taken back; valid_until is then when that was.
    std::string revoked_by;
    std::string revoked_why;
};

/// Who changed something about a user, when and why.
struct ChangedBy {
    std::string who;
    std::string why;
    Instant at;
};

class UserStore {
public:
    virtual ~UserStore() = default;
    /// Inside a transaction: whoever else holds the users waits until it ends, so that two
    /// administrators who disable each other come one after the other.
    virtual void hold() = 0;
    /// The roles of the user are not written: each is a grant. False when the name is taken.
    [[nodiscard]] virtual bool add(const User& user, const ChangedBy& by) = 0;
    /// With the roles in force at that instant.
    [[nodiscard]] virtual std::optional<User> find(const std::string& name, Instant at) = 0;
    /// By name, each with the roles in force at that instant.
    [[nodiscard]] virtual std::vector<User> list(Instant at) = 0;
    /// False when the user was in that state already.
    [[nodiscard]] virtual bool set_active(UserId user, bool active, const ChangedBy& by) = 0;
    /// False when there is a grant of that role from that very second.
    [[nodiscard]] virtual bool grant(const RoleGrant& grant) = 0;
    /// Ends the grants of the role that are in force or still to come; the grants stay as they
    /// were written. False when there was none.
    [[nodiscard]] virtual bool revoke(UserId user, const std::string& role,
                                      const ChangedBy& by) = 0;
    /// Every grant that was ever made to the user, oldest first.
    [[nodiscard]] virtual std::vector<RoleGrant> grants(UserId user) = 0;
};

}  // namespace watthour::access
