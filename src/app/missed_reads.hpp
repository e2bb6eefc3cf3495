// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "app/route_walk.hpp"

#include <optional>
#include <string>
#include <vector>

namespace watthour::app {

struct FollowUpWish {
    std::string route;
    std::optional<Date> read_date;
    std::string as = "reread";  ///< reread: an order to read again; estimate: a read by R1.10
    std::string why;
    bool dry_run = false;
};

/// What became of one meter that was not read.
struct FollowedUp {
    std::string serial;
    std::string outcome;  ///< order_proposed, order_there, estimated, refused
    std::string reading;  ///< of an estimate
    std::string why_not;  ///< of a refusal
};

struct FollowUp {
    std::string route;
    Date read_date;
    std::vector<FollowedUp> meters;
    [[nodiscard]] std::int64_t count(std::string_view outcome) const;
};

/// For every meter of a route that was not read: an order to read it again, proposed once, or an
/// estimate. A meter that was estimated as often in a row as the policy allows is refused and needs
/// the order. Errors: access.*; app.route_unknown, route_read_date_wrong, follow_up_unknown.
/// Source: R1.08.
[[nodiscard]] Result<FollowUp> follow_up(Office& office, const FollowUpWish& wish);

/// A read that was due and did not come within the window.
struct MissedRead {
    std::string serial;
    std::string route;
    std::string cycle;
    Date read_date;
    std::string address;
    std::int64_t account = 0;
    std::string state;            ///< skipped, trouble, not_visited, estimated; late: it came
    std::optional<Date> came_on;  ///< of a late one
    int business_days = 0;        ///< since the window closed
    std::string age;              ///< 0-2, 3-5, 6-10, 11-30, over 30 (R7.03)
    int estimates_in_a_row = 0;
};

/// Of the windows that closed since a day, by cycle, date, route and walk; of one cycle or of all.
[[nodiscard]] Result<std::vector<MissedRead>> missed_reads(Office& office, const std::string& cycle,
                                                           Date since);

struct MissedOutcome {
    std::int64_t missed = 0;
    std::int64_t opened = 0;  ///< work items that were not there yet
    std::int64_t closed = 0;  ///< of reads that came after all
};
/// Each missed read becomes a work item, once; those whose read came are closed.
/// Errors: access.*.
[[nodiscard]] Result<MissedOutcome> report_missed_reads(Office& office, const std::string& cycle,
                                                        Date since, bool dry_run);

[[nodiscard]] json::object to_json(const FollowUp& done, bool dry_run);
[[nodiscard]] json::array to_json(const std::vector<MissedRead>& missed);
[[nodiscard]] json::object to_json(const MissedOutcome& outcome, bool dry_run);

}  // namespace watthour::app
