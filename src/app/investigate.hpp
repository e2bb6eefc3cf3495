// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "app/case_correction.hpp"
#include "app/case_subject.hpp"
#include "investigation/case_store.hpp"

#include <optional>
#include <string>
#include <vector>

namespace watthour::app {

/// A case that a person opens: about a meter, or about the meter of an account.
struct CaseOpening {
    std::string kind;
    std::string meter;
    std::string account;             ///< its number, where no meter is named
    std::string other_meter;         ///< of crossed meters
    std::optional<Date> discovered;  ///< none: the business date
    std::string why;
    bool dry_run = false;
};

/// A case as it stands after an act on it, or would stand.
struct CaseDone {
    investigation::Case the_case;
    std::vector<investigation::Evidence> evidence;   ///< of an opening
    std::vector<investigation::Proposal> proposals;  ///< that the act made
    std::vector<CaseCorrection> corrections;         ///< of a conclusion
    std::optional<investigation::Case> follows;      ///< another case that was opened with it
};

/// Opens a case with all the evidence there is. What must not wait is proposed at once: someone who
/// checks for load where nothing is counted (R1.14), someone who keeps the evidence where tampering
/// is suspected (R1.68).
///
/// Errors: access.not_allowed, access.reason_missing; investigation.kind_unknown,
///         other_meter_missing; app.meter_unknown, account_unknown, account_without_meter,
///         case_there, case_day_wrong.
/// Source: R1.14, R1.15, R1.68, R4.16.
[[nodiscard]] Result<CaseDone> open_case(Office& office, const CaseOpening& opening);

/// A case that a detector opens about what it saw; none when it saw the very same before, or a case
/// of the kind is open for the meter. `subject` is what it saw in natural keys. Within the caller's
/// transaction.
[[nodiscard]] Result<std::optional<CaseDone>> open_detected(
    Office& office, investigation::CaseKind kind, const std::string& meter,
    const std::string& other_meter, const std::string& subject, const std::string& why);

/// The answer to a step of a case, or a state that people alone can tell of: charged, paid,
/// disputed, referred.
struct StepAnswer {
    std::string number;  ///< of the case
    std::string step;
    std::string result = "clear";  ///< clear, explains, not_possible, ordered
    std::string found;             ///< in words
    bool dry_run = false;
};

/// Answers a step, in the name of the actor. `ordered` proposes the order of the step; it waits
/// until it is answered otherwise.
///
/// Errors: access.not_allowed; app.case_unknown, case_decided, case_words_missing;
///         investigation.step_unknown, step_out_of_order, step_without_order, result_unknown,
///         state_cannot_follow.
/// Source: R1.68, R4.16.
[[nodiscard]] Result<CaseDone> answer_step(Office& office, const StepAnswer& answer);

struct Conclusion {
    std::string number;
    std::string finding;
    std::string why;
    std::optional<Date> from;   ///< first provable day of the error, where bills are corrected
    std::optional<Date> until;  ///< none: the day of discovery
    std::string multiplier;     ///< the right one, where it was wrong
    std::string registration;   ///< percent; else of the meter's last test
    std::string use_a_day;      ///< kWh; else of a reference period
    bool dry_run = false;
};

/// Ends the questions with a finding, in one transaction: the order and the letters in the
/// customers' languages, the corrections of the bills with kWh and dollars, each as a proposal and
/// a work item; the case that follows; the entry in the audit trail. No money moves.
///
/// Errors: access.not_allowed, access.reason_missing; app.case_unknown, case_decided,
///         case_day_wrong; investigation.finding_unknown, step_out_of_order, range_missing,
///         factor_missing, no_reference_use, policy_missing; those of correct_bills.
/// Source: R1.15, R1.62 to R1.68, R4.12, R4.16.
[[nodiscard]] Result<CaseDone> conclude_case(Office& office, const Conclusion& conclusion);

/// Finds a case by its number as people write it. Errors: app.case_unknown.
[[nodiscard]] Result<investigation::Case> find_case(Office& office, const std::string& number);

}  // namespace watthour::app
