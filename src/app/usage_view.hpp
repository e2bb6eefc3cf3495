// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "app/office.hpp"
#include "base/json.hpp"

#include <string>

namespace watthour::app {

/// What an account used, for a chart and its table.
///
/// `resolution` is "bill" (each billed period, whole history in the range), "day" (at most 400
/// days) or "interval" (at most 31 days). Points are in order of time:
/// {"from","until","kwh","mark"}, and for bills "last_year", the use of the period that ended
/// nearest to a year before, where there is one within 20 days. Marks: actual, estimated, edited,
/// missing; of several the last in that order. Days and intervals come from the interval channels;
/// an account without one has no points there.
///
/// Units: kWh as text with its own digits; days as dates, moments of intervals in local time with
/// their offset. Errors: app.usage_range_wrong, metering.block_damaged.
[[nodiscard]] Result<json::array> usage_view(Office& office, customers::AccountId account,
                                             const std::string& resolution, DateRange days);

}  // namespace watthour::app
