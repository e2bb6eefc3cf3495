// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "app/office.hpp"

#include <vector>

namespace watthour::app {

/// Gives unapplied payments of the accounts to their open items, oldest first on both sides, and
/// writes the allocations. Inside the caller's transaction. Source: R5.03.
void allocate_unapplied(Office& office, std::vector<customers::AccountId> accounts);

}  // namespace watthour::app
