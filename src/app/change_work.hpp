// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "app/office.hpp"

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

}  // namespace watthour::app
