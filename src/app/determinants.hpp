// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "app/office.hpp"
#include "base/json.hpp"

#include <cstdint>
#include <string>
#include <vector>

namespace watthour::app {

/// Whose determinants: of an account, or of a whole cycle.
struct DeterminantsRequest {
    std::string account;
    std::string cycle;  ///< "" where an account is named: that of its points
    Date read_date;     ///< the period that ends about this day
};

/// One quantity that a bill of an agreement and period rests on.
struct DeterminantRow {
    std::string account;
    std::string agreement;
    std::string point;
    std::string schedule;
    std::string determinant;  ///< KWH, KWH-ON, ..., KW
    std::string quantity;     ///< decimal text
    std::string unit;         ///< kWh, kW
    DateRange period;
    std::string quality;          ///< actual, estimated, mixed
    std::string estimated_share;  ///< percent of the intervals, or of the registers' closing reads
    std::string statuses;         ///< "A 714 E 6" of the intervals; types of the closing reads
    std::string reads;            ///< meter, channel, dates and what the register showed
    std::string source;           ///< measured: not billed yet; else the bill's number
    std::string billed_quantity;  ///< of a correction: what the bill counted
};

/// An agreement whose period cannot be measured yet, and why.
struct DeterminantFailure {
    std::string account;
    std::string agreement;
    DateRange period;
    std::string cause;
    std::string message;
    std::string next;
};

struct Determinants {
    std::vector<DeterminantRow> rows;
    std::vector<DeterminantFailure> failures;
};

/// What is billed by, or was, for every agreement asked for: measured by the code that bills, or
/// as an issued bill recorded it. Who cannot be measured is a failure and is never left out.
///
/// Units:  kWh to the Wh, kW as the schedule rounds.
/// Errors: app.account_unknown, app.cycle_unknown.
/// Source: R1.06, R2.20; statuses of R1.44.
[[nodiscard]] Result<Determinants> determinants_of(Office& office,
                                                   const DeterminantsRequest& request);

/// Determinants of issued bills whose intervals were changed on `since` or later and whose
/// quantities are others now, as they are now. Source: R1.44.
[[nodiscard]] Result<Determinants> determinants_changed_since(Office& office, Date since);

[[nodiscard]] json::object to_json(const Determinants& determinants);
/// Rows first, then failures with their cause in the column `failure`. Errors: none in practice.
[[nodiscard]] Result<std::string> to_csv(const Determinants& determinants);

}  // namespace watthour::app
