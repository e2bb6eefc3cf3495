// SPDX-License-Identifier: Apache-2.0
#include "access/role.hpp"

#include <algorithm>
#include <cstdint>

namespace watthour::access {
namespace {

constexpr std::int64_t no_limit = -1;

std::optional<Money> limit_of(std::int64_t cents) {
    if (cents == no_limit) return std::nullopt;
    return Money::minor(cents);
}

std::vector<Role> made_roles() {
    using namespace permissions;
    return {
#define WH_ROLE(name, limit, sentence, ...) Role{#name, sentence, {__VA_ARGS__}, limit_of(limit)},
#include "access/default_roles.def"
#undef WH_ROLE
    };
}

void append(std::string& list, const std::string& name) {
    if (!list.empty()) list += ", ";
    list += name;
}

}  // namespace

bool Role::allows(const Permission& permission) const {
    return std::find(permissions.begin(), permissions.end(), permission) != permissions.end();
}

const std::vector<Role>& all_roles() {
    static const std::vector<Role> roles = made_roles();
    return roles;
}

const Role* find_role(std::string_view name) {
    for (const Role& role : all_roles()) {
        if (role.name == name) return &role;
    }
    return nullptr;
}

std::string roles_that_allow(const Permission& permission) {
    std::string list;
    for (const Role& role : all_roles()) {
        if (role.allows(permission)) append(list, role.name);
    }
    return list;
}

std::string names_of_roles() {
    std::string list;
    for (const Role& role : all_roles()) append(list, role.name);
    return list;
}

}  // namespace watthour::access
