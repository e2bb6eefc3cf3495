// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "app/office.hpp"

#include <string>
#include <vector>

namespace watthour::app {

struct DraftRequest {
    DateRange due;   ///< bills whose due date lies in this range
    Date file_date;  ///< when the file is made; one or two bank days before the draft
    bool dry_run = false;
};

struct DraftOutcome {
    std::string file_text;  ///< the NACHA file
    std::int64_t entries = 0;
    Money total;
    Date effective;
    std::int64_t skipped = 0;  ///< already drafted, nothing due any more
};

/// Makes the autopay draft file of the bills due in a range and posts its payments, each bill at
/// most once. What an account still owes of the bill is drafted, never more.
///
/// Source: R5.12; NACHA record layout.
[[nodiscard]] Result<DraftOutcome> release_drafts(Office& office, const DraftRequest& request);

}  // namespace watthour::app
