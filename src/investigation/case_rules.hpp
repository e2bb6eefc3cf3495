// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "base/result.hpp"

#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace watthour::investigation {

enum class CaseKind {
    high_bill,
    zero_usage,
    non_registration,
    tampering,
    crossed_meters,
    inactive_use,
    multiplier_doubt
};

/// One question of a case. They are asked in a fixed order, the cheap ones first. Source: R4.16.
struct CaseStep {
    std::string_view code;
    std::string_view order;  ///< what someone is sent for; empty for work at the desk
};

/// How the bills of the error are corrected.
enum class Correction {
    none,
    estimate,      ///< use of a reference period a day, times the days (R1.65, R1.66)
    multiplier,    ///< billed use times the right over the recorded multiplier (R1.04)
    registration,  ///< billed use over the registration of the test (R1.63)
    exchange       ///< each account is billed what the other's meter counted (R1.15)
};

/// Why a correction is allowed, which decides how far it may go back.
enum class Claim { billing_error, non_registration, unauthorized_use };

struct Finding {
    std::string_view code;
    CaseKind kind{};
    std::string_view after;  ///< the step that must be answered, and all before it
    Correction correction = Correction::none;
    Claim claim = Claim::billing_error;
    std::string_view order;           ///< that is proposed with it; empty: nobody is sent
    std::string_view state;           ///< of the case from then on
    std::optional<CaseKind> opens{};  ///< another case that follows
};

[[nodiscard]] std::string_view to_text(CaseKind kind);
/// Errors: investigation.kind_unknown.
[[nodiscard]] Result<CaseKind> parse_kind(std::string_view text);
[[nodiscard]] const std::vector<CaseKind>& all_kinds();
/// In the order in which they are asked.
[[nodiscard]] const std::vector<CaseStep>& steps_of(CaseKind kind);
[[nodiscard]] std::vector<Finding> findings_of(CaseKind kind);

/// The state of a new case: `suspected` of tampering, else `open`.
[[nodiscard]] std::string_view first_state(CaseKind kind);
/// The state in which a case is when a step was answered: tampering has its own (R1.68).
[[nodiscard]] std::string_view state_after_step(CaseKind kind, std::string_view step,
                                                std::string_view state);
/// What people may make of a state by a word alone: charged, paid, disputed, referred.
[[nodiscard]] std::vector<std::string_view> followers_of(std::string_view state);
/// Nothing is left to be done.
[[nodiscard]] bool is_closed(std::string_view state);
/// The finding may still be made.
[[nodiscard]] bool is_undecided(std::string_view state);

/// The first step without an answer; none when all are answered.
[[nodiscard]] std::optional<CaseStep> next_step(CaseKind kind,
                                                const std::vector<std::string>& answered);
/// Whether a step may be answered now. One that was answered may be answered again.
/// Errors: investigation.step_unknown, step_out_of_order. Source: R4.16.
[[nodiscard]] Result<CaseStep> check_step(CaseKind kind, std::string_view step,
                                          const std::vector<std::string>& answered);
/// Whether a case may be concluded so. Errors: investigation.finding_unknown, step_out_of_order.
[[nodiscard]] Result<Finding> check_finding(CaseKind kind, std::string_view finding,
                                            const std::vector<std::string>& answered);
/// Errors: investigation.state_cannot_follow. Source: R1.68.
[[nodiscard]] Result<void> check_state(std::string_view state, std::string_view wanted);
/// clear, explains, not_possible, ordered. Errors: investigation.result_unknown.
[[nodiscard]] Result<void> check_result(std::string_view result);

}  // namespace watthour::investigation
