// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "app/office.hpp"
#include "base/json.hpp"
#include "worklist/file_history.hpp"

#include <cstdint>
#include <string>
#include <vector>

namespace watthour::app {

/// A row of a file that failed, with all that was wrong with it and what became of it.
struct FailedRowState {
    std::int64_t line = 0;
    std::string field;
    std::string rule;
    std::string message;
    std::string raw;
    std::string state;  ///< waiting, repaired, failed_again, set_aside
    std::int64_t by_file = 0;
    std::string why;
};

struct ErrorFile {
    std::string name;  ///< "reads-errors.csv"
    std::string bytes;
    std::int64_t rows = 0;
};

/// whole: nothing failed; inbox: items of it became work items; waiting: rows wait to be repaired;
/// settled: all that failed was repaired, came again in another file or was set aside.
[[nodiscard]] std::string state_of(const worklist::FileRecord& record);
[[nodiscard]] json::object to_json(const worklist::FileRecord& record, const TimeZone& zone);

/// Files of business dates, newest first, after a file; 0 = from the newest.
[[nodiscard]] std::vector<worklist::FileRecord> files_of(Office& office, DateRange days,
                                                         std::int64_t after, std::size_t most);
/// Errors: app.file_unknown.
[[nodiscard]] Result<worklist::FileRecord> file_record(Office& office, std::int64_t file);
/// Each row once, in order of line.
[[nodiscard]] std::vector<FailedRowState> failed_rows_of(Office& office, std::int64_t file);
/// A file with its errors by cause and its mapping. Errors: app.file_unknown.
[[nodiscard]] Result<json::object> file_page(Office& office, std::int64_t file);

/// The rows that wait, and no other, with their reasons: repaired it comes in again as the same
/// format; of XML as CMEP. Errors: app.file_unknown, app.file_without_error_file,
/// app.file_without_failed_rows.
[[nodiscard]] Result<ErrorFile> error_file(Office& office, std::int64_t file);

/// Rows that nobody needs any more; none named = all that wait. Returns how many.
/// Errors: app.file_unknown, app.file_row_not_waiting, app.row_reason_missing.
[[nodiscard]] Result<std::int64_t> set_rows_aside(Office& office, std::int64_t file,
                                                  const std::vector<std::int64_t>& lines,
                                                  const std::string& why, bool dry_run);

}  // namespace watthour::app
