// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "app/import_file.hpp"
#include "formats/cmep.hpp"
#include "formats/iec61968.hpp"
#include "formats/multispeak.hpp"

#include <functional>
#include <optional>
#include <string_view>

namespace watthour::app {

/// The text of a file that comes in: in pieces of whole lines, so that its size does not matter,
/// or whole. What was handed over is one piece.
class FileText {
public:
    explicit FileText(const ImportRequest& request) : request_(request) {}

    /// Errors: base.file_missing.
    [[nodiscard]] Result<std::string> sha256();
    [[nodiscard]] Result<std::string> whole();
    using Take = std::function<void(std::string_view piece, std::int64_t lines_before)>;
    [[nodiscard]] Result<void> each(const Take& take);

private:
    const ImportRequest& request_;
};

/// Gives each problem since the last rows that were kept the row that it is of, with what that
/// row needs around it, from the text in which lines are numbered from `lines_before` + 1.
void keep_raw_rows(std::string_view text, const formats::ReadProfile* profile,
                   std::int64_t lines_before, ImportOutcome& outcome);

/// The text of an error file without its reasons; of any other file nothing.
[[nodiscard]] std::optional<std::string> without_reasons(std::string_view text,
                                                         std::int64_t lines_before,
                                                         ImportOutcome& outcome);

/// Writes the rows that wait to be repaired and were not written yet. Of very many the answer
/// keeps only the first; all are in the database.
void keep_rejects(Office& office, ImportOutcome& outcome);

/// The importers of single formats. Each works inside the caller's transaction, writes its
/// effects and fills the outcome; the caller registers the file and commits.
Result<void> import_cmep(Office& office, FileText& text, const ImportRequest& request,
                         ImportOutcome& outcome);
Result<void> import_nem12(Office& office, const std::string& bytes, const ImportRequest& request,
                          ImportOutcome& outcome);
/// Times without an offset are those of the utility's zone. Controls are counted in the outcome's
/// notes: nothing keeps them yet.
Result<void> import_iec61968(Office& office, const std::string& bytes, const ImportRequest& request,
                             ImportOutcome& outcome);
Result<void> import_multispeak(Office& office, const std::string& bytes,
                               const ImportRequest& request, ImportOutcome& outcome);
/// Errors: app.file_meter_missing.
Result<void> import_green_button(Office& office, const std::string& bytes,
                                 const ImportRequest& request, ImportOutcome& outcome);
/// Text files of reads: csv-intervals, csv-registers, green-button-csv, mv90. Errors:
/// formats.profile_malformed, app.file_meter_missing.
Result<void> import_by_profile(Office& office, const std::string& bytes,
                               const ImportRequest& request, ImportOutcome& outcome);
Result<void> import_handheld(Office& office, const std::string& bytes, const ImportRequest& request,
                             ImportOutcome& outcome);
Result<void> import_lockbox(Office& office, const std::string& bytes, const ImportRequest& request,
                            ImportOutcome& outcome);
Result<void> import_ach_returns(Office& office, const std::string& bytes,
                                const ImportRequest& request, ImportOutcome& outcome);

/// An event as a file tells it.
struct SentEvent {
    std::int64_t line = 0;
    std::string meter;
    Instant at;
    std::string code;
    std::string name;
    std::string detail;
};

/// Keeps the events of a file, each once whichever file brought it; they count among the file's
/// records. Of alarms of CMEP the fields behind the meter are the code, and one of them that the
/// table of event codes knows gives the name.
void take_events(Office& office, const formats::IecFile& file, ImportOutcome& outcome);
void take_events(Office& office, const formats::MultiSpeakFile& file, ImportOutcome& outcome);
void take_events(Office& office, const formats::CmepFile& file, ImportOutcome& outcome);

/// A work item of the utility itself about a row of a file.
[[nodiscard]] worklist::WorkItem file_work_item(const ImportOutcome& outcome,
                                                const std::string& kind, const std::string& cause,
                                                const std::string& subject,
                                                const std::string& evidence,
                                                const std::string& next_step, Money at_stake);

}  // namespace watthour::app
