// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "app/office.hpp"
#include "base/json.hpp"
#include "formats/handheld_codes.hpp"
#include "metering/read_route.hpp"
#include "storage/route_rows.hpp"

#include <optional>
#include <string>
#include <vector>

namespace watthour::app {

/// The route of a code as it is on a day. Errors: app.route_unknown.
[[nodiscard]] Result<metering::ReadRoute> find_route(Office& office, const std::string& code,
                                                     Date on);

/// A route that is not there yet, or what changes of one.
struct RouteEntry {
    std::string code;
    std::string cycle;  ///< of a new route
    std::string kind;   ///< ami, walked, manual, opt_out; empty: as it is
    std::string reader;
    std::string method;  ///< network, keyed, radio, probe; empty: as it is, or what the kind has
    int every = 0;       ///< read in every period (1) or in every second one (2); 0: as it is
    std::optional<Date> from;  ///< none: the business date
    std::string why;
    bool dry_run = false;
};

/// Errors: access.*; app.route_exists, route_field_wrong, cycle_unknown. Source: R4.01.
[[nodiscard]] Result<metering::ReadRoute> create_route(Office& office, const RouteEntry& entry);

/// Another reader, method, kind or rhythm from a day on. The cycle of a route is changed by a move
/// (reroute). Errors: access.*; app.route_unknown, route_field_wrong, route_day_wrong.
[[nodiscard]] Result<metering::ReadRoute> change_route(Office& office, const RouteEntry& entry);

/// The route ends before a day; no point may stand on it from then on.
/// Errors: access.*; app.route_unknown, route_not_empty.
[[nodiscard]] Result<metering::ReadRoute> retire_route(Office& office, const RouteEntry& entry);

struct Resequence {
    std::string route;
    std::string by = "walk";  ///< walk: as it is; address: by street and number
    std::optional<Date> from;
    std::string why;
    bool dry_run = false;
};

/// Numbers the walk anew, 10 apart, so that there is room between neighbours; returns how many
/// places changed. Errors: access.*; app.route_unknown, route_field_wrong.
[[nodiscard]] Result<std::int64_t> resequence(Office& office, const Resequence& wish);

struct ClosingWish {
    std::string route;
    std::optional<Date> read_date;
    bool reopen = false;
    std::string why;
    bool dry_run = false;
};

/// Nothing more is taken from a handheld for this read date of the route, or again.
/// Errors: access.*; app.route_unknown, route_read_date_wrong, route_state_same.
[[nodiscard]] Result<metering::RouteClosing> close_route(Office& office, const ClosingWish& wish);

/// The read date that is meant: the one given, else the last whose window has begun.
/// Errors: app.route_read_date_wrong.
[[nodiscard]] Result<tariff::CycleRow> read_row_of(Office& office, const metering::ReadRoute& route,
                                                   const std::optional<Date>& read_date);
/// Whether a route that is read in every second period is estimated on a read date (R7.06).
[[nodiscard]] bool is_estimated_period(Office& office, const metering::ReadRoute& route,
                                       Date read_date);

/// All routes on a day with their points and, of the read date whose window began last, how many
/// meters are read. `cycle` empty: all.
[[nodiscard]] json::array list_routes(Office& office, const std::string& cycle, Date on);

/// `changed_from`: what kept numbers changes; puts places into the walk behind another meter, and
/// numbers the walk anew where there is no room. Inside a transaction.
[[nodiscard]] std::vector<metering::RoutePlace> put_into_walk(
    std::vector<metering::RoutePlace> walk, std::vector<metering::RoutePlace> coming,
    std::optional<service::ServicePointId> after, bool first);

[[nodiscard]] json::object to_json(const metering::ReadRoute& route);

/// "DG (dog)", a sentence within a sentence: the name in the reader's language, or a site's own as
/// it is. `kind` is told.skip or told.trouble.
[[nodiscard]] json::object told_code(const formats::ReaderCode& code, std::string_view kind);

}  // namespace watthour::app
