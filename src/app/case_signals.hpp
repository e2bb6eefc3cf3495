// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "app/office.hpp"
#include "investigation/case_rules.hpp"
#include "storage/case_rows.hpp"

#include <map>
#include <string>
#include <vector>

namespace watthour::app {

/// Something that a detector saw, in words and in natural keys; the same twice is the same.
struct CaseSignal {
    investigation::CaseKind kind{};
    std::string meter;
    std::string other_meter;
    std::string subject;
    std::string why;
};

using BilledUses = std::vector<storage::BilledUse>;  ///< in order of account, agreement and period
using MeterUses = std::vector<storage::BilledMeterUse>;
/// The last meter by which each agreement was billed; unmetered ones have none.
using LastMeters = std::map<service::AgreementId, std::string>;
[[nodiscard]] LastMeters last_meters(const MeterUses& uses);

/// How far back billed uses are looked at: a year and a period.
inline constexpr int days_looked_at = 430;

/// So many last bills without use on a meter in service. Source: R1.14.
[[nodiscard]] std::vector<CaseSignal> zero_signals(Office& office, const BilledUses& billed,
                                                   const LastMeters& meters);
/// Use of the last days where nobody has an agreement. Source: R1.14, R1.35.
[[nodiscard]] std::vector<CaseSignal> inactive_signals(Office& office);
/// Use a day that stepped by about the multiplier when a meter was exchanged. Source: R1.04.
[[nodiscard]] std::vector<CaseSignal> multiplier_signals(Office& office, const MeterUses& uses);
/// Use that fell by more than the policy against a year before, less what all others saved.
/// Source: R1.68.
[[nodiscard]] std::vector<CaseSignal> drop_signals(Office& office, const BilledUses& billed,
                                                   const LastMeters& meters);
/// Events of meters, and seals that were found broken or missing. Source: R1.68.
[[nodiscard]] std::vector<CaseSignal> event_signals(Office& office);
/// Two meters near each other on a route whose uses changed places. Source: R1.15.
[[nodiscard]] std::vector<CaseSignal> crossed_signals(Office& office, const BilledUses& billed,
                                                      const LastMeters& meters);

}  // namespace watthour::app
