// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "app/detect_cases.hpp"
#include "app/investigate.hpp"
#include "base/json.hpp"
#include "base/words.hpp"

#include <string>

namespace watthour::app {

/// A row of the list of cases.
[[nodiscard]] json::object to_json(const investigation::Case& one);

/// A case with its steps in order, each with its question in English and Spanish, the evidence that
/// helps to answer it and its answer; the findings by which it may end; what it proposed, and all
/// that was done with it. Errors: app.case_unknown.
[[nodiscard]] Result<json::object> case_view(Office& office, const std::string& number,
                                             Language language = Language::english);

/// Cases of a kind and of a state, or all: `state` "open" is every one that is not closed. In order
/// of discovery. Each with its age in days, who acted on it last, the step that is next, and the
/// dollars at stake: of the corrections proposed, else of the bill that was the last when it was
/// opened. Errors: investigation.kind_unknown.
[[nodiscard]] Result<json::array> list_cases(Office& office, const std::string& kind,
                                             const std::string& state, const std::string& meter);

/// What an act did, or would do.
[[nodiscard]] json::object to_json(const CaseDone& done, bool dry_run,
                                   Language language = Language::english);
[[nodiscard]] json::object to_json(const DetectOutcome& outcome, bool dry_run);

}  // namespace watthour::app
