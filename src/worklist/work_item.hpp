// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "base/ids.hpp"
#include "calendar/date.hpp"
#include "money/money.hpp"

#include <cstdint>
#include <optional>
#include <string>
#include <vector>

namespace watthour::worklist {

using WorkItemId = Id<struct WorkItemTag>;

/// What a person must decide: cause, evidence, dollars at stake, resolution. Its id comes from
/// kind, account and subject, so that a rerun finds the item and does not open it twice.
struct WorkItem {
    std::int64_t account = 0;  ///< 0 = the utility itself
    WorkItemId id;
    std::string kind;      ///< e.g. "billing_hold", "suspense", "unknown_meter"
    std::string cause;     ///< slug of the refusal or check
    std::string subject;   ///< what it is about, in natural keys
    std::string evidence;  ///< the facts, in words
    std::string next_step;
    Money at_stake;
    Date opened_on;
    /// What raised it may raise it again: a recurrence opens a resolved item once more. A check
    /// whose item was accepted does not raise it again.
    bool recurs = false;
    std::string owner;                  ///< who has it; empty = nobody yet
    std::optional<Date> due_on;         ///< to be decided by
    std::optional<Date> snoozed_until;  ///< rests until this day
    std::string state = "open";         ///< open, resolved
    std::string resolution;             ///< accepted, corrected, dismissed
    std::string resolved_why;
    std::string resolved_by;
    Date resolved_on;
};

[[nodiscard]] WorkItemId work_item_id(const std::string& kind, std::int64_t account,
                                      const std::string& subject);

/// One thing that was done with an item; never changed afterwards.
struct WorkChange {
    std::int64_t account = 0;
    WorkItemId item;
    std::string kind;   ///< opened, assigned, due, snoozed, noted, resolved, reopened
    std::string value;  ///< the owner, the day, the resolution; the cause of an opening
    std::string why;
    std::string by;
    Date on;
};

struct CauseCount {
    std::string kind;
    std::string cause;
    std::int64_t count = 0;
    Money at_stake;
    Date oldest;  ///< day the oldest of them was opened
};

class WorkItemStore {
public:
    virtual ~WorkItemStore() = default;
    /// Opens those that are not there yet and, where they recur, those that were resolved; returns
    /// how many were opened.
    virtual std::int64_t open(const std::vector<WorkItem>& items) = 0;
    [[nodiscard]] virtual std::vector<WorkItem> list(const std::string& state) = 0;
    [[nodiscard]] virtual std::optional<WorkItem> find(WorkItemId id) = 0;
    /// Items a person has accepted, by id; checks that raised them pass from then on.
    [[nodiscard]] virtual std::vector<WorkItemId> accepted() = 0;
    virtual void resolve(const WorkItem& item) = 0;
    /// Assigns, sets the due day, lets it rest, notes or reopens; `resolved` is for resolve().
    virtual void change(const WorkChange& change) = 0;
    /// All that was done with an item, in order.
    [[nodiscard]] virtual std::vector<WorkChange> history(WorkItemId id) = 0;
    [[nodiscard]] virtual std::vector<CauseCount> open_by_cause() = 0;
};

}  // namespace watthour::worklist
