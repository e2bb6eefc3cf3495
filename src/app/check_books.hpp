// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "app/office.hpp"
#include "storage/invariants.hpp"

namespace watthour::app {

struct CheckResult {
    storage::Invariant invariant;
    std::vector<storage::Violation> violations;
};

/// Every invariant of the books and the data, each with what breaks it. Changes nothing.
[[nodiscard]] std::vector<CheckResult> check_books(Office& office);

}  // namespace watthour::app
