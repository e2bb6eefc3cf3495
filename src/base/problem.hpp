// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstdint>
#include <string>
#include <vector>

namespace watthour {

/// What is wrong in an outside file, and where. Parsers return every problem, not the first.
struct Problem {
    std::int64_t line = 0;  ///< 1-based; 0 = the file as a whole
    std::string field;      ///< the field's name as the format's own page calls it
    std::string rule;       ///< stable slug, "cmep.field_count"
    std::string message;    ///< the two facts that disagree
    std::string remedy;     ///< what to do

    friend bool operator==(const Problem&, const Problem&) = default;
};

using Problems = std::vector<Problem>;

}  // namespace watthour
