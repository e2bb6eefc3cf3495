// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "app/office.hpp"
#include "base/json.hpp"

#include <optional>
#include <string>
#include <vector>

namespace watthour::app {

/// What was used where, when, and as known on which day.
struct UsageQuestion {
    std::string account;  ///< in the days in which it was served
    std::string point;    ///< whoever was served there; with an account, one of its points
    std::string meter;    ///< wherever it hung
    std::string quantity = "KWH";
    Instant from;
    Instant until;
    std::string step;  ///< interval, hour, day, week (from Monday), month, bill
    /// What was recorded after the end of this business date is left out; none: all there is.
    std::optional<Date> known_on;
};

/// The use of one step. A step that begins before the range or ends after it is cut to it; what
/// lies between two reads of a register never is.
struct UsageRow {
    Instant from;
    Instant until;
    std::int64_t wh = 0;           ///< of the intervals that count
    std::int64_t not_counted = 0;  ///< missing, or taken out by a check; 1: reads that do not agree
    std::string statuses;          ///< the letters of R1.44 among them, in the order of the rule
    std::string read_types;        ///< of registers: the types of the reads at its ends
    std::string method;            ///< of a single interval: how its value came about, if changed;
                                   ///< of reads: why they do not count
    std::string by;                ///< and who changed it; "a file" where one did
    std::optional<Date> changed_on;
};

struct KnownUsage {
    std::vector<std::string> meters;
    std::vector<UsageRow> rows;  ///< in order of time; steps without any interval are left out
    std::int64_t wh = 0;
    std::int64_t not_counted = 0;
    std::vector<std::string>
        left_out;            ///< meters that have a register alone: no steps of the clock
    bool from_sums = false;  ///< answered from the sums of days, without opening a block
};

/// The usage of a place for any range and step, as it was known on a business date: first values
/// that came later are not there, and a later value gives way to the one it replaced. Several
/// meters of a point count as it says (R1.12). Whole days as they are known now come from the sums
/// beside the blocks. Steps of bills are the billed periods of the account, with what lies between
/// them and after the last as steps of their own.
///
/// A meter that has a register alone is answered from its reads (R1.03, R1.04): a step where reads
/// stand at both its edges; else what was used between the reads within it, and across its edge
/// the whole stretch between two reads as a row of its own, with their moments. Nothing is spread.
///
/// Units: Wh; local days. Errors: app.usage_place_missing, app.usage_step_unknown,
/// app.usage_step_of_registers (intervals or hours of registers alone),
/// app.usage_range_empty, app.usage_range_wrong (more than 100,000 steps), app.account_unknown,
/// app.point_unknown, app.meter_unknown, app.usage_not_recorded.
[[nodiscard]] Result<KnownUsage> usage_known(Office& office, const UsageQuestion& question);

/// Neighbouring intervals that were changed alike, for one reason, by the same hand on one day; or
/// the use from one read of a register to another, with what was last recorded about it.
struct UsageChange {
    std::string meter;
    std::string quantity;
    Instant from;
    Instant until;
    std::int64_t intervals = 0;  ///< or stretches between reads
    std::int64_t wh_before = 0;
    std::int64_t wh_after = 0;
    char status_before = 'A';
    char status_after = 'A';
    std::string why;  ///< "first value" where there was none
    std::string by;
    Date recorded_on;
};

struct UsageDifference {
    std::int64_t wh_before = 0;  ///< as known on the earlier day
    std::int64_t wh_after = 0;   ///< as known on the later one
    std::vector<UsageChange> changes;
};

/// What was recorded after the end of the earlier day until the end of the later one: every change
/// of an interval in the range, by meter and time. Errors: as usage_known, and
/// app.usage_days_reversed.
[[nodiscard]] Result<UsageDifference> usage_changes(Office& office, const UsageQuestion& question,
                                                    Date known_on, Date and_on);

/// An instant, or a day that begins there: "2026-07-01T06:00-07:00", "2026-07-01".
/// Errors: calendar.date_malformed and its like.
[[nodiscard]] Result<Instant> moment_of(const Office& office, const std::string& text);

[[nodiscard]] json::object to_json(const Office& office, const UsageQuestion& question,
                                   const KnownUsage& usage);
[[nodiscard]] json::object to_json(const Office& office, const UsageQuestion& question,
                                   Date known_on, Date and_on, const UsageDifference& difference);

}  // namespace watthour::app
