// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "app/case_subject.hpp"
#include "investigation/case_store.hpp"

#include <vector>

namespace watthour::app {

/// What is known of a meter and its account, as far as it helps to answer the questions of a case:
/// the last reads and the multiplier, estimates and what they were trued up to, days, prices,
/// discounts, the use of a year before and of all others, the shape of the intervals, the read of
/// now, events and seals, exchanges, neighbours and tests. A fact of which nothing is known is left
/// out. Reads alone. Source: R4.16.
[[nodiscard]] std::vector<investigation::Evidence> gather_evidence(Office& office,
                                                                   investigation::CaseKind kind,
                                                                   const CaseSubject& subject,
                                                                   Date on);

}  // namespace watthour::app
