// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "metering/read_route.hpp"
#include "storage/database.hpp"

#include <map>

namespace watthour::storage {

/// Where a point belongs: the joins that give it its route and cycle on the day `ON_DAY`, which is
/// a parameter. `p` has the service point.
#define WH_PLACED_ON(ON_DAY)                                                       \
    "JOIN route_places w ON w.service_point_id = p.service_point_id "              \
    "AND w.superseded_on = '9999-12-31' AND w.active_from <= " ON_DAY              \
    " AND w.active_until > " ON_DAY                                                \
    " JOIN read_routes q ON q.route = w.route AND q.superseded_on = '9999-12-31' " \
    "AND q.active_from <= " ON_DAY " AND q.active_until > " ON_DAY " "

/// The points `p` of a cycle with their places `w` and routes `q` on a day, both parameters: what a
/// FROM begins with, and what its WHERE begins with. A cross join keeps the order on SQLite, which
/// would begin with the points of all cycles; PostgreSQL orders by itself.
#define WH_POINTS_OF_CYCLE "read_routes q CROSS JOIN route_places w CROSS JOIN service_points p "
#define WH_IN_CYCLE_ON(CYCLE, ON_DAY)                                                        \
    "q.cycle = " CYCLE " AND q.superseded_on = '9999-12-31' AND q.active_from <= " ON_DAY    \
    " AND q.active_until > " ON_DAY                                                          \
    " AND w.route = q.route AND w.superseded_on = '9999-12-31' AND w.active_from <= " ON_DAY \
    " AND w.active_until > " ON_DAY " AND p.service_point_id = w.service_point_id "

/// How far a route is with its reads.
struct RouteProgress {
    std::string route;
    std::int64_t points = 0;
    std::int64_t meters = 0;  ///< with a register
    std::int64_t read = 0;
    std::int64_t estimated = 0;  ///< no other read
};

/// metering::RouteStore over read_routes, route_places, route_exports, route_visits and
/// route_closings.
class RouteRows final : public metering::RouteStore {
public:
    explicit RouteRows(Database& database) : database_(database) {}
    std::vector<metering::ReadRoute> routes(Date on) override;
    std::vector<metering::ReadRoute> history(const std::string& code) override;
    void put(const metering::ReadRoute& route) override;
    void end(const std::string& code, Date until) override;
    std::vector<metering::RoutePlace> places(const std::string& route, Date on) override;
    std::vector<metering::RoutePlace> places(Date on) override;
    std::vector<metering::RoutePlace> places_from(
        const std::vector<service::ServicePointId>& points, Date from) override;
    std::vector<metering::RoutePlace> past_places(service::ServicePointId point) override;
    void put(const std::vector<metering::RoutePlace>& places) override;
    std::string reading_on(service::ServicePointId point, Date on, Date known_on) override;
    void add(const metering::RouteExport& one) override;
    std::vector<metering::RouteExport> exports(const std::string& route) override;
    void add(const std::vector<metering::RouteVisit>& visits) override;
    std::vector<metering::RouteVisit> visits(DateRange days) override;
    void add(const metering::RouteClosing& closing) override;
    std::optional<metering::RouteClosing> closing(const std::string& route,
                                                  Date read_date) override;

    /// Points that stand on a route on a day or later.
    [[nodiscard]] std::size_t count_from(const std::string& route, Date from);
    /// Addresses of the points of a route on a day, whoever is served there.
    [[nodiscard]] std::map<service::ServicePointId, service::Premise> addresses(
        const std::string& route, Date on);
    /// How many meters with a register each route of a cycle has on a day, and of how many a read
    /// that is no estimate lies in the days; in order of route.
    [[nodiscard]] std::vector<RouteProgress> progress(const std::string& cycle, Date on,
                                                      DateRange days);

    /// First places of points that are new, with the routes that they name and that are not there
    /// yet. A route in a second cycle becomes one of its own, with the cycle behind its name.
    void place_first(const std::vector<service::ServicePoint>& points);

private:
    void write(const metering::ReadRoute& route);
    void write(const std::vector<metering::RoutePlace>& places);
    Database& database_;
};

}  // namespace watthour::storage
