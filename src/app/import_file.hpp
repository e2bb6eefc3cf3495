// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "app/office.hpp"
#include "base/problem.hpp"
#include "worklist/received_file.hpp"

#include <optional>
#include <string>
#include <vector>

namespace watthour::app {

struct ImportRequest {
    std::string format;
    std::string path;  ///< only its last part is kept as the file's name
    Date date;         ///< business date
    bool dry_run = false;
    std::optional<std::string> bytes = std::nullopt;  ///< the file itself; else it is read
    std::string meter{};  ///< whose reads these are, where the format names no meter
    /// Text of the profile by which a text file of reads is read; else the shipped one.
    std::optional<std::string> profile = std::nullopt;
    /// The reads answer a request: they are on-demand reads, whatever the file says of them.
    bool answers_request = false;
};

/// What became of a file; the same with and without --dry-run.
struct ImportOutcome {
    worklist::ReceivedFile file;
    Problems problems;                 ///< of rows kept to be repaired
    Problems notes;                    ///< taken, but worth a look
    std::vector<std::string> raw;      ///< those rows, beside their problems
    std::size_t rejects_kept = 0;      ///< of the problems, already written
    std::int64_t work_items = 0;       ///< opened by this file
    std::int64_t corrections = 0;      ///< intervals that a later value replaced
    std::int64_t different_reads = 0;  ///< second values of a read; both are kept
    std::int64_t events = 0;           ///< of meters, that were not there yet
    std::int64_t returned = 0;         ///< payments taken back
    Money returned_total;
};

/// Brings a file into the database exactly once, in one transaction. Of a meter file the good
/// rows go on and the bad are kept; a money file whose own totals do not add is refused whole.
///
/// Errors: base.file_missing, app.format_unknown, app.format_without_profile,
///         formats.profile_malformed, app.file_meter_missing, app.file_already_taken,
///         app.file_refused.
[[nodiscard]] Result<ImportOutcome> import_file(Office& office, const ImportRequest& request);

/// Names of the formats that can be brought in.
[[nodiscard]] std::string importable_formats();

}  // namespace watthour::app
