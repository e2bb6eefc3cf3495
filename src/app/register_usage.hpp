// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "app/usage_known.hpp"

#include <functional>
#include <set>
#include <string>
#include <utility>
#include <vector>

namespace watthour::app {

/// The whole step that holds an instant, not cut to a range.
using StepOf = std::function<std::pair<Instant, Instant>(Instant)>;

/// Use between reads: of a step where reads stand at both its ends; else of what lies between reads
/// within the step, or of the stretch between two reads that reaches across its edge.
struct RegisterRow {
    Instant from;  ///< of the first read, to the second
    Instant until;
    std::int64_t wh = 0;
    bool counts = true;           ///< not where the reads cannot be told from a wrong one
    std::set<std::string> types;  ///< of the reads at the ends, of each meter
    std::string why;              ///< it does not count
};

struct RegisterUsage {
    std::vector<std::string> meters;  ///< that have a register alone for the quantity
    std::vector<RegisterRow> rows;
};

/// Use of the registers of meters without intervals, or of a register that is named by its code, as
/// billing computes it. Stretches that reach beyond the range are there whole; those that reach
/// beyond the days in which the account was served are not its own, and left out. Reads, set and
/// removal are those known on the day.
///
/// Errors: as usage_known.
[[nodiscard]] Result<RegisterUsage> register_usage(Office& office, const UsageQuestion& question,
                                                   const StepOf& step_of);

/// What changed in it between two days, from read to read; an entry of `intervals` is a stretch.
[[nodiscard]] Result<UsageDifference> register_changes(Office& office,
                                                       const UsageQuestion& question, Date known_on,
                                                       Date and_on);

/// The letter of R1.44 that says of a read's type what it says of an interval's value.
[[nodiscard]] char status_of_read(std::string_view type);

}  // namespace watthour::app
