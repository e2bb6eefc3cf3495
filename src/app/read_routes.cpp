// SPDX-License-Identifier: Apache-2.0
#include "app/read_routes.hpp"

#include "access/errors.hpp"
#include "app/audit_trail.hpp"
#include "app/authorize.hpp"
#include "app/errors.hpp"
#include "base/text.hpp"
#include "worklist/told.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <map>
#include <tuple>

namespace watthour::app {
namespace {

using access::permissions::route_change;
using metering::ReadRoute;
using metering::RouteKind;
using metering::RoutePlace;
using storage::RouteRows;

constexpr std::size_t longest_code = 8;  // as handhelds have room for
constexpr std::size_t longest_reader = 20;

Error wrong(const char* field, const std::string& wanted) {
    return Error(errors::route_field_wrong, {{"field", field}, {"wanted", wanted}});
}

bool is_code(const std::string& text, std::size_t longest) {
    return !text.empty() && text.size() <= longest &&
           text.find_first_not_of(
               "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz"
               "0123456789-_") == std::string::npos;
}

/// Takes over what the entry says of a route. Errors: app.route_field_wrong.
Result<void> apply(const RouteEntry& entry, ReadRoute& route) {
    if (!entry.kind.empty()) {
        const auto kind = metering::route_kind_of(entry.kind);
        if (!kind) return wrong("kind", "ami, walked, manual or opt_out");
        route.kind = *kind;
        if (entry.method.empty()) route.method = *kind == RouteKind::ami ? "network" : "keyed";
    }
    if (!entry.method.empty()) {
        if (!metering::is_read_method(entry.method)) {
            return wrong("read method", "network, keyed, radio or probe");
        }
        route.method = entry.method;
    }
    if ((route.kind == RouteKind::ami) != (route.method == "network")) {
        return wrong("read method", route.kind == RouteKind::ami
                                        ? "network for an AMI route"
                                        : "keyed, radio or probe for a route that is walked");
    }
    if (!entry.reader.empty()) {
        if (!is_code(entry.reader, longest_reader)) {
            return wrong("reader", "1 to 20 letters, digits, '-' or '_'");
        }
        route.reader = entry.reader;
    }
    if (entry.every != 0) {
        if (entry.every != 1 && entry.every != 2) return wrong("rhythm", "1 or 2");
        route.every = entry.every;
    }
    return {};
}

std::string in_words(const ReadRoute& route) {
    return fmt::format("cycle {}, {}, {} by {}, every {}", route.cycle,
                       metering::to_text(route.kind), route.method,
                       route.reader.empty() ? "-" : route.reader, route.every);
}

std::string subject_of(const std::string& route) { return "route:" + route; }

Result<void> check_why(const std::string& why) {
    if (trimmed(why).empty()) return Error(access::errors::reason_missing, {});
    return {};
}

/// The street without its number, and the number, so that "9 Oak" comes before "10 Oak".
std::tuple<std::string, std::int64_t, std::string> address_key(const service::Premise& premise) {
    const std::size_t blank = premise.street.find(' ');
    const auto number = parse_integer(premise.street.substr(0, blank));
    if (blank == std::string::npos || !number) return {premise.street, 0, premise.unit};
    return {premise.street.substr(blank + 1), *number, premise.unit};
}

}  // namespace

Result<ReadRoute> find_route(Office& office, const std::string& code, Date on) {
    for (ReadRoute& route : RouteRows(office.database()).history(code)) {
        if (route.active.contains(on)) return std::move(route);
    }
    return Error(errors::route_unknown, {{"route", code.substr(0, 40)}, {"date", on.to_string()}});
}

Result<ReadRoute> create_route(Office& office, const RouteEntry& entry) {
    TRY_DONE(authorize(office, route_change));
    TRY_DONE(check_why(entry.why));
    if (!is_code(entry.code, longest_code)) {
        return wrong("code", "1 to 8 letters, digits, '-' or '_', as handhelds have room for");
    }
    if (office.catalogue().cycles.of_cycle(entry.cycle).empty()) {
        return Error(errors::cycle_unknown, {{"cycle", entry.cycle.substr(0, 40)}});
    }
    ReadRoute route;
    route.code = entry.code;
    route.cycle = entry.cycle;
    RouteEntry told = entry;
    if (told.kind.empty()) told.kind = "walked";
    TRY_DONE(apply(told, route));
    route.active = {entry.from.value_or(office.business_date()), end_of_time};
    return storage::with_retries([&]() -> Result<ReadRoute> {
        storage::Transaction transaction(office.database(), office.business_date());
        RouteRows rows(office.database());
        for (const ReadRoute& there : rows.history(entry.code)) {
            if (there.active.intersection(route.active).is_empty()) continue;
            return Error(errors::route_exists, {{"route", there.code}, {"cycle", there.cycle}});
        }
        rows.put(route);
        record(office, route_change,
               {0, subject_of(route.code), "", in_words(route), entry.why, 0});
        if (!entry.dry_run) transaction.commit();
        return route;
    });
}

Result<ReadRoute> change_route(Office& office, const RouteEntry& entry) {
    TRY_DONE(authorize(office, route_change));
    TRY_DONE(check_why(entry.why));
    const Date from = entry.from.value_or(office.business_date());
    return storage::with_retries([&]() -> Result<ReadRoute> {
        storage::Transaction transaction(office.database(), office.business_date());
        TRY(const ReadRoute before, find_route(office, entry.code, from));
        ReadRoute route = before;
        TRY_DONE(apply(entry, route));
        route.active.from = from;
        RouteRows rows(office.database());
        rows.put(route);
        record(office, route_change,
               {0, subject_of(route.code), in_words(before), in_words(route), entry.why, 0});
        if (!entry.dry_run) transaction.commit();
        return route;
    });
}

Result<ReadRoute> retire_route(Office& office, const RouteEntry& entry) {
    TRY_DONE(authorize(office, route_change));
    TRY_DONE(check_why(entry.why));
    const Date from = entry.from.value_or(office.business_date());
    return storage::with_retries([&]() -> Result<ReadRoute> {
        storage::Transaction transaction(office.database(), office.business_date());
        TRY(ReadRoute route, find_route(office, entry.code, from - 1));
        RouteRows rows(office.database());
        const std::size_t left = rows.count_from(entry.code, from);
        if (left > 0) {
            return Error(errors::route_not_empty, {{"route", entry.code},
                                                   {"count", std::to_string(left)},
                                                   {"date", from.to_string()}});
        }
        rows.end(entry.code, from);
        record(office, route_change,
               {0, subject_of(route.code), in_words(route), "retired before " + from.to_string(),
                entry.why, 0});
        route.active.until = from;
        if (!entry.dry_run) transaction.commit();
        return route;
    });
}

Result<std::int64_t> resequence(Office& office, const Resequence& wish) {
    TRY_DONE(authorize(office, route_change));
    TRY_DONE(check_why(wish.why));
    if (wish.by != "walk" && wish.by != "address") return wrong("order", "walk or address");
    const Date from = wish.from.value_or(office.business_date());
    return storage::with_retries([&]() -> Result<std::int64_t> {
        storage::Transaction transaction(office.database(), office.business_date());
        TRY_DONE(find_route(office, wish.route, from));
        RouteRows rows(office.database());
        auto places = rows.places(wish.route, from);
        if (wish.by == "address") {
            const auto addresses = rows.addresses(wish.route, from);
            std::stable_sort(places.begin(), places.end(), [&](const auto& a, const auto& b) {
                return address_key(addresses.at(a.point)) < address_key(addresses.at(b.point));
            });
        }
        std::vector<RoutePlace> changed;
        std::int64_t order = 0;
        for (RoutePlace& place : places) {
            order += metering::walk_step;
            if (place.order == order) continue;
            place.order = order;
            place.by = office.actor().name;
            place.active.from = from;
            changed.push_back(place);
        }
        rows.put(changed);
        record(office, route_change,
               {0, subject_of(wish.route), "",
                fmt::format("numbered anew by {}, {} places changed", wish.by, changed.size()),
                wish.why, 0});
        if (!wish.dry_run) transaction.commit();
        return static_cast<std::int64_t>(changed.size());
    });
}

Result<metering::RouteClosing> close_route(Office& office, const ClosingWish& wish) {
    TRY_DONE(authorize(office, access::permissions::route_walk));
    TRY_DONE(check_why(wish.why));
    TRY(const ReadRoute route,
        find_route(office, wish.route, wish.read_date.value_or(office.business_date())));
    TRY(const tariff::CycleRow row, read_row_of(office, route, wish.read_date));
    return storage::with_retries([&]() -> Result<metering::RouteClosing> {
        storage::Transaction transaction(office.database(), office.business_date());
        RouteRows rows(office.database());
        const auto before = rows.closing(wish.route, row.read);
        const bool closed = before && before->closed;
        if (closed != wish.reopen) {
            return Error(errors::route_state_same, {{"route", wish.route},
                                                    {"date", row.read.to_string()},
                                                    {"state", closed ? "closed" : "open"}});
        }
        metering::RouteClosing closing{wish.route,   row.read, before ? before->number + 1 : 1,
                                       !wish.reopen, wish.why, office.actor().name};
        rows.add(closing);
        record(office, access::permissions::route_walk,
               {0, fmt::format("route:{}:{}", wish.route, row.read.to_string()),
                closed ? "closed" : "open", wish.reopen ? "open" : "closed", wish.why, 0});
        if (!wish.dry_run) transaction.commit();
        return closing;
    });
}

Result<tariff::CycleRow> read_row_of(Office& office, const ReadRoute& route,
                                     const std::optional<Date>& read_date) {
    const auto rows = office.catalogue().cycles.of_cycle(route.cycle);
    const int before = office.catalogue().policies.reading.window_days_before;
    const Date wanted = read_date.value_or(office.business_date() + before);
    const tariff::CycleRow* found = nullptr;
    std::string near;
    for (const auto& row : rows) {
        if (row.read <= wanted && (!read_date || row.read == wanted)) found = &row;
        if (std::abs(row.read - wanted) <= 45)
            near += (near.empty() ? "" : ", ") + row.read.to_string();
    }
    if (found != nullptr) return *found;
    return Error(errors::route_read_date_wrong, {{"cycle", route.cycle},
                                                 {"route", route.code},
                                                 {"date", wanted.to_string()},
                                                 {"near", near.empty() ? "none" : near}});
}

bool is_estimated_period(Office& office, const ReadRoute& route, Date read_date) {
    if (route.every != 2) return false;
    // The rhythm begins with the first read after it was agreed, whatever else changed since.
    Date begin = route.active.from;
    const auto history = RouteRows(office.database()).history(route.code);
    for (auto one = history.rbegin(); one != history.rend(); ++one) {
        if (one->active.until == begin && one->every == 2) begin = one->active.from;
    }
    int number = 0;
    for (const auto& row : office.catalogue().cycles.of_cycle(route.cycle)) {
        if (row.read < begin) continue;
        if (row.read == read_date) return number % 2 == 1;
        ++number;
    }
    return false;
}

std::vector<RoutePlace> put_into_walk(std::vector<RoutePlace> walk, std::vector<RoutePlace> coming,
                                      std::optional<service::ServicePointId> after, bool first) {
    std::erase_if(walk, [&](const RoutePlace& place) {
        return std::any_of(coming.begin(), coming.end(),
                           [&](const RoutePlace& one) { return one.point == place.point; });
    });
    auto spot = first ? walk.begin() : walk.end();
    if (after) {
        spot = std::find_if(walk.begin(), walk.end(),
                            [&](const RoutePlace& place) { return place.point == *after; });
        if (spot != walk.end()) ++spot;
    }
    std::optional<std::int64_t> before;
    if (spot != walk.begin()) before = std::prev(spot)->order;
    std::optional<std::int64_t> behind;
    if (spot != walk.end()) behind = spot->order;
    const auto at = static_cast<std::size_t>(spot - walk.begin());
    bool room = true;
    for (RoutePlace& place : coming) {
        const auto order = metering::order_between(before, behind);
        room = room && order.has_value();
        place.order = order.value_or(0);
        if (order) before = order;
    }
    if (room) return coming;
    walk.insert(walk.begin() + static_cast<std::ptrdiff_t>(at), coming.begin(), coming.end());
    std::int64_t order = 0;
    for (RoutePlace& place : walk) {
        place.order = order += metering::walk_step;
        place.active.from = coming.front().active.from;
    }
    return walk;
}

json::array list_routes(Office& office, const std::string& cycle, Date on) {
    const auto& reading = office.catalogue().policies.reading;
    RouteRows rows(office.database());
    std::map<std::string, std::map<std::string, storage::RouteProgress>> progress;
    std::map<std::string, Date> read_dates;
    json::array list;
    for (const ReadRoute& route : rows.routes(on)) {
        if (!cycle.empty() && route.cycle != cycle) continue;
        if (!progress.contains(route.cycle)) {
            auto& of_cycle = progress[route.cycle];
            const auto row = read_row_of(office, route, std::nullopt);
            const Date read = row ? row->read : on;
            read_dates[route.cycle] = read;
            const DateRange days{read - reading.window_days_before,
                                 read + reading.window_days_after + 1};
            for (auto& one : rows.progress(route.cycle, read, days)) of_cycle[one.route] = one;
        }
        const auto& done = progress[route.cycle][route.code];
        const Date read = read_dates[route.cycle];
        json::object object = to_json(route);
        object["points"] = done.points;
        object["read_date"] = read.to_string();
        object["meters"] = done.meters;
        object["read"] = done.read;
        object["estimated"] = done.estimated;
        object["unread"] = done.meters - done.read - done.estimated;
        object["days_left"] = read + reading.window_days_after - office.business_date();
        list.push_back(std::move(object));
    }
    return list;
}

json::object told_code(const formats::ReaderCode& code, std::string_view kind) {
    const std::string key = fmt::format("{}.{}", kind, code.name);
    json::value name = json::string(code.name);
    if (Words::of(Language::english).has(key)) name = worklist::tell(key);
    return worklist::tell("told.reader_code", {{"code", code.code}, {"name", std::move(name)}});
}

json::object to_json(const ReadRoute& route) {
    return {
        {"route", route.code},
        {"cycle", route.cycle},
        {"kind", metering::to_text(route.kind)},
        {"reader", route.reader.empty() ? json::value(nullptr) : json::value(route.reader)},
        {"read_method", route.method},
        {"every", route.every},
        {"from", route.active.from == metering::since_ever
                     ? json::value(nullptr)
                     : json::value(route.active.from.to_string())},
        {"until", route.active.until == end_of_time ? json::value(nullptr)
                                                    : json::value(route.active.until.to_string())}};
}

}  // namespace watthour::app
