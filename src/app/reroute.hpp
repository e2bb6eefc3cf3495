// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "app/read_routes.hpp"
#include "tariff/cycle_bridge.hpp"

#include <optional>
#include <string>
#include <vector>

namespace watthour::app {

/// Points that go to another place: within their route, to another route, or with their whole
/// route to another cycle.
struct RerouteWish {
    std::vector<std::string> meters;  ///< serials; the order in which they will be walked
    std::string route;                ///< or every point of this route
    std::string to_route;             ///< where they go; empty: the route itself goes to `to_cycle`
    std::string to_cycle;
    std::string after;         ///< serial behind which they stand; empty: at the end
    bool first = false;        ///< at the beginning
    std::optional<Date> from;  ///< none: the business date, or the day that keeps the period inside
    bool accept_length = false;  ///< periods shorter or longer than the rule are taken as they are
    std::string reading;         ///< of an opt-out or its end; empty: follows from the route
    std::string why;
    bool dry_run = false;
};

enum class PeriodVerdict {
    same,    ///< the cycle stays
    inside,  ///< 27 to 33 days
    is_short,
    is_long,
    twice,  ///< two bills for about one period, or days that are billed already
    skip    ///< left out of a bill: too long to be billed, or the window is over
};
[[nodiscard]] std::string_view verdict_name(PeriodVerdict verdict);

/// What a move does to one point.
struct ReroutedPoint {
    service::ServicePointId point;
    std::string serial;
    std::int64_t account = 0;  ///< 0: nobody is served
    std::string from_route;
    std::string from_cycle;
    std::int64_t order = 0;  ///< in the walk afterwards
    std::optional<tariff::CycleBridge> bridge;
    PeriodVerdict verdict = PeriodVerdict::same;
};

struct RouteLoad {
    std::string route;
    std::string cycle;  ///< afterwards
    std::int64_t before = 0;
    std::int64_t after = 0;
};

struct Rerouted {
    Date from;
    std::string to_route;
    std::string to_cycle;
    std::vector<ReroutedPoint> points;
    std::vector<RouteLoad> load;
    std::optional<Date> proposed;  ///< the first day that keeps every period inside, if any
    /// Where no single move does: the way over other cycles.
    std::vector<tariff::BridgeStep> way;
    bool renumbered = false;  ///< the walk had no room and was numbered anew
    [[nodiscard]] std::int64_t count(PeriodVerdict verdict) const;
};

/// Moves points from a day on. The period of each account across the move runs from the last read
/// on the old cycle until the first read on the new one; it is short below 27 days and long above
/// 33, which needs accept_length. Below half of the shortest normal period, or where days from the
/// move's day on are billed already, the account would be billed twice; above the longest period
/// that may be billed, or where the window of the new cycle's read is over, it would be skipped:
/// both are refused whatever is accepted. More than a hundred points to another cycle wait for a
/// second person. A dry run is the same up to the commit, and shows what would be refused.
///
/// Errors: access.*; app.route_unknown, route_points_missing, route_place_missing,
/// route_move_planned, route_reading_wrong, route_bills_twice, route_skips_billing,
/// route_length_outside, cycle_unknown, meter_unknown. Source: R4.01, R1.07, R7.01 ROUTE-CHANGE.
[[nodiscard]] Result<Rerouted> reroute(Office& office, const RerouteWish& wish);

/// Carries out a move that a second person approved.
[[nodiscard]] Result<void> carry_out_reroute(Office& office, const std::string& parameters,
                                             const std::string& maker, std::int64_t approval);

/// The point where a meter hangs on a day. Errors: app.meter_unknown, meter_not_in_service.
[[nodiscard]] Result<service::ServicePointId> point_of_meter(Office& office,
                                                             const std::string& serial, Date on);

[[nodiscard]] json::object to_json(const Rerouted& done, bool dry_run);

}  // namespace watthour::app
