// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "access/decide.hpp"
#include "app/office.hpp"

#include <optional>
#include <string>
#include <vector>

namespace watthour::app {

/// Whether the actor may do something alone. Asked by every use case before it begins.
/// Errors: access.not_allowed, access.user_inactive.
[[nodiscard]] Result<void> authorize(const Office& office, const access::Permission& permission);

/// The same on a database alone, for work that needs neither the key nor the utility.
/// Errors: storage.*, access.not_allowed, access.user_inactive.
[[nodiscard]] Result<void> authorize(const std::string& url, const Clock& clock,
                                     const access::Permission& permission);

/// What an act over the actor's limit needs to be done later by a second person.
struct Request {
    std::int64_t account = 0;
    std::string parameters;  ///< JSON
    Money amount;
    std::string why;
};

/// The same with an amount: over the limit the request is kept as an approval.
/// Errors: as authorize, and access.needs_approval (exit code 6) with the approval's number.
[[nodiscard]] Result<void> authorize(Office& office, const access::Permission& permission,
                                     const Request& request);

enum class Verdict { approve, decline };

/// A second person decides. What is approved is done by the very use case that was asked for; one
/// that was done meanwhile is not done twice.
/// Errors: access.approval_unknown, access.approval_decided, access.same_person,
/// access.not_allowed, access.limit_exceeded, and those of the use case.
[[nodiscard]] Result<access::Approval> decide_approval(Office& office, access::ApprovalId id,
                                                       Verdict verdict, const std::string& why);

/// Parameters of requests that this room carries out.
struct ItemsDecision {
    std::vector<std::int64_t> items;
    std::string resolution;
    std::string why;
    std::string by;
};
[[nodiscard]] std::string to_parameters(const ItemsDecision& decision);

/// Decides work items in one transaction; those decided before are left as they are.
void resolve_items(Office& office, const ItemsDecision& decision);

/// The first users of a utility: who made it, with every role, and the sample's staff.
void add_first_users(Office& office, bool sample_staff);

}  // namespace watthour::app
