// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstddef>
#include <string>
#include <vector>

namespace watthour::tidy {

/// One thing to mend. `what` says what is wrong; `instead` says what to do about it.
struct Finding {
    std::string file;  ///< path from the root of the tree
    std::size_t line = 1;
    std::string rule;
    std::string what;
    std::string instead;
};

using Findings = std::vector<Finding>;

/// `file:line: rule: what is wrong; do instead`
[[nodiscard]] std::string to_text(const Finding& finding);

/// By file, line and rule, each once.
void sort_findings(Findings& findings);

}  // namespace watthour::tidy
