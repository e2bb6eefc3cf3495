// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "app/office.hpp"
#include "base/problem.hpp"
#include "formats/error_file.hpp"
#include "worklist/file_history.hpp"

#include <optional>
#include <set>
#include <string>
#include <unordered_set>
#include <vector>

namespace watthour::app {

struct ImportRequest {
    std::string format;  ///< "" = by what the file holds
    std::string path;    ///< only its last part is kept as the file's name
    Date date;           ///< business date
    bool dry_run = false;
    std::optional<std::string> bytes = std::nullopt;  ///< the file itself; else it is read
    std::string meter{};  ///< whose reads these are, where the format names no meter
    /// Text of the profile by which a text file of reads is read; else the shipped one.
    std::optional<std::string> profile = std::nullopt;
    /// The reads answer a request: they are on-demand reads, whatever the file says of them.
    bool answers_request = false;
    /// Of days before this system took files in: when it was received is not known, and its times
    /// are not held against that (R1.20).
    bool history = false;
    std::string profile_name{};  ///< where `profile` is a remembered one
    std::int64_t profile_version = 0;
    std::size_t preview_rows = 0;  ///< of the first rows that are shown as they are stored
};

/// A row as it is stored, for a look before it is.
struct StoredRow {
    std::int64_t line = 0;
    std::string meter;
    std::string channel;
    Instant start;             ///< of the interval; the moment of a register read
    std::int32_t seconds = 0;  ///< of the interval; 0 = register read
    std::string kwh;           ///< of the interval, or what the register showed
    std::string flag;          ///< actual, estimated, ...
};

/// Problems of one kind, of however many rows.
struct ProblemCause {
    std::string rule;
    std::string field;
    std::int64_t rows = 0;
    std::int64_t first_line = 0;
    std::string example;
    std::string remedy;
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
    worklist::FileDetails details;  ///< what the file held
    std::vector<StoredRow> first_rows;
    std::vector<ProblemCause> causes;             ///< of all problems, the most frequent first
    std::vector<formats::ReturnedRow> came_back;  ///< rows of error files
    std::int64_t repaired = 0;                    ///< of those, that are good now
    std::int64_t failed_again = 0;
    /// While the file is taken in: lines that were good and lines that were not, of error files
    /// alone; and the meters.
    std::set<std::int64_t> good_lines;
    std::set<std::int64_t> bad_lines;
    std::unordered_set<std::string> known_meters;
    std::unordered_set<std::string> unknown_meters;
    std::size_t preview_rows = 0;

    void took(std::int64_t line) {
        if (!came_back.empty()) good_lines.insert(line);
    }
};

/// Brings a file into the database exactly once, in one transaction. Of a meter file the good
/// rows go on and the bad are kept; a money file whose own totals do not add is refused whole.
///
/// Of an error file each row that is good now repairs the row that it came from, and format,
/// profile and meter are those of the file it came from, unless the request says others.
///
/// Errors: base.file_missing, app.format_unknown, app.format_not_told, app.format_without_profile,
///         formats.profile_malformed, app.file_meter_missing, app.file_already_taken,
///         app.file_refused.
[[nodiscard]] Result<ImportOutcome> import_file(Office& office, const ImportRequest& request);

/// Puts a mapping into a request: the text of one, which begins with a brace, or the name of one
/// that is remembered; "" leaves it to the file.
void name_profile(const std::string& text_or_name, ImportRequest& request);

/// Names of the formats that can be brought in.
[[nodiscard]] std::string importable_formats();

}  // namespace watthour::app
