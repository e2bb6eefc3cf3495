// SPDX-License-Identifier: Apache-2.0
#include "access/grant_request.hpp"

#include "access/errors.hpp"
#include "access/role.hpp"
#include "base/json.hpp"

#include <algorithm>

namespace watthour::access {

std::string to_parameters(const GrantRequest& request) {
    return to_text(json::object{{"user", request.user}, {"role", request.role}});
}

Result<GrantRequest> parse_grant_request(const std::string& parameters) {
    TRY(const json::value value, parse_json(parameters, "parameters"));
    const auto refused = [](const char* why) {
        return Error(errors::request_malformed, {{"why", why}});
    };
    if (!value.is_object()) return refused("not an object");
    const auto text = [&](const char* key) {
        const json::value* field = value.get_object().if_contains(key);
        return field != nullptr && field->is_string() ? std::string(field->get_string())
                                                      : std::string();
    };
    GrantRequest request{text("user"), text("role")};
    if (request.user.empty()) return refused("no user");
    if (request.role.empty()) return refused("no role");
    return request;
}

Result<User> check_grant(UserStore& users, const GrantRequest& request, Instant at) {
    if (find_role(request.role) == nullptr) {
        return Error(errors::role_unknown, {{"role", request.role}, {"known", names_of_roles()}});
    }
    std::optional<User> user = users.find(request.user, at);
    if (!user) return Error(errors::user_unknown, {{"user", request.user}});
    if (!user->active) return Error(errors::user_inactive, {{"user", request.user}});
    if (std::find(user->roles.begin(), user->roles.end(), request.role) != user->roles.end()) {
        return Error(errors::role_held, {{"user", request.user}, {"role", request.role}});
    }
    return *std::move(user);
}

Result<void> carry_out_grant(UserStore& users, const Approval& approved, Instant at) {
    WH_CHECK(approved.state == "approved" && !approved.checker.empty() &&
                 approved.checker != approved.maker,
             "a role is granted without a second person");
    TRY(const GrantRequest request, parse_grant_request(approved.parameters));
    if (request.user == approved.checker) {
        return Error(errors::same_person, {{"user", approved.checker}});
    }
    TRY(const User user, check_grant(users, request, at));
    RoleGrant grant;
    grant.user = user.id;
    grant.role = request.role;
    grant.valid_from = at;
    grant.recorded_at = at;
    grant.granted_by = approved.maker;
    grant.approved_by = approved.checker;
    grant.why = approved.why;
    if (!users.grant(grant)) {
        return Error(errors::role_held, {{"user", request.user}, {"role", request.role}});
    }
    return {};
}

}  // namespace watthour::access
