// SPDX-License-Identifier: Apache-2.0
#include "app/export_route.hpp"

#include "app/audit_trail.hpp"
#include "app/authorize.hpp"
#include "app/errors.hpp"
#include "base/digest.hpp"
#include "formats/handheld_route.hpp"

#include <fmt/format.h>

namespace watthour::app {
namespace {

using formats::RouteDoor;

/// The language of the household, for readers who speak it.
void add_messages(const WalkStop& stop, const std::string& language, RouteDoor& door) {
    for (const auto& comment : stop.comments) {
        door.messages.emplace_back(comment.kind, comment.text);
    }
    if (!language.empty() && language != "en") door.messages.emplace_back("language", language);
}

void add_registers(const WalkStop& stop, RouteDoor& door) {
    for (const WalkRegister& one : stop.registers) {
        formats::RouteRegister made;
        made.reg = one.quantity;
        made.dials = stop.installed->meter.dials;
        made.decimals = stop.installed->meter.decimals;
        if (const auto last = Decimal::parse(one.last_reading); last && one.last_date) {
            made.last_reading = *last;
            made.last_date = one.last_date;
        }
        if (one.limits) {
            made.low_limit = one.limits->low;
            made.high_limit = one.limits->high;
        }
        door.registers.push_back(std::move(made));
    }
}

formats::HandheldRoute route_of(Office& office, const RouteWalk& walk) {
    formats::HandheldRoute route;
    route.read_date = walk.row.read;
    route.utility = office.utility().name;
    route.cycle = walk.route.cycle;
    route.route = walk.route.code;
    route.message = fmt::format("READ {} TO {}", walk.window.from.to_string(),
                                (walk.window.until - 1).to_string());
    std::vector<customers::AccountId> ids;
    for (const WalkStop& stop : walk.stops) {
        if (stop.served) ids.push_back(stop.served->agreement.account);
    }
    std::map<customers::AccountId, customers::Account> accounts;
    for (auto& one : office.accounts().accounts(ids)) accounts[one.id] = std::move(one);
    for (const WalkStop& stop : walk.stops) {
        if (!stop.installed || stop.registers.empty()) continue;
        RouteDoor door;
        std::string language;
        door.account = "0";  // nobody is served, and the meter is read all the same
        if (stop.served) {
            const auto& account = accounts.at(stop.served->agreement.account);
            door.account = customers::account_number(account.id);
            door.name = account.name;
            language = account.language;
        }
        door.street = stop.premise.street;
        door.meter = stop.serial();
        add_messages(stop, language, door);
        add_registers(stop, door);
        route.doors.push_back(std::move(door));
    }
    return route;
}

Result<void> check_walk(Office& office, const RouteWalk& walk) {
    const std::string date = walk.row.read.to_string();
    if (walk.route.kind == metering::RouteKind::ami) {
        return Error(errors::route_not_walked, {{"route", walk.route.code}});
    }
    if (walk.closed) {
        return Error(errors::route_closed,
                     {{"route", walk.route.code}, {"date", date}, {"why", "it was closed"}});
    }
    if (walk.estimated_period) {
        std::string next = "a day of a later calendar";
        for (const auto& row : office.catalogue().cycles.of_cycle(walk.route.cycle)) {
            if (row.read <= walk.row.read) continue;
            next = row.read.to_string();
            break;
        }
        return Error(errors::route_estimated_now,
                     {{"route", walk.route.code}, {"date", date}, {"next", next}});
    }
    return {};
}

}  // namespace

Result<ExportedRoute> export_route(Office& office, const ExportWish& wish) {
    TRY_DONE(authorize(office, access::permissions::route_walk));
    if (wish.layout != "mvrs-126") {
        return Error(errors::route_layout_unknown, {{"layout", wish.layout.substr(0, 40)}});
    }
    return storage::with_retries([&]() -> Result<ExportedRoute> {
        storage::Transaction transaction(office.database(), office.business_date());
        TRY(const RouteWalk walk, walk_route(office, wish.route, wish.read_date));
        TRY_DONE(check_walk(office, walk));
        const formats::HandheldRoute route = route_of(office, walk);
        ExportedRoute done;
        done.text = formats::write_handheld_route(route);
        done.name = fmt::format("route-{}-{}.hdl", walk.route.code, walk.row.read.to_string());
        metering::RouteExport& record_of = done.record;
        record_of.route = walk.route.code;
        record_of.read_date = walk.row.read;
        record_of.layout = wish.layout;
        record_of.meters = static_cast<std::int64_t>(route.doors.size());
        for (const auto& door : route.doors) {
            record_of.registers += static_cast<std::int64_t>(door.registers.size());
        }
        record_of.sha256 = sha256_hex(done.text);
        record_of.by = office.actor().name;
        record_of.at = Instant{office.clock().now()};
        record_of.number = 1;
        storage::RouteRows rows(office.database());
        for (auto& before : rows.exports(walk.route.code)) {
            if (before.read_date != walk.row.read) continue;
            record_of.number = before.number + 1;
            done.again = before.sha256 == record_of.sha256;
            if (done.again) record_of = std::move(before);
        }
        if (!done.again) {
            rows.add(record_of);
            record(office, access::permissions::route_walk,
                   {0, fmt::format("route:{}:{}", record_of.route, record_of.read_date.to_string()),
                    "",
                    fmt::format("export {}: {} meters, {}", record_of.number, record_of.meters,
                                record_of.sha256.substr(0, 16)),
                    "", 0});
        }
        if (!wish.dry_run) transaction.commit();
        return done;
    });
}

json::object to_json(const ExportedRoute& done, bool dry_run) {
    return {{"route", done.record.route},
            {"read_date", done.record.read_date.to_string()},
            {"number", done.record.number},
            {"layout", done.record.layout},
            {"meters", done.record.meters},
            {"registers", done.record.registers},
            {"sha256", done.record.sha256},
            {"by", done.record.by},
            {"at", to_iso_utc(done.record.at)},
            {"file", done.name},
            {"again", done.again},
            {"dry_run", dry_run}};
}

}  // namespace watthour::app
