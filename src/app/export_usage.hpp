// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "app/office.hpp"

#include <cstdint>
#include <string>

namespace watthour::app {

/// Either an account, in the days in which it was served, or a point, whoever was served there.
struct UsageExportRequest {
    std::string account;
    std::string point;   ///< its number; of an account's points this one alone
    std::string format;  ///< green-button, green-button-csv, csv-intervals
    DateRange days;
};

struct ExportedUsage {
    std::string bytes;
    std::int64_t points = 0;
    std::int64_t intervals = 0;  ///< with a value
};

/// What was used, as a file for the customer or for another program. No name, address or account
/// number is in it; csv-intervals names the meters.
///
/// Errors: app.account_unknown, app.point_unknown, app.usage_format_unknown,
///         app.usage_not_recorded, app.usage_of_many_points, metering.block_damaged.
/// Source: ESPI.
[[nodiscard]] Result<ExportedUsage> export_usage(Office& office, const UsageExportRequest& request);

}  // namespace watthour::app
