// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "app/import_file.hpp"

namespace watthour::app {

/// The importers of single formats. Each works inside the caller's transaction, writes its
/// effects and fills the outcome; the caller registers the file and commits.
Result<void> import_cmep(Office& office, const std::string& bytes, const ImportRequest& request,
                         ImportOutcome& outcome);
Result<void> import_nem12(Office& office, const std::string& bytes, const ImportRequest& request,
                          ImportOutcome& outcome);
/// Times without an offset are those of the utility's zone. Events and controls are counted in
/// the outcome's notes: nothing keeps them yet.
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

/// A work item of the utility itself about a row of a file.
[[nodiscard]] worklist::WorkItem file_work_item(const ImportOutcome& outcome,
                                                const std::string& kind, const std::string& cause,
                                                const std::string& subject,
                                                const std::string& evidence,
                                                const std::string& next_step, Money at_stake);

}  // namespace watthour::app
