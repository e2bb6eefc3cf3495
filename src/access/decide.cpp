// SPDX-License-Identifier: Apache-2.0
#include "access/decide.hpp"

#include "access/errors.hpp"

#include <algorithm>

namespace watthour::access {
namespace {

/// What the roles of a user say about one permission.
struct Reach {
    bool allowed = false;
    std::optional<Money> limit;  ///< none = any amount

    [[nodiscard]] bool covers(std::optional<Money> amount) const {
        return !amount || !limit || amount->magnitude() <= *limit;
    }
};

/// Only roles that give the permission count: the limit of another role must not widen it.
Reach reach_of(const User& user, const Permission& permission) {
    Reach reach;
    for (const std::string& name : user.roles) {
        const Role* role = find_role(name);
        if (role == nullptr || !role->allows(permission)) continue;
        if (!reach.allowed) {
            reach = {true, role->limit};
        } else if (!role->limit || !reach.limit) {
            reach.limit.reset();
        } else {
            reach.limit = std::max(*reach.limit, *role->limit);
        }
    }
    return reach;
}

Error not_allowed(const User& user, const Permission& permission) {
    return Error(errors::not_allowed, {{"user", user.name},
                                       {"permission", std::string(permission.slug)},
                                       {"roles", roles_that_allow(permission)}});
}

}  // namespace

Decision decide(const User& user, const Permission& permission, std::optional<Money> amount) {
    if (!user.active) {
        return {Verdict::refused, Error(errors::user_inactive, {{"user", user.name}})};
    }
    const Reach reach = reach_of(user, permission);
    if (!reach.allowed) return {Verdict::refused, not_allowed(user, permission)};
    switch (permission.second_person) {
        case SecondPerson::alone: break;
        case SecondPerson::over_limit:
            if (!reach.covers(amount)) return {Verdict::needs_approval, std::nullopt};
            break;
        case SecondPerson::always: return {Verdict::needs_approval, std::nullopt};
    }
    return {Verdict::allowed, std::nullopt};
}

Result<void> may_check(const User& maker, const User& checker, const Permission& permission,
                       std::optional<Money> amount) {
    if (maker.id == checker.id || maker.name == checker.name) {
        return Error(errors::same_person, {{"user", checker.name}});
    }
    // A maker who has been disabled or lost the role meanwhile does not get it done by another.
    const Decision asked = decide(maker, permission, amount);
    if (asked.refusal) return *asked.refusal;
    const Decision approves = decide(checker, permissions::work_approve, std::nullopt);
    if (approves.refusal) return *approves.refusal;
    const Reach reach = reach_of(checker, permission);
    if (!reach.allowed) return not_allowed(checker, permission);
    if (permission.second_person != SecondPerson::alone && !reach.covers(amount)) {
        return Error(errors::limit_exceeded, {{"user", checker.name},
                                              {"limit", reach.limit->to_string()},
                                              {"amount", amount->to_string()}});
    }
    return {};
}

std::string who_may_check(const std::vector<User>& users, const User& maker,
                          const Permission& permission, std::optional<Money> amount) {
    std::string names;
    for (const User& user : users) {
        if (!may_check(maker, user, permission, amount)) continue;
        if (!names.empty()) names += ", ";
        names += user.name;
    }
    return names.empty() ? "nobody yet" : names;
}

Result<void> stays_in_command(const std::vector<User>& before, const std::vector<User>& after,
                              const std::string& name) {
    const auto lost = [&](const auto& can) { return can(before) && !can(after); };
    const auto refusal = [&](const ErrorKind& kind, const Permission& permission) {
        return Error(kind, {{"user", name}, {"roles", roles_that_allow(permission)}});
    };
    const auto can_manage = [](const std::vector<User>& users) {
        return std::any_of(users.begin(), users.end(), [](const User& user) {
            return !decide(user, permissions::user_manage, std::nullopt).refusal;
        });
    };
    const auto can_grant = [](const std::vector<User>& users) {
        return std::any_of(users.begin(), users.end(), [&](const User& maker) {
            return std::any_of(users.begin(), users.end(), [&](const User& checker) {
                return may_check(maker, checker, permissions::user_grant, std::nullopt).has_value();
            });
        });
    };
    if (lost(can_manage)) return refusal(errors::last_administrator, permissions::user_manage);
    if (lost(can_grant)) return refusal(errors::last_two_granters, permissions::user_grant);
    return {};
}

Error waits_for(ApprovalId approval, const std::string& checkers) {
    return Error(errors::needs_approval,
                 {{"approval", std::to_string(approval.value)}, {"checkers", checkers}});
}

}  // namespace watthour::access
