// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "app/channel_window.hpp"
#include "base/json.hpp"

#include <optional>
#include <string>
#include <vector>

namespace watthour::app {

/// What a person decides about a finding. Source: R1.46.
///
///   accept    the reads are right: what was taken out counts again, as verified
///   estimate  the reads are wrong: they are estimated by rule
///   reread    the head end is asked again; the finding rests until an answer can be there
///   visit     a field order is proposed; the finding rests
///   hold      the finding rests until a day
struct ReadsDecision {
    std::string item;
    std::string as;
    std::string why;
    std::optional<Date> until;  ///< of hold
    bool dry_run = false;
};

/// An interval that was changed, or would be.
struct ChangedInterval {
    Instant start;
    std::int64_t old_wh = 0;
    std::int64_t new_wh = 0;
    char old_status = 'A';
    char new_status = 'A';
};

struct DecidedReads {
    worklist::WorkItem item;
    std::vector<ChangedInterval> intervals;
    Energy before;  ///< of the intervals that count, over the days of the finding
    Energy after;
};

/// Carries out a decision in one transaction with its corrections and the entry in the audit
/// trail. Above the actor's limit it waits for a second person.
/// Errors: app.work_item_unknown, app.work_item_resolved, app.item_no_finding,
///         app.reads_decision_unknown, app.reason_missing, app.hold_day_missing,
///         app.nothing_to_estimate_from, access.needs_approval, access.not_allowed.
[[nodiscard]] Result<DecidedReads> decide_reads(Office& office, const ReadsDecision& decision);

/// Intervals that a person writes by hand, from one moment on.
struct ReadsEdit {
    std::string meter;
    std::string quantity = "KWH";
    Instant from;
    std::vector<Energy> values;
    std::string why;
    bool dry_run = false;
};

struct EditedReads {
    std::vector<ChangedInterval> intervals;
    Money worth;  ///< of the kWh by which the use changes, by the policy's worth of one
};

/// Writes intervals over what is there, as verified; what was there stays as a correction. The
/// days are validated anew. Above the actor's limit, by the worth of the change, it waits for a
/// second person.
/// Errors: app.meter_unknown, app.channel_unknown, app.interval_off_grid, app.reason_missing,
///         app.meter_not_in_service, access.needs_approval, access.not_allowed.
[[nodiscard]] Result<EditedReads> edit_reads(Office& office, const ReadsEdit& edit);

/// What a finding looks like: the intervals of its days and of a day before and after, the same
/// clock times a week and a year (364 days) before and of the neighbours on the route, marks of the
/// register, events of the meter, what would be estimated, and what was changed before. Errors:
/// app.work_item_unknown, app.item_no_finding.
[[nodiscard]] Result<json::object> finding_view(Office& office, const std::string& item);

/// The intervals of a meter on some days as they stand, for who writes over them.
/// Errors: app.meter_unknown, app.meter_not_in_service, app.channel_unknown, app.interval_days.
[[nodiscard]] Result<json::object> intervals_view(Office& office, const std::string& meter,
                                                  const std::string& quantity, DateRange days);

/// Carries out what a second person approved.
[[nodiscard]] Result<void> carry_out_reads(Office& office, const std::string& parameters,
                                           const std::string& maker, std::int64_t approval);

/// What of a decision of the inbox concerns the reads: intervals that a check took out count
/// again when the finding is accepted or dismissed. Within the transaction of the decision.
void accept_taken_out(Office& office, const worklist::WorkItem& item, const std::string& by);

/// The undo of both: the intervals are again what they were before the decision, and wait for
/// another where a check had taken them out. What a file has brought since stays. Within the
/// transaction that reopens the item.
void take_decision_back(Office& office, const worklist::WorkItem& item, const std::string& why);

}  // namespace watthour::app
