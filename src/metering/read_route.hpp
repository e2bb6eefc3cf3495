// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "metering/meter.hpp"

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace watthour::metering {

enum class RouteKind { ami, walked, manual, opt_out };

[[nodiscard]] std::string_view to_text(RouteKind kind);
[[nodiscard]] std::optional<RouteKind> route_kind_of(std::string_view text);
/// network, keyed, radio, probe.
[[nodiscard]] bool is_read_method(std::string_view text);

/// From this day on facts hold of which nobody says when they began.
inline constexpr Date since_ever = Date::ymd(1900, 1, 1);

/// An ordered list of points that are read together; it belongs to one cycle. Source: R4.01.
struct ReadRoute {
    std::string code;
    std::string cycle;
    RouteKind kind = RouteKind::ami;
    std::string reader;
    std::string method = "network";
    int every = 1;  ///< read in every period, or in every second one (R7.06)
    DateRange active{since_ever, end_of_time};
};

/// Where a point stands on its route. A point is on one route at a time.
struct RoutePlace {
    service::ServicePointId point;
    std::string route;
    std::int64_t order = 0;  ///< rises along the walk
    std::string reading;     ///< ami, manual, opt_out: how the point itself is read
    DateRange active{since_ever, end_of_time};
    std::string by;
};

/// What went out to the reader.
struct RouteExport {
    std::string route;
    Date read_date;
    std::int64_t number = 0;  ///< 1, 2, ... of the route and read date
    std::string layout;
    std::int64_t meters = 0;
    std::int64_t registers = 0;
    std::string sha256;
    std::string by;
    Instant at;
};

/// What the reader reported of a meter beside its read.
struct RouteVisit {
    MeterId meter;
    FileId file;
    std::int64_t line = 0;
    Date on;
    std::string route;
    std::string skip_code;      ///< as the handheld says it; empty where the meter was read
    std::string trouble_codes;  ///< with blanks between them
    std::string reader;
};

/// Nothing more is taken for a read date of a route, or again.
struct RouteClosing {
    std::string route;
    Date read_date;
    std::int64_t number = 0;
    bool closed = true;
    std::string why;
    std::string by;
};

/// Room between neighbours of a walk that was numbered anew.
inline constexpr std::int64_t walk_step = 10;

/// The number of a place behind one neighbour and before the next; none where there is no room
/// between them. Without a neighbour before it the place is first, without one behind it last.
[[nodiscard]] std::optional<std::int64_t> order_between(std::optional<std::int64_t> before,
                                                        std::optional<std::int64_t> after);

/// The memory of routes. Whatever writes needs a transaction with a date.
class RouteStore {
public:
    virtual ~RouteStore() = default;
    /// Believed and in force on a day, in order of code.
    [[nodiscard]] virtual std::vector<ReadRoute> routes(Date on) = 0;
    /// All that is believed of a route, in order of the first day.
    [[nodiscard]] virtual std::vector<ReadRoute> history(const std::string& code) = 0;
    /// From the route's first day until its last another of the same code does not hold: what is
    /// believed of these days is replaced.
    virtual void put(const ReadRoute& route) = 0;
    /// The route ends before a day. What begins later is taken back.
    virtual void end(const std::string& code, Date until) = 0;

    /// Believed places of a route on a day, in order of the walk.
    [[nodiscard]] virtual std::vector<RoutePlace> places(const std::string& route, Date on) = 0;
    /// All places on a day, in order of route and walk.
    [[nodiscard]] virtual std::vector<RoutePlace> places(Date on) = 0;
    /// Where points stand from a day on, now and planned, in order of point and first day.
    [[nodiscard]] virtual std::vector<RoutePlace> places_from(
        const std::vector<service::ServicePointId>& points, Date from) = 0;
    /// Every place a point has had, in order of the first day.
    [[nodiscard]] virtual std::vector<RoutePlace> past_places(service::ServicePointId point) = 0;
    /// From a place's first day on the point stands there, until the place that is planned next.
    virtual void put(const std::vector<RoutePlace>& places) = 0;
    /// How a point was read on a day, as known at the end of another: ami, manual, opt_out.
    [[nodiscard]] virtual std::string reading_on(service::ServicePointId point, Date on,
                                                 Date known_on) = 0;

    virtual void add(const RouteExport& one) = 0;
    [[nodiscard]] virtual std::vector<RouteExport> exports(const std::string& route) = 0;
    virtual void add(const std::vector<RouteVisit>& visits) = 0;
    /// Visits of the days, in order of meter, day, file and line.
    [[nodiscard]] virtual std::vector<RouteVisit> visits(DateRange days) = 0;
    virtual void add(const RouteClosing& closing) = 0;
    /// What holds of a route and read date; none where it was never closed.
    [[nodiscard]] virtual std::optional<RouteClosing> closing(const std::string& route,
                                                              Date read_date) = 0;
};

}  // namespace watthour::metering
