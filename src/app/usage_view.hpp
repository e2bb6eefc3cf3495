// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "app/office.hpp"
#include "base/json.hpp"

#include <optional>
#include <string>

namespace watthour::app {

/// What an account used, for a chart and its table.
///
/// `resolution` is "bill" (each billed period, whole history in the range), "month", "week" (from
/// Monday; both at most 4,000 days), "day" (at most 400 days), "hour" or "interval" (at most 31
/// days). Points are in order of time: {"from","until","kwh","mark"}, and for bills "last_year",
/// the use of the period that ended nearest to a year before, where there is one within 20 days.
/// Marks: actual, estimated, edited, missing; of several the last in that order. All but bills
/// come from the channels of delivered energy, without what a check took out, and as known on a
/// business date; an account without one has no points there. A meter with a register alone has
/// points from read to read, which may be longer than a step and name the types of their reads.
///
/// Units: kWh as text with its own digits; days as dates, moments of intervals in local time with
/// their offset. Errors: app.usage_range_wrong, app.usage_step_of_registers.
[[nodiscard]] Result<json::array> usage_view(Office& office, customers::AccountId account,
                                             const std::string& resolution, DateRange days,
                                             std::optional<Date> known_on = std::nullopt);

}  // namespace watthour::app
