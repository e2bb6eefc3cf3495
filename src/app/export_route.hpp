// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "app/route_walk.hpp"

#include <optional>
#include <string>

namespace watthour::app {

struct ExportWish {
    std::string route;
    std::optional<Date> read_date;
    std::string layout = "mvrs-126";
    bool dry_run = false;
};

struct ExportedRoute {
    metering::RouteExport record;
    std::string name;  ///< route-90-01-2026-06-29.hdl
    std::string text;
    bool again = false;  ///< the same bytes went out before; nothing was written
};

/// The meters of a route in walk order with last read, limits and messages, as a file for the
/// reader's handheld. The same route gives the same bytes, whenever it is asked for; what went out
/// is recorded with its digest, a change of it under the next number.
/// Errors: access.*; app.route_unknown, route_read_date_wrong, route_layout_unknown,
/// route_not_walked, route_estimated_now, route_closed.
[[nodiscard]] Result<ExportedRoute> export_route(Office& office, const ExportWish& wish);

[[nodiscard]] json::object to_json(const ExportedRoute& done, bool dry_run);

}  // namespace watthour::app
