// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "app/due_agreements.hpp"

#include <set>
#include <variant>

namespace watthour::app {

/// Items a person accepted: the checks that raised them pass from then on.
using Accepted = std::set<worklist::WorkItemId>;

using SegmentOrException = std::variant<billing::BillSegment, billing::BillingException>;

/// All that decides a statement: facts of the agreement, what was measured, what earlier bills say.
[[nodiscard]] rating::RatingRequest rating_request(const tariff::Catalogue& catalogue,
                                                   const DueAgreement& due,
                                                   const billing::MeasuredUse& use);

/// Measures, checks and rates one agreement's period. Pure: any number of threads may run it
/// over different agreements of one set.
[[nodiscard]] SegmentOrException bill_agreement(const billing::MeasureContext& context,
                                                const DueAgreement& due, const Accepted& accepted);

/// The work item that an exception of an agreement and period becomes.
[[nodiscard]] worklist::WorkItem to_work_item(const billing::BillingException& exception,
                                              Date opened_on);

}  // namespace watthour::app
