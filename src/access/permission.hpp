// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <string_view>
#include <vector>

namespace watthour::access {

/// When a use case needs a second person, the checker, besides the one who asks, the maker.
enum class SecondPerson { alone, over_limit, always };

/// What lets a person do one use case. Listed once in permissions.def; a use case names its
/// constant, so that one without a permission does not compile.
struct Permission {
    std::string_view slug;      ///< "payment.post"
    std::string_view sentence;  ///< what it lets a person do
    SecondPerson second_person = SecondPerson::alone;

    friend constexpr bool operator==(const Permission& a, const Permission& b) {
        return a.slug == b.slug;
    }
};

namespace permissions {
#define WH_PERMISSION(room, verb, second_person, sentence)               \
    inline constexpr Permission room##_##verb{#room "." #verb, sentence, \
                                              SecondPerson::second_person};
#include "access/permissions.def"
#undef WH_PERMISSION
}  // namespace permissions

/// Every permission, in the order of permissions.def.
[[nodiscard]] const std::vector<Permission>& all_permissions();
/// By slug; nullptr when there is none.
[[nodiscard]] const Permission* find_permission(std::string_view slug);

}  // namespace watthour::access
