// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "app/office.hpp"

#include <optional>
#include <string>
#include <vector>

namespace watthour::app {

/// A discount or exemption of an agreement. Without a number it is the account's only one.
struct ProgramChange {
    std::string account;
    std::optional<std::int64_t> agreement;
    std::string code;
    Date on;  ///< its first day, or the first day without it
    std::string why;
    bool dry_run = false;
};

struct ProgramOutcome {
    service::ServiceAgreement agreement;
    service::AgreementProgram before;  ///< no code where there was none
    service::AgreementProgram after;
    /// Bills of days that the change is about: they stay as they are until they are billed again.
    std::vector<std::string> billed_before;
};

/// Begins a discount or exemption; it lasts until the agreement ends. Days that are billed already
/// become a work item, since their bills were right for what was known then.
/// Errors: app.account_unknown, agreement_unknown, agreement_ambiguous, program_unknown,
/// program_not_offered, program_held, program_outside, program_reason_missing; access.not_allowed.
[[nodiscard]] Result<ProgramOutcome> add_program(Office& office, const ProgramChange& change);

/// Ends it on a day; on its first day it never was. Errors: as add_program, app.program_not_held.
[[nodiscard]] Result<ProgramOutcome> end_program(Office& office, const ProgramChange& change);

}  // namespace watthour::app
