// SPDX-License-Identifier: Apache-2.0
#include "storage/route_rows.hpp"

#include "storage/dialect.hpp"

#include <algorithm>
#include <map>

namespace watthour::storage {
namespace {

using metering::ReadRoute;
using metering::RouteClosing;
using metering::RouteExport;
using metering::RoutePlace;
using metering::RouteVisit;
using service::ServicePointId;

constexpr const char* route_columns =
    "SELECT route, active_from, active_until, cycle, kind, reader, read_method, read_every "
    "FROM read_routes WHERE superseded_on = '9999-12-31' ";
const Query select_routes(route_columns,
                          "AND active_from <= $1 AND active_until > $1 ORDER BY route");
const Query select_history(route_columns, "AND route = $1 ORDER BY active_from");
const Query insert_route(
    "INSERT INTO read_routes (route, active_from, version, active_until, cycle, kind, reader, "
    "read_method, read_every, recorded_on, superseded_on) "
    "VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11)");
const Query supersede_route(
    "UPDATE read_routes SET superseded_on = $1 WHERE route = $2 AND active_from = $3 "
    "AND superseded_on = '9999-12-31'");
const Query select_route_version(
    "SELECT COALESCE(max(version), 0) FROM read_routes WHERE route = $1 AND active_from = $2");

constexpr const char* place_columns =
    "SELECT service_point_id, route, walk_order, reading, active_from, active_until, changed_by "
    "FROM route_places WHERE superseded_on = '9999-12-31' ";
const Query select_places_of_route(place_columns,
                                   "AND route = $1 AND active_from <= $2 AND active_until > $2 "
                                   "ORDER BY walk_order, service_point_id");
const Query select_places(place_columns,
                          "AND active_from <= $1 AND active_until > $1 "
                          "ORDER BY route, walk_order, service_point_id");
const Query select_places_from(place_columns,
                               "AND service_point_id IN ${IDS} AND active_until > $2 "
                               "ORDER BY service_point_id, active_from");
const Query select_past_places(place_columns, "AND service_point_id = $1 ORDER BY active_from");
const Query select_reading(
    "SELECT reading FROM route_places WHERE service_point_id = $1 AND active_from <= $2 "
    "AND active_until > $2 AND recorded_on <= $3 AND superseded_on > $3");
const Query insert_place(
    "INSERT INTO route_places (service_point_id, active_from, version, active_until, route, "
    "walk_order, reading, changed_by, recorded_on, superseded_on) "
    "VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10)");
const Query supersede_place(
    "UPDATE route_places SET superseded_on = $1 WHERE service_point_id = $2 AND active_from = $3 "
    "AND superseded_on = '9999-12-31'");
const Query select_place_versions(
    "SELECT service_point_id, active_from, max(version) FROM route_places "
    "WHERE service_point_id IN ${IDS} GROUP BY service_point_id, active_from");

const Query insert_export(
    "INSERT INTO route_exports (route, read_date, export_number, layout, meters, registers, "
    "sha256, exported_by, exported_at, recorded_on) "
    "VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10)");
const Query select_exports(
    "SELECT route, read_date, export_number, layout, meters, registers, sha256, exported_by, "
    "exported_at FROM route_exports WHERE route = $1 ORDER BY read_date, export_number");
const Query insert_visit(
    "INSERT INTO route_visits (meter_id, file_id, line, visited_on, route, skip_code, "
    "trouble_codes, reader, recorded_on) VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9)");
const Query select_visits(
    "SELECT meter_id, file_id, line, visited_on, route, skip_code, trouble_codes, reader "
    "FROM route_visits WHERE visited_on >= $1 AND visited_on < $2 "
    "ORDER BY meter_id, visited_on, file_id, line");
const Query insert_closing(
    "INSERT INTO route_closings (route, read_date, closing_number, state, why, changed_by, "
    "recorded_on) VALUES ($1, $2, $3, $4, $5, $6, $7)");
const Query select_closing(
    "SELECT route, read_date, closing_number, state, why, changed_by FROM route_closings "
    "WHERE route = $1 AND read_date = $2 ORDER BY closing_number DESC LIMIT 1");

const Query select_count_from(
    "SELECT count(DISTINCT service_point_id) FROM route_places WHERE route = $1 "
    "AND superseded_on = '9999-12-31' AND active_until > $2");
const Query select_addresses(
    "SELECT w.service_point_id, r.premise_id, r.street, r.unit, r.city, r.state, r.zip, "
    "r.tax_district FROM route_places w "
    "JOIN service_points p ON p.service_point_id = w.service_point_id "
    "JOIN premises r ON r.premise_id = p.premise_id WHERE w.route = $1 "
    "AND w.superseded_on = '9999-12-31' AND w.active_from <= $2 AND w.active_until > $2");
const Query select_points_of_cycle(
    "SELECT q.route, count(w.service_point_id) FROM read_routes q "
    "LEFT JOIN route_places w ON w.route = q.route AND w.superseded_on = '9999-12-31' "
    "AND w.active_from <= $2 AND w.active_until > $2 "
    "WHERE q.cycle = $1 AND q.superseded_on = '9999-12-31' AND q.active_from <= $2 "
    "AND q.active_until > $2 GROUP BY q.route ORDER BY q.route");
constexpr const char* meters_of_cycle =
    "FROM " WH_POINTS_OF_CYCLE "CROSS JOIN meter_installations i CROSS JOIN channels c ";
constexpr const char* of_cycle =
    "WHERE " WH_IN_CYCLE_ON("$1", "$2") "AND i.service_point_id = p.service_point_id "
    "AND i.superseded_on = '9999-12-31' AND i.active_from <= $2 AND i.active_until > $2 "
    "AND c.meter_id = i.meter_id AND c.interval_minutes = 0 AND c.code LIKE 'KWH%' ";
const Query select_meters_of_cycle("SELECT w.route, count(DISTINCT i.meter_id) ", meters_of_cycle,
                                   of_cycle, "GROUP BY w.route ORDER BY w.route");
/// One row a meter that has a reading in the days: how many that are no estimates. A read that was
/// taken back has an empty reading as its last version.
const Query select_progress(
    "SELECT w.route, i.meter_id, SUM(CASE WHEN r.read_type = 'estimated' THEN 0 ELSE 1 END) ",
    meters_of_cycle, "CROSS JOIN register_reads r ", of_cycle,
    "AND r.channel_id = c.channel_id AND r.read_date >= $3 AND r.read_date < $4 "
    "AND r.reading <> '' AND NOT EXISTS (SELECT 1 FROM register_reads l "
    "WHERE l.channel_id = r.channel_id AND l.read_date = r.read_date "
    "AND l.read_type = r.read_type AND l.version > r.version) "
    "GROUP BY w.route, i.meter_id ORDER BY w.route, i.meter_id");

ReadRoute route_row(const Statement& row) {
    ReadRoute route;
    route.code = row.text(0);
    route.active = {row.date(1), row.date(2)};
    route.cycle = row.text(3);
    const auto kind = metering::route_kind_of(row.text_view(4));
    WH_CHECK(kind.has_value(), "a route has a kind that the program does not know");
    route.kind = *kind;
    route.reader = row.text(5);
    route.method = row.text(6);
    route.every = static_cast<int>(row.integer(7));
    return route;
}

std::vector<RoutePlace> place_rows(Statement& select) {
    std::vector<RoutePlace> found;
    while (select.step()) {
        found.push_back({{select.integer(0)},
                         select.text(1),
                         select.integer(2),
                         select.text(3),
                         {select.date(4), select.date(5)},
                         select.text(6)});
    }
    return found;
}

}  // namespace

std::vector<ReadRoute> RouteRows::routes(Date on) {
    std::vector<ReadRoute> found;
    Statement select = database_.prepare(select_routes);
    select.bind(1, on);
    while (select.step()) found.push_back(route_row(select));
    return found;
}

std::vector<ReadRoute> RouteRows::history(const std::string& code) {
    std::vector<ReadRoute> found;
    Statement select = database_.prepare(select_history);
    select.bind(1, code);
    while (select.step()) found.push_back(route_row(select));
    return found;
}

void RouteRows::write(const ReadRoute& route) {
    Statement last = database_.prepare(select_route_version);
    last.bind(1, route.code).bind(2, route.active.from);
    const std::int64_t version = last.step() ? last.integer(0) + 1 : 1;
    last.reset();
    database_.prepare(insert_route)
        .bind(1, route.code)
        .bind(2, route.active.from)
        .bind(3, version)
        .bind(4, route.active.until)
        .bind(5, route.cycle)
        .bind(6, metering::to_text(route.kind))
        .bind(7, route.reader)
        .bind(8, route.method)
        .bind(9, std::int64_t{route.every})
        .bind(10, database_.recorded_on())
        .bind(11, end_of_time)
        .run();
}

void RouteRows::put(const ReadRoute& route) {
    for (ReadRoute old : history(route.code)) {
        if (old.active.intersection(route.active).is_empty()) continue;
        database_.prepare(supersede_route)
            .bind(1, database_.recorded_on())
            .bind(2, old.code)
            .bind(3, old.active.from)
            .run();
        old.active.until = route.active.from;
        if (!old.active.is_empty()) write(old);
    }
    write(route);
}

void RouteRows::end(const std::string& code, Date until) {
    for (ReadRoute old : history(code)) {
        if (old.active.until <= until) continue;
        database_.prepare(supersede_route)
            .bind(1, database_.recorded_on())
            .bind(2, old.code)
            .bind(3, old.active.from)
            .run();
        old.active.until = until;
        if (!old.active.is_empty()) write(old);
    }
}

std::vector<RoutePlace> RouteRows::places(const std::string& route, Date on) {
    Statement select = database_.prepare(select_places_of_route);
    select.bind(1, route).bind(2, on);
    return place_rows(select);
}

std::vector<RoutePlace> RouteRows::places(Date on) {
    Statement select = database_.prepare(select_places);
    select.bind(1, on);
    return place_rows(select);
}

std::vector<RoutePlace> RouteRows::places_from(const std::vector<ServicePointId>& points,
                                               Date from) {
    if (points.empty()) return {};
    Statement select = database_.prepare(select_places_from);
    select.bind(1, id_list(points)).bind(2, from);
    return place_rows(select);
}

std::vector<RoutePlace> RouteRows::past_places(ServicePointId point) {
    Statement select = database_.prepare(select_past_places);
    select.bind(1, point.value);
    return place_rows(select);
}

void RouteRows::write(const std::vector<RoutePlace>& places) {
    std::vector<ServicePointId> points;
    for (const RoutePlace& place : places) points.push_back(place.point);
    std::map<std::pair<std::int64_t, Date>, std::int64_t> versions;
    {
        Statement select = database_.prepare(select_place_versions);
        select.bind(1, id_list(points));
        while (select.step()) {
            versions[{select.integer(0), select.date(1)}] = select.integer(2);
        }
    }
    Bulk insert = database_.bulk(insert_place);
    for (const RoutePlace& place : places) {
        insert.bind(1, place.point.value)
            .bind(2, place.active.from)
            .bind(3, ++versions[{place.point.value, place.active.from}])
            .bind(4, place.active.until)
            .bind(5, place.route)
            .bind(6, place.order)
            .bind(7, place.reading)
            .bind(8, place.by)
            .bind(9, database_.recorded_on())
            .bind(10, end_of_time)
            .run();
    }
    insert.finish();
}

void RouteRows::put(const std::vector<RoutePlace>& places) {
    if (places.empty()) return;
    std::vector<ServicePointId> points;
    Date earliest = end_of_time;
    for (const RoutePlace& place : places) {
        points.push_back(place.point);
        earliest = std::min(earliest, place.active.from);
    }
    std::map<std::int64_t, std::vector<RoutePlace>> believed;
    for (RoutePlace& old : places_from(points, earliest)) {
        believed[old.point.value].push_back(std::move(old));
    }
    std::vector<RoutePlace> written;
    for (RoutePlace place : places) {
        place.active.until = end_of_time;
        for (RoutePlace& old : believed[place.point.value]) {
            if (old.active.from > place.active.from) {
                place.active.until = std::min(place.active.until, old.active.from);
                continue;
            }
            if (!old.active.contains(place.active.from)) continue;
            database_.prepare(supersede_place)
                .bind(1, database_.recorded_on())
                .bind(2, old.point.value)
                .bind(3, old.active.from)
                .run();
            old.active.until = place.active.from;
            if (!old.active.is_empty()) written.push_back(old);
        }
        written.push_back(std::move(place));
    }
    write(written);
}

std::string RouteRows::reading_on(ServicePointId point, Date on, Date known_on) {
    Statement select = database_.prepare(select_reading);
    select.bind(1, point.value).bind(2, on).bind(3, known_on);
    return select.step() ? select.text(0) : std::string();
}

void RouteRows::add(const RouteExport& one) {
    database_.prepare(insert_export)
        .bind(1, one.route)
        .bind(2, one.read_date)
        .bind(3, one.number)
        .bind(4, one.layout)
        .bind(5, one.meters)
        .bind(6, one.registers)
        .bind(7, one.sha256)
        .bind(8, one.by)
        .bind(9, one.at.seconds)
        .bind(10, database_.recorded_on())
        .run();
}

std::vector<RouteExport> RouteRows::exports(const std::string& route) {
    std::vector<RouteExport> found;
    Statement select = database_.prepare(select_exports);
    select.bind(1, route);
    while (select.step()) {
        found.push_back({select.text(0),
                         select.date(1),
                         select.integer(2),
                         select.text(3),
                         select.integer(4),
                         select.integer(5),
                         select.text(6),
                         select.text(7),
                         {select.integer(8)}});
    }
    return found;
}

void RouteRows::add(const std::vector<RouteVisit>& visits) {
    if (visits.empty()) return;
    Bulk insert = database_.bulk(insert_visit);
    for (const RouteVisit& visit : visits) {
        insert.bind(1, visit.meter.value)
            .bind(2, visit.file.value)
            .bind(3, visit.line)
            .bind(4, visit.on)
            .bind(5, visit.route)
            .bind(6, visit.skip_code)
            .bind(7, visit.trouble_codes)
            .bind(8, visit.reader)
            .bind(9, database_.recorded_on())
            .run();
    }
    insert.finish();
}

std::vector<RouteVisit> RouteRows::visits(DateRange days) {
    std::vector<RouteVisit> found;
    Statement select = database_.prepare(select_visits);
    select.bind(1, days.from).bind(2, days.until);
    while (select.step()) {
        found.push_back({{select.integer(0)},
                         {select.integer(1)},
                         select.integer(2),
                         select.date(3),
                         select.text(4),
                         select.text(5),
                         select.text(6),
                         select.text(7)});
    }
    return found;
}

void RouteRows::add(const RouteClosing& closing) {
    database_.prepare(insert_closing)
        .bind(1, closing.route)
        .bind(2, closing.read_date)
        .bind(3, closing.number)
        .bind(4, closing.closed ? "closed" : "open")
        .bind(5, closing.why)
        .bind(6, closing.by)
        .bind(7, database_.recorded_on())
        .run();
}

std::optional<RouteClosing> RouteRows::closing(const std::string& route, Date read_date) {
    Statement select = database_.prepare(select_closing);
    select.bind(1, route).bind(2, read_date);
    if (!select.step()) return std::nullopt;
    return RouteClosing{select.text(0),    select.date(1),
                        select.integer(2), select.text_view(3) == "closed",
                        select.text(4),    select.text(5)};
}

std::size_t RouteRows::count_from(const std::string& route, Date from) {
    Statement select = database_.prepare(select_count_from);
    select.bind(1, route).bind(2, from);
    return select.step() ? static_cast<std::size_t>(select.integer(0)) : 0;
}

std::map<ServicePointId, service::Premise> RouteRows::addresses(const std::string& route, Date on) {
    std::map<ServicePointId, service::Premise> found;
    Statement select = database_.prepare(select_addresses);
    select.bind(1, route).bind(2, on);
    while (select.step()) {
        found[{select.integer(0)}] = {{select.integer(1)}, select.text(2), select.text(3),
                                      select.text(4),      select.text(5), select.text(6),
                                      select.text(7)};
    }
    return found;
}

std::vector<RouteProgress> RouteRows::progress(const std::string& cycle, Date on, DateRange days) {
    std::vector<RouteProgress> found;
    {
        Statement select = database_.prepare(select_points_of_cycle);
        select.bind(1, cycle).bind(2, on);
        while (select.step()) found.push_back({select.text(0), select.integer(1), 0, 0, 0});
    }
    const auto progress_of = [&](std::string_view route) -> RouteProgress& {
        return *std::find_if(found.begin(), found.end(),
                             [&](const RouteProgress& one) { return one.route == route; });
    };
    {
        Statement select = database_.prepare(select_meters_of_cycle);
        select.bind(1, cycle).bind(2, on);
        while (select.step()) progress_of(select.text_view(0)).meters = select.integer(1);
    }
    Statement select = database_.prepare(select_progress);
    select.bind(1, cycle).bind(2, on).bind(3, days.from).bind(4, days.until);
    while (select.step()) {
        RouteProgress& route = progress_of(select.text_view(0));
        ++(select.integer(2) > 0 ? route.read : route.estimated);
    }
    return found;
}

void RouteRows::place_first(const std::vector<service::ServicePoint>& points) {
    if (points.empty()) return;
    std::map<std::string, ReadRoute> known;
    for (ReadRoute& route : routes(service::now_known)) known[route.code] = std::move(route);
    std::vector<RoutePlace> places;
    for (const auto& point : points) {
        std::string code = point.route;
        const auto found = known.find(code);
        if (found != known.end() && found->second.cycle != point.cycle) code += "-" + point.cycle;
        if (!known.contains(code)) {
            ReadRoute route;
            route.code = code;
            route.cycle = point.cycle;
            if (point.reading != "ami") {
                route.kind = point.reading == "opt_out" ? metering::RouteKind::opt_out
                                                        : metering::RouteKind::walked;
                route.method = "keyed";
            }
            write(route);
            known[code] = std::move(route);
        }
        places.push_back({point.id, code, point.sequence, point.reading, {}, {}});
        places.back().active = {metering::since_ever, end_of_time};
    }
    Bulk insert = database_.bulk(insert_place);
    constexpr std::int64_t first_version = 1;
    for (const RoutePlace& place : places) {
        insert.bind(1, place.point.value)
            .bind(2, place.active.from)
            .bind(3, first_version)
            .bind(4, place.active.until)
            .bind(5, place.route)
            .bind(6, place.order)
            .bind(7, place.reading)
            .bind(8, place.by)
            .bind(9, database_.recorded_on())
            .bind(10, end_of_time)
            .run();
    }
    insert.finish();
}

}  // namespace watthour::storage
