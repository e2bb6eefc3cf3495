// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "app/office.hpp"

#include <string>
#include <utility>
#include <vector>

namespace watthour::app {

/// Finds an item by its number as people write it. Errors: app.work_item_unknown.
[[nodiscard]] Result<worklist::WorkItem> find_item(Office& office, const std::string& number);
/// The refusal of what was decided before.
[[nodiscard]] Error decided_before(const worklist::WorkItem& item);

struct ItemChange {
    std::string item;
    std::string kind;   ///< assigned, due, snoozed, noted, reopened
    std::string value;  ///< the person, or the day as text
    std::string why;    ///< needed for noted and reopened
};

/// Assigns an item, sets its due day, lets it rest, notes or reopens it, in the name of the actor.
/// Errors: app.work_item_unknown, app.work_item_resolved, app.work_item_open, app.reason_missing,
/// app.item_change_unknown, calendar.date_malformed.
[[nodiscard]] Result<worklist::WorkItem> change_item(Office& office, const ItemChange& change);

/// One decision about one item, about several, or about all open ones of a cause.
struct ItemsChoice {
    std::vector<std::string> items;  ///< their numbers; else
    std::string cause;
    std::string as;  ///< accepted, corrected, dismissed
    std::string why;
    bool dry_run = false;
};

struct DecidedItems {
    std::vector<worklist::WorkItem> items;  ///< as they are decided, or would be
    /// Numbers that were left out of several, each with why.
    std::vector<std::pair<std::string, std::string>> skipped;
    Money at_stake;
};

/// Decides items in the name of the actor. One that is named alone must be there and open; of
/// several those that are not are skipped. Over the actor's limit the decision waits for a second
/// person. Errors: app.resolution_unknown, app.reason_missing, app.items_missing,
/// app.work_item_unknown, app.work_item_resolved, access.needs_approval, access.not_allowed.
[[nodiscard]] Result<DecidedItems> decide_items(Office& office, const ItemsChoice& choice);

}  // namespace watthour::app
