// SPDX-License-Identifier: Apache-2.0
#include "access/permission.hpp"

namespace watthour::access {

const std::vector<Permission>& all_permissions() {
    static const std::vector<Permission> all = {
#define WH_PERMISSION(room, verb, second_person, sentence) permissions::room##_##verb,
#include "access/permissions.def"
#undef WH_PERMISSION
    };
    return all;
}

const Permission* find_permission(std::string_view slug) {
    for (const Permission& permission : all_permissions()) {
        if (permission.slug == slug) return &permission;
    }
    return nullptr;
}

}  // namespace watthour::access
