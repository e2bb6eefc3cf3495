// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "app/class_profile.hpp"
#include "app/decide_reads.hpp"
#include "app/enter_reads.hpp"
#include "app/preview_rules.hpp"
#include "app/validate_reads.hpp"
#include "base/json.hpp"

namespace watthour::app {

[[nodiscard]] json::object to_json(const ValidationOutcome& outcome, bool dry_run);
[[nodiscard]] json::object to_json(const DecidedReads& decided, bool dry_run);
[[nodiscard]] json::object to_json(const EditedReads& edited, bool dry_run);
[[nodiscard]] json::object to_json(const EnteredRead& read, bool dry_run);
[[nodiscard]] json::object to_json(const EstimatedRead& made, bool dry_run);
[[nodiscard]] json::object to_json(const RulesPreview& preview);
[[nodiscard]] json::object to_json(const MadeProfile& made);
/// The rules in force: groups with the verdict and limits of each check.
[[nodiscard]] json::object rules_view(const Office& office, Date date);

}  // namespace watthour::app
