// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "app/office.hpp"
#include "storage/invariants.hpp"

#include <optional>

namespace watthour::app {

struct CheckResult {
    storage::Invariant invariant;
    std::vector<storage::Violation> violations;
};

/// Every invariant of the books and the data, each with what breaks it. With a day, only over what
/// belongs to accounts, files and months that something was recorded for since; the seals are then
/// left to the whole check. Changes nothing.
[[nodiscard]] std::vector<CheckResult> check_books(Office& office,
                                                   std::optional<Date> since = std::nullopt);

}  // namespace watthour::app
