// SPDX-License-Identifier: Apache-2.0
#include "app/reroute.hpp"

#include "access/errors.hpp"
#include "app/audit_trail.hpp"
#include "app/authorize.hpp"
#include "app/errors.hpp"
#include "base/text.hpp"
#include "storage/meter_shop_rows.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <array>
#include <map>
#include <set>

namespace watthour::app {
namespace {

using access::permissions::route_change;
using access::permissions::route_move_many;
using metering::ReadRoute;
using metering::RouteKind;
using metering::RoutePlace;
using service::ServicePointId;
using storage::RouteRows;

/// A move of more points to another cycle needs a second person (quality bar J4).
constexpr std::size_t most_alone = 100;

class Rerouter {
public:
    Rerouter(Office& office, const RerouteWish& wish)
        : office_(office), wish_(wish), rows_(office.database()) {}

    /// Everything up to the writing.
    Result<Rerouted> plan() {
        done_.from = wish_.from.value_or(office_.business_date());
        looked_on_ = done_.from;
        TRY_DONE(find_places());
        TRY_DONE(find_target());
        done_.proposed = propose();
        if (!wish_.from && done_.proposed && changes_cycle()) done_.from = *done_.proposed;
        TRY_DONE(check_planned());
        TRY_DONE(settle_reading());
        fetch_served();
        for (const RoutePlace& place : places_) add_point(place);
        if (changes_cycle() && !done_.proposed) find_way();
        order_walk();
        count_load();
        return done_;
    }

    /// Refused whatever the wish accepts, or what it does not accept.
    [[nodiscard]] Result<void> check() const {
        const std::array<std::tuple<PeriodVerdict, const ErrorKind*, bool>, 4> checks = {
            {{PeriodVerdict::twice, &errors::route_bills_twice, true},
             {PeriodVerdict::skip, &errors::route_skips_billing, true},
             {PeriodVerdict::is_short, &errors::route_length_outside, !wish_.accept_length},
             {PeriodVerdict::is_long, &errors::route_length_outside, !wish_.accept_length}}};
        for (const auto& [verdict, error, refuses] : checks) {
            if (!refuses) continue;
            for (const ReroutedPoint& one : done_.points) {
                if (one.verdict == verdict) return refusal(*error, one);
            }
        }
        return {};
    }

    [[nodiscard]] bool needs_second_person() const {
        return changes_cycle() && done_.points.size() > most_alone;
    }

    /// Inside a transaction.
    void write(const std::string& by, std::int64_t approval) {
        if (whole_route_) {
            ReadRoute route = source_;
            route.cycle = target_.cycle;
            route.active = {done_.from, end_of_time};
            rows_.put(route);
        } else {
            for (RoutePlace& place : written_) place.by = by;
            rows_.put(written_);
        }
        std::set<std::string> sources;
        for (const ReroutedPoint& one : done_.points) {
            sources.insert(one.from_route);
            record(office_, route_change,
                   {one.account, "place:" + one.serial,
                    fmt::format("route {}, cycle {}", one.from_route, one.from_cycle),
                    fmt::format("route {}, cycle {}, place {}, from {}", done_.to_route,
                                done_.to_cycle, one.order, done_.from.to_string()),
                    wish_.why, approval});
        }
        record(office_, route_change,
               {0, "route:" + done_.to_route, fmt::format("{}", fmt::join(sources, ", ")),
                fmt::format("{} points to route {}, cycle {}, from {}", done_.points.size(),
                            done_.to_route, done_.to_cycle, done_.from.to_string()),
                wish_.why, approval});
    }

private:
    [[nodiscard]] bool changes_cycle() const {
        return std::any_of(cycle_of_.begin(), cycle_of_.end(),
                           [&](const auto& one) { return one.second != target_.cycle; });
    }

    Result<void> find_places() {
        if (wish_.meters.empty() && wish_.route.empty()) {
            return Error(errors::route_points_missing, {});
        }
        if (wish_.meters.empty()) {
            TRY(source_, find_route(office_, wish_.route, done_.from));
            places_ = rows_.places(wish_.route, done_.from);
            name_meters();
            if (places_.empty()) return Error(errors::route_points_missing, {});
        }
        for (const std::string& serial : wish_.meters) {
            TRY(const ServicePointId point, point_of_meter(office_, serial, done_.from));
            serials_[point] = serial;
            for (RoutePlace& place : rows_.places_from({point}, done_.from)) {
                if (place.active.contains(done_.from)) places_.push_back(std::move(place));
            }
            const std::string& route = places_.back().route;
            if (!wish_.route.empty() && route != wish_.route) {
                return Error(
                    errors::route_place_missing,
                    {{"meter", serial}, {"route", wish_.route}, {"date", done_.from.to_string()}});
            }
        }
        for (const RoutePlace& place : places_) {
            if (cycle_of_.contains(place.route)) continue;
            TRY(const ReadRoute route, find_route(office_, place.route, done_.from));
            cycle_of_[place.route] = route.cycle;
        }
        return {};
    }

    void name_meters() {
        std::vector<ServicePointId> points;
        for (const RoutePlace& place : places_) points.push_back(place.point);
        for (const auto& installed : office_.meters().installed_at(points)) {
            if (installed.installation.active.contains(done_.from)) {
                serials_[installed.installation.service_point] = installed.meter.serial;
            }
        }
    }

    Result<void> find_target() {
        whole_route_ = wish_.to_route.empty();
        if (!whole_route_) {
            TRY(target_, find_route(office_, wish_.to_route, done_.from));
        } else {
            if (!wish_.meters.empty() || wish_.to_cycle.empty()) {
                return Error(errors::route_points_missing, {});
            }
            if (office_.catalogue().cycles.of_cycle(wish_.to_cycle).empty()) {
                return Error(errors::cycle_unknown, {{"cycle", wish_.to_cycle.substr(0, 40)}});
            }
            target_ = source_;
            target_.cycle = wish_.to_cycle;
        }
        done_.to_route = target_.code;
        done_.to_cycle = target_.cycle;
        if (wish_.after.empty()) return {};
        TRY(const ServicePointId neighbour, point_of_meter(office_, wish_.after, done_.from));
        for (const RoutePlace& place : rows_.places_from({neighbour}, done_.from)) {
            if (place.active.contains(done_.from) && place.route == target_.code) {
                after_ = neighbour;
            }
        }
        if (after_) return {};
        return Error(
            errors::route_place_missing,
            {{"meter", wish_.after}, {"route", target_.code}, {"date", done_.from.to_string()}});
    }

    /// The first day from the business date on that keeps the periods of all inside.
    std::optional<Date> propose() const {
        const auto rules = tariff::calendar_rules(office_.catalogue());
        std::optional<Date> latest;
        for (const auto& [route, cycle] : cycle_of_) {
            if (cycle == target_.cycle) continue;
            const auto day = tariff::day_inside(office_.catalogue().cycles, rules, cycle,
                                                target_.cycle, office_.business_date());
            if (!day) return std::nullopt;
            latest = std::max(latest.value_or(*day), *day);
        }
        return latest;
    }

    void find_way() {
        const auto rules = tariff::calendar_rules(office_.catalogue());
        for (const auto& [route, cycle] : cycle_of_) {
            if (cycle == target_.cycle || !done_.way.empty()) continue;
            done_.way = tariff::way_inside(office_.catalogue().cycles, rules, cycle, target_.cycle,
                                           office_.business_date());
        }
    }

    Result<void> check_planned() const {
        std::vector<ServicePointId> points;
        for (const RoutePlace& place : places_) points.push_back(place.point);
        for (const RoutePlace& place : rows_.places_from(points, looked_on_)) {
            if (place.active.from <= looked_on_) continue;
            return Error(errors::route_move_planned, {{"meter", serial_of(place.point)},
                                                      {"route", place.route},
                                                      {"date", place.active.from.to_string()}});
        }
        return {};
    }

    /// How each point will be read: by the route's kind, and as the customer chose.
    Result<void> settle_reading() {
        for (RoutePlace& place : places_) {
            std::string reading = wish_.reading.empty() ? place.reading : wish_.reading;
            const bool ami = target_.kind == RouteKind::ami;
            if (reading != "opt_out") reading = ami ? "ami" : "manual";
            const bool right = target_.kind == RouteKind::opt_out ? reading == "opt_out"
                               : ami                              ? reading == "ami"
                                                                  : true;
            if (!right) {
                return Error(errors::route_reading_wrong,
                             {{"meter", serial_of(place.point)},
                              {"reading", place.reading},
                              {"route", target_.code},
                              {"kind", std::string(metering::to_text(target_.kind))}});
            }
            place.reading = reading;
        }
        return {};
    }

    void fetch_served() {
        std::set<std::string> cycles;
        for (const auto& [route, cycle] : cycle_of_) cycles.insert(cycle);
        std::set<ServicePointId> wanted;
        for (const RoutePlace& place : places_) wanted.insert(place.point);
        for (const std::string& cycle : cycles) {
            for (auto& one : office_.service().agreements_of_cycle(
                     cycle, done_.from, {done_.from, done_.from + 1}, customers::every_account)) {
                if (wanted.contains(one.point.id)) served_[one.point.id] = std::move(one.agreement);
            }
            for (const auto& [agreement, until] :
                 office_.bills().billed_until(cycle, done_.from, customers::every_account)) {
                billed_until_[agreement] = until;
            }
        }
    }

    void add_point(const RoutePlace& place) {
        ReroutedPoint one;
        one.point = place.point;
        one.serial = serial_of(place.point);
        one.from_route = place.route;
        one.from_cycle = cycle_of_.at(place.route);
        const auto served = served_.find(place.point);
        if (served != served_.end()) one.account = served->second.account.value;
        if (one.from_cycle != target_.cycle) {
            one.bridge = tariff::bridge_of(office_.catalogue().cycles, one.from_cycle,
                                           target_.cycle, done_.from);
            const auto billed = served == served_.end() ? billed_until_.end()
                                                        : billed_until_.find(served->second.id);
            one.verdict =
                judge(one, billed == billed_until_.end() ? std::optional<Date>() : billed->second);
        }
        done_.points.push_back(std::move(one));
    }

    [[nodiscard]] PeriodVerdict judge(const ReroutedPoint& one,
                                      std::optional<Date> billed_until) const {
        if (!one.bridge) return PeriodVerdict::skip;
        const auto& policies = office_.catalogue().policies;
        const int days = one.bridge->days();
        const int late = policies.reading.window_days_after;
        if (billed_until && *billed_until > one.bridge->last_read + late) {
            return PeriodVerdict::twice;
        }
        const auto row = office_.catalogue().cycles.read_on(target_.cycle, one.bridge->first_read);
        const Date closes = add_business_days(row->calc, policies.billing.window_business_days,
                                              office_.catalogue().office_holidays);
        if (closes < office_.business_date()) return PeriodVerdict::skip;
        if (2 * days < policies.reading.normal_days_min) return PeriodVerdict::twice;
        if (days > policies.billing.max_days_without_bill) return PeriodVerdict::skip;
        if (days < policies.reading.normal_days_min) return PeriodVerdict::is_short;
        if (days > policies.reading.normal_days_max) return PeriodVerdict::is_long;
        return PeriodVerdict::inside;
    }

    void order_walk() {
        if (whole_route_) {
            for (ReroutedPoint& one : done_.points) {
                for (const RoutePlace& place : places_) {
                    if (place.point == one.point) one.order = place.order;
                }
            }
            return;
        }
        std::vector<RoutePlace> coming = places_;
        for (RoutePlace& place : coming) {
            place.route = target_.code;
            place.active = {done_.from, end_of_time};
        }
        written_ = put_into_walk(rows_.places(target_.code, done_.from), std::move(coming), after_,
                                 wish_.first);
        done_.renumbered = written_.size() > places_.size();
        for (ReroutedPoint& one : done_.points) {
            for (const RoutePlace& place : written_) {
                if (place.point == one.point) one.order = place.order;
            }
        }
    }

    void count_load() {
        std::map<std::string, std::int64_t> leaving;
        for (const RoutePlace& place : places_) ++leaving[place.route];
        for (const auto& [route, count] : leaving) {
            const auto now = static_cast<std::int64_t>(rows_.places(route, done_.from).size());
            const bool stays = route == target_.code;
            done_.load.push_back({route, whole_route_ ? target_.cycle : cycle_of_.at(route), now,
                                  stays ? now : now - count});
        }
        if (leaving.contains(target_.code)) {
            for (RouteLoad& one : done_.load) {
                if (one.route != target_.code) continue;
                one.after += static_cast<std::int64_t>(places_.size()) - leaving[target_.code];
            }
            return;
        }
        const auto now = static_cast<std::int64_t>(rows_.places(target_.code, done_.from).size());
        done_.load.push_back(
            {target_.code, target_.cycle, now, now + static_cast<std::int64_t>(places_.size())});
    }

    [[nodiscard]] Error refusal(const ErrorKind& kind, const ReroutedPoint& first) const {
        const std::string what =
            first.bridge
                ? fmt::format("meter {} from {} until {}, {} days", first.serial,
                              first.bridge->last_read.to_string(),
                              first.bridge->first_read.to_string(), first.bridge->days())
                : fmt::format("meter {}, for which the calendar has no read", first.serial);
        std::string proposed = done_.proposed ? done_.proposed->to_string() : "";
        if (proposed.empty()) {
            for (const auto& step : done_.way) {
                proposed += fmt::format("{}{} to cycle {}", proposed.empty() ? "" : ", then ",
                                        step.move_on.to_string(), step.cycle);
            }
        }
        if (proposed.empty()) proposed = "a day of a later calendar";
        return Error(kind, {{"count", std::to_string(done_.count(first.verdict))},
                            {"first", what},
                            {"proposed", proposed}});
    }

    [[nodiscard]] std::string serial_of(ServicePointId point) const {
        const auto found = serials_.find(point);
        return found == serials_.end() ? fmt::format("point {}", point.value) : found->second;
    }

    Office& office_;
    const RerouteWish& wish_;
    mutable RouteRows rows_;
    Rerouted done_;
    Date looked_on_;  ///< the day on which the places were found
    ReadRoute source_;
    ReadRoute target_;
    bool whole_route_ = false;
    std::vector<RoutePlace> places_;   ///< as they are, in the order wanted
    std::vector<RoutePlace> written_;  ///< as they will be
    std::map<std::string, std::string> cycle_of_;
    std::map<ServicePointId, std::string> serials_;
    std::map<ServicePointId, service::ServiceAgreement> served_;
    std::map<service::AgreementId, Date> billed_until_;
    std::optional<ServicePointId> after_;
};

std::string to_parameters(const RerouteWish& wish, Date from) {
    json::array meters;
    for (const std::string& serial : wish.meters) meters.push_back(json::value(serial));
    return to_text(json::object{{"meters", std::move(meters)},
                                {"route", wish.route},
                                {"to_route", wish.to_route},
                                {"to_cycle", wish.to_cycle},
                                {"after", wish.after},
                                {"first", wish.first},
                                {"accept_length", wish.accept_length},
                                {"from", from.to_string()},
                                {"why", wish.why}});
}

json::value date_or_null(const std::optional<Date>& day) {
    return day ? json::value(day->to_string()) : json::value(nullptr);
}

}  // namespace

std::string_view verdict_name(PeriodVerdict verdict) {
    constexpr std::array<std::string_view, 6> names = {"same", "inside", "short",
                                                       "long", "twice",  "skip"};
    return names[static_cast<std::size_t>(verdict)];
}

std::int64_t Rerouted::count(PeriodVerdict verdict) const {
    return std::count_if(points.begin(), points.end(),
                         [&](const ReroutedPoint& one) { return one.verdict == verdict; });
}

Result<ServicePointId> point_of_meter(Office& office, const std::string& serial, Date on) {
    storage::MeterShopRows shop(office.database());
    const auto meter = shop.find(serial);
    if (!meter) return Error(errors::meter_unknown, {{"meter", serial.substr(0, 60)}});
    for (const auto& known : shop.installations(meter->id)) {
        if (known.superseded_on == end_of_time && known.installation.active.contains(on)) {
            return known.installation.service_point;
        }
    }
    return Error(errors::meter_not_in_service, {{"meter", serial}, {"date", on.to_string()}});
}

Result<Rerouted> reroute(Office& office, const RerouteWish& wish) {
    TRY_DONE(authorize(office, route_change));
    if (trimmed(wish.why).empty()) return Error(access::errors::reason_missing, {});
    {
        Rerouter rerouter(office, wish);
        TRY(const Rerouted planned, rerouter.plan());
        if (wish.dry_run) return planned;
        TRY_DONE(rerouter.check());
        if (rerouter.needs_second_person()) {
            Request request;
            request.parameters = to_parameters(wish, planned.from);
            request.why = wish.why;
            TRY_DONE(authorize(office, route_move_many, request));
        }
    }
    return storage::with_retries([&]() -> Result<Rerouted> {
        storage::Transaction transaction(office.database(), office.business_date());
        Rerouter rerouter(office, wish);
        TRY(Rerouted done, rerouter.plan());
        TRY_DONE(rerouter.check());
        rerouter.write(office.actor().name, 0);
        transaction.commit();
        return done;
    });
}

Result<void> carry_out_reroute(Office& office, const std::string& parameters,
                               const std::string& maker, std::int64_t approval) {
    TRY(const json::value parsed, parse_json(parameters, "approval"));
    const json::object& asked = parsed.as_object();
    const auto text = [&](const char* name) { return std::string(asked.at(name).as_string()); };
    RerouteWish wish;
    for (const auto& one : asked.at("meters").as_array()) {
        wish.meters.emplace_back(one.as_string());
    }
    wish.route = text("route");
    wish.to_route = text("to_route");
    wish.to_cycle = text("to_cycle");
    wish.after = text("after");
    wish.first = asked.at("first").as_bool();
    wish.accept_length = asked.at("accept_length").as_bool();
    TRY(wish.from, Date::parse(text("from")));
    wish.why = text("why");
    storage::Transaction transaction(office.database(), office.business_date());
    Rerouter rerouter(office, wish);
    TRY_DONE(rerouter.plan());
    TRY_DONE(rerouter.check());
    rerouter.write(maker, approval);
    transaction.commit();
    return {};
}

json::object to_json(const Rerouted& done, bool dry_run) {
    json::array points;
    for (const ReroutedPoint& one : done.points) {
        points.push_back(json::object{
            {"meter", one.serial},
            {"account", one.account == 0 ? json::value(nullptr)
                                         : json::value(customers::account_number({one.account}))},
            {"from_route", one.from_route},
            {"from_cycle", one.from_cycle},
            {"order", one.order},
            {"last_read",
             one.bridge ? json::value(one.bridge->last_read.to_string()) : json::value(nullptr)},
            {"first_read",
             one.bridge ? json::value(one.bridge->first_read.to_string()) : json::value(nullptr)},
            {"days", one.bridge ? json::value(one.bridge->days()) : json::value(nullptr)},
            {"verdict", verdict_name(one.verdict)}});
    }
    json::array load;
    for (const RouteLoad& one : done.load) {
        load.push_back(json::object{{"route", one.route},
                                    {"cycle", one.cycle},
                                    {"before", one.before},
                                    {"after", one.after}});
    }
    json::array way;
    for (const auto& step : done.way) {
        way.push_back(json::object{{"cycle", step.cycle},
                                   {"move_on", step.move_on.to_string()},
                                   {"read", step.read.to_string()},
                                   {"days", step.days}});
    }
    json::object counts;
    for (const auto verdict : {PeriodVerdict::same, PeriodVerdict::inside, PeriodVerdict::is_short,
                               PeriodVerdict::is_long, PeriodVerdict::twice, PeriodVerdict::skip}) {
        counts[verdict_name(verdict)] = done.count(verdict);
    }
    return {{"from", done.from.to_string()}, {"to_route", done.to_route},
            {"to_cycle", done.to_cycle},     {"proposed", date_or_null(done.proposed)},
            {"way", std::move(way)},         {"renumbered", done.renumbered},
            {"counts", std::move(counts)},   {"load", std::move(load)},
            {"points", std::move(points)},   {"dry_run", dry_run}};
}

}  // namespace watthour::app
