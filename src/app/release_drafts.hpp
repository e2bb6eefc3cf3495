// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "app/office.hpp"

#include <string>
#include <vector>

namespace watthour::app {

struct DraftRequest {
    DateRange due;   ///< bills due in this range, drafted on its first bank day
    Date file_date;  ///< when the file is made; one or two bank days before the draft
    bool dry_run = false;
};

/// A file for the bank; made again from what was drafted it has the same bytes.
struct DraftFile {
    std::string batch;  ///< draft-2026-06-15; a later batch of the same day ends in -2
    std::string text;   ///< NACHA
};

struct DraftOutcome {
    std::vector<DraftFile> files;  ///< every batch of the day, those of earlier calls too
    std::int64_t entries = 0;      ///< drafted by this call
    Money total;
    Date effective;
    std::int64_t skipped = 0;  ///< drafted before, or nothing owed any more
};

/// Makes the autopay draft file of the bills due in a range and posts its payments, each bill at
/// most once. What an account still owes of the bill is drafted, never more. After a kill the
/// next call makes the same file again: the entries are kept, not the file.
///
/// Source: R5.12, NACHA-FILE.
[[nodiscard]] Result<DraftOutcome> release_drafts(Office& office, const DraftRequest& request);

}  // namespace watthour::app
