// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "app/office.hpp"

#include <map>
#include <vector>

namespace watthour::app {

/// Accounts with the days of theirs on which intervals were changed.
using ChangedDays = std::map<customers::AccountId, DateRange>;

/// Reads that changed under bills that were issued: each such bill is computed again with what is
/// known now. Where the difference is more than the policy leaves alone, an item asks for a
/// rebill, with the difference at stake. Bills whose reads wait for a decision are left until it
/// is made. Changes nothing. Source: R1.44.
[[nodiscard]] std::vector<worklist::WorkItem> late_after_bill(Office& office,
                                                              const ChangedDays& changed, Date on);

/// The same, and opens the items in a transaction of their own. Returns how many are new.
std::int64_t ask_for_rebills(Office& office, const ChangedDays& changed, Date on);

}  // namespace watthour::app
