// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "access/approval.hpp"
#include "access/role.hpp"
#include "access/user.hpp"

#include <optional>
#include <string>
#include <vector>

namespace watthour::access {

enum class Verdict { allowed, refused, needs_approval };

struct Decision {
    Verdict verdict = Verdict::refused;
    std::optional<Error> refusal;  ///< why, when refused
};

/// Whether a user may do a use case alone. An amount counts in either direction: a credit of
/// 100.00 is held to the same limit as a charge; the limit itself is still allowed.
/// Refusals: access.user_inactive, access.not_allowed.
/// Source: reliability.md section 8.
[[nodiscard]] Decision decide(const User& user, const Permission& permission,
                              std::optional<Money> amount);

/// Whether the checker may be the second person for what the maker asked: another person, with
/// work.approve and the permission itself, up to the checker's own limit. The maker must still be
/// one who may ask.
/// Errors: access.same_person, access.user_inactive, access.not_allowed, access.limit_exceeded.
/// Source: reliability.md section 8.
[[nodiscard]] Result<void> may_check(const User& maker, const User& checker,
                                     const Permission& permission, std::optional<Money> amount);

/// Names of the users who may be that second person: "l.chen, r.diaz", or "nobody yet".
[[nodiscard]] std::string who_may_check(const std::vector<User>& users, const User& maker,
                                        const Permission& permission, std::optional<Money> amount);

/// Whether a change to the user of that name leaves the utility in command of itself: somebody who
/// may manage users, and two people who can give a role, one asking and one agreeing. What was not
/// so before the change need not be so after it: an office of one person still disables others.
/// Errors: access.last_administrator, access.last_two_granters.
[[nodiscard]] Result<void> stays_in_command(const std::vector<User>& before,
                                            const std::vector<User>& after,
                                            const std::string& name);

/// The answer to a maker whose request now waits: access.needs_approval (exit code 6).
[[nodiscard]] Error waits_for(ApprovalId approval, const std::string& checkers);

}  // namespace watthour::access
