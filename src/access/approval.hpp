// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "access/user.hpp"
#include "money/money.hpp"

#include <cstdint>
#include <optional>
#include <string>
#include <vector>

namespace watthour::access {

using ApprovalId = Id<struct ApprovalTag>;

/// What a maker asked for and a checker must decide. Nothing of it is done before.
struct Approval {
    std::int64_t account = 0;  ///< 0 = the utility itself
    ApprovalId id;
    std::string use_case;    ///< slug of the permission
    std::string parameters;  ///< JSON: all that is needed to do it
    std::optional<Money> amount;
    std::string maker;
    std::string why;
    Instant requested_at;
    std::string state = "open";  ///< open, approved, declined
    std::string checker;
    Instant decided_at;
    std::string decided_why;
};

/// The number-th time (from 0) that a maker asks for the same thing.
[[nodiscard]] ApprovalId approval_id(const Approval& approval, std::int64_t number);

class ApprovalStore {
public:
    virtual ~ApprovalStore() = default;
    /// Returns the number under which it waits; asking again for what is still open finds it.
    [[nodiscard]] virtual ApprovalId request(const Approval& approval) = 0;
    [[nodiscard]] virtual std::optional<Approval> find(ApprovalId id) = 0;
    /// The open ones, oldest first.
    [[nodiscard]] virtual std::vector<Approval> open() = 0;
    /// Writes state, checker, decided_at and decided_why, once: false when it was no longer open.
    /// Do what was approved in the same transaction.
    [[nodiscard]] virtual bool decide(const Approval& approval) = 0;
};

}  // namespace watthour::access
