// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "app/office.hpp"

#include <optional>
#include <string>
#include <vector>

namespace watthour::app {

struct RetireRequest {
    std::optional<Date> before;  ///< the first day that stays; none: as the policy says
    std::string out;             ///< folder of the archive files
    bool dry_run = false;
};

/// An archive file that was written, or would be.
struct UsageArchive {
    std::string file;
    std::string sha256;
    std::int64_t blocks = 0;
};

struct RetireOutcome {
    Date before;  ///< the first day that stays
    std::int64_t channels = 0;
    std::int64_t blocks = 0;  ///< months of a channel
    std::int64_t intervals = 0;
    std::int64_t bytes = 0;           ///< of the blocks
    std::int64_t held = 0;            ///< blocks that stay for a legal hold
    std::int64_t billed = 0;          ///< blocks that stay for a bill that may be made anew
    std::vector<UsageArchive> files;  ///< none in a dry run
};

/// Takes blocks of old months out of the database as the policy `retention` says: never those of
/// the months that it keeps, those under a legal hold, or those at a point with a bill that may
/// still be made anew, from that bill's first day on. Each part is written to an archive file with
/// a digest, and synced, before it is taken out in a transaction with an entry in the audit trail;
/// cut off at any moment, the next run goes on. Corrections, register reads and the records of
/// files are posted rows and stay.
///
/// Errors: app.retention_not_stated, app.retention_too_early, access.not_allowed.
/// Source: R9.03, R1.62.
[[nodiscard]] Result<RetireOutcome> retire_usage(Office& office, const RetireRequest& request);

struct RestoreOutcome {
    std::int64_t blocks = 0;    ///< in the archive
    std::int64_t restored = 0;  ///< put back; the others are there
};

/// Puts the blocks of an archive file back, those of which nothing is stored. Safe to repeat.
/// Errors: app.archive_malformed, app.archive_unknown_meter, base.file_unreadable and its like,
/// access.not_allowed.
[[nodiscard]] Result<RestoreOutcome> restore_usage(Office& office, const std::string& path,
                                                   bool dry_run);

}  // namespace watthour::app
