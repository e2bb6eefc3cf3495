// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "base/clock.hpp"
#include "calendar/date.hpp"

#include <cstdint>
#include <optional>
#include <string>
#include <vector>

namespace watthour::audit {

/// One change that is no posting: what was touched, by whom, when, from what, to what, why.
struct AuditEntry {
    std::int64_t account = 0;  ///< 0 where it belongs to no account
    std::string subject;       ///< what was changed: "user:maria", "program:SA-12:EAP"
    std::string use_case;      ///< the permission it was done under: "user.grant"
    std::string before;
    std::string after;
    std::string why;
    std::int64_t approval = 0;  ///< the second person's approval, 0 where one person sufficed
    std::string by;
    Date recorded_on;             ///< set by the store
    std::int64_t changed_at = 0;  ///< seconds of UTC
};

struct AuditQuestion {
    std::optional<std::int64_t> account;
    std::string by;       ///< empty: anybody
    std::string subject;  ///< empty: anything; else the beginning of it
    Date since;
    Date until;  ///< the last day asked for
};

class AuditStore {
public:
    virtual ~AuditStore() = default;
    /// Inside a transaction with a date.
    virtual void add(const AuditEntry& entry) = 0;
    [[nodiscard]] virtual bool has(std::int64_t account, const std::string& subject) = 0;
    /// Entries and changes of work items, in the order of days, accounts and subjects.
    [[nodiscard]] virtual std::vector<AuditEntry> list(const AuditQuestion& question) = 0;
};

}  // namespace watthour::audit
