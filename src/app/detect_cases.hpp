// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "app/office.hpp"
#include "investigation/case_store.hpp"

#include <vector>

namespace watthour::app {

struct DetectOutcome {
    std::vector<investigation::Case> opened;
    std::int64_t seen = 0;  ///< signals, those of cases that are there already among them
};

/// Looks at all billed uses, events, seals and meters without an agreement, and opens a case for
/// what it sees: bills without use in a row (R1.14), use on an inactive meter (R1.14), a step of
/// use by the multiplier at an exchange, use that fell against a year before and all others
/// (R1.68), events and seals that tell of tampering (R1.68), neighbours whose uses changed places
/// (R1.15). What was seen before opens nothing again; what a person concluded is not doubted for
/// the same signal. Each case is a transaction of its own, so that a run that was cut off goes on.
///
/// Errors: access.not_allowed; investigation.policy_missing; those of the opening.
[[nodiscard]] Result<DetectOutcome> detect_cases(Office& office, bool dry_run);

}  // namespace watthour::app
