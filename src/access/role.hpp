// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "access/permission.hpp"
#include "money/money.hpp"

#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace watthour::access {

/// A named set of permissions with one limit.
struct Role {
    std::string name;
    std::string sentence;  ///< what the role is for
    std::vector<Permission> permissions;
    /// Largest amount in one act, in either direction, inclusive; none = any amount.
    std::optional<Money> limit;

    [[nodiscard]] bool allows(const Permission& permission) const;
};

/// The roles of default_roles.def, in its order.
[[nodiscard]] const std::vector<Role>& all_roles();
/// By name; nullptr when there is none.
[[nodiscard]] const Role* find_role(std::string_view name);
/// Names of the roles that give a permission, in order: "cashier, finance".
[[nodiscard]] std::string roles_that_allow(const Permission& permission);
[[nodiscard]] std::string names_of_roles();

}  // namespace watthour::access
