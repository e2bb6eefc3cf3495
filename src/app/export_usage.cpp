// SPDX-License-Identifier: Apache-2.0
#include "app/export_usage.hpp"

#include "app/errors.hpp"
#include "app/interval_use.hpp"
#include "formats/usage_export.hpp"
#include "metering/measured_quantity.hpp"

#include <algorithm>

namespace watthour::app {
namespace {

/// Channels gathered by point and quantity; an exchange of meters goes on in the next series.
std::vector<formats::ExportedPoint> by_point(std::vector<ChannelUse> uses) {
    std::vector<formats::ExportedPoint> points;
    for (ChannelUse& use : uses) {
        if (use.intervals.empty() || use.code.ends_with("-GEN")) continue;
        const std::string key = std::to_string(use.point.value);
        auto found = std::find_if(points.begin(), points.end(),
                                  [&](const auto& point) { return point.key == key; });
        if (found == points.end()) found = points.insert(points.end(), {key, {}});
        found->series.push_back({use.serial, std::string(metering::measured_quantity(use.code)),
                                 use.minutes, std::move(use.intervals)});
    }
    return points;
}

}  // namespace

Result<ExportedUsage> export_usage(Office& office, const UsageExportRequest& request) {
    const bool sheet = request.format == "green-button-csv";
    if (!sheet && request.format != "green-button" && request.format != "csv-intervals") {
        return Error(errors::usage_format_unknown, {{"format", request.format}});
    }
    TRY(const auto places, usage_places(office, {request.account, request.point, request.days}));
    TRY(auto uses, interval_use(office, places));
    formats::UsageExport usage{office.utility().name, Instant{office.clock().now()},
                               by_point(std::move(uses))};
    ExportedUsage exported;
    for (const auto& point : usage.points) {
        for (const auto& series : point.series) {
            exported.intervals += std::count_if(
                series.intervals.begin(), series.intervals.end(),
                [](const auto& one) { return one.status != 'M' && one.status != 'F'; });
        }
    }
    if (exported.intervals == 0) {
        return Error(errors::usage_not_recorded, {{"from", request.days.from.to_string()},
                                                  {"until", request.days.until.to_string()}});
    }
    exported.points = static_cast<std::int64_t>(usage.points.size());
    if (sheet && usage.points.size() > 1) {
        return Error(errors::usage_of_many_points,
                     {{"count", std::to_string(usage.points.size())}, {"format", request.format}});
    }
    if (sheet) {
        exported.bytes = formats::write_green_button_csv(usage.points.front(), office.zone());
    } else if (request.format == "green-button") {
        exported.bytes = formats::write_green_button(usage, office.zone());
    } else {
        exported.bytes = formats::write_csv_intervals(usage, office.zone());
    }
    return exported;
}

}  // namespace watthour::app
