// SPDX-License-Identifier: Apache-2.0
// Meters that are silent: the list, its ticket, pings and orders of many at once.
#include "api/errors.hpp"
#include "api/route_parts.hpp"
#include "app/silent_meters.hpp"
#include "base/text.hpp"

#include <fmt/format.h>

#include <algorithm>

namespace watthour::api {
namespace {

using access::permissions::meter_ask;

constexpr int days_unless_said = 3;
constexpr int most_days = 31;

Result<app::SilentMeters> silent_of(Call& call) {
    TRY(const Date date, call.date("date", call.office.business_date()));
    const auto asked = call.request.parameter("days");
    const auto days =
        asked.empty() ? std::optional<std::int64_t>(days_unless_said) : parse_integer(asked);
    if (!days || *days < 1 || *days > most_days) {
        return Error(errors::field_malformed, {{"field", "days"},
                                               {"text", std::string(asked.substr(0, 80))},
                                               {"wanted", fmt::format("1 to {}", most_days)}});
    }
    return app::silent_meters(call.office, date, static_cast<int>(*days));
}

Result<Answer> silent(Call& call) {
    TRY(const auto found, silent_of(call));
    return json_answer(app::to_json(found));
}

Result<Answer> ticket(Call& call) {
    TRY(const auto found, silent_of(call));
    Answer answer;
    answer.content_type = "text/csv; charset=utf-8";
    answer.bytes = app::ticket_csv(found);
    answer.headers.emplace_back(
        "Content-Disposition",
        fmt::format("attachment; filename=\"silent-meters-{}.csv\"", found.day.to_string()));
    return answer;
}

std::vector<std::string> meters_of(const Call& call) {
    std::vector<std::string> serials;
    for (const auto& meter : call.body.at("meters").as_array()) {
        serials.emplace_back(meter.as_string());
    }
    return serials;
}

Result<Answer> ping(Call& call) {
    TRY(const auto pinged, app::ping_meters(call.office, meters_of(call), call.text("system"),
                                            call.text("why"), call.dry_run));
    const auto asked = std::count_if(pinged.begin(), pinged.end(),
                                     [](const auto& one) { return one.asked.has_value(); });
    return json_answer(
        json::object{{"asked", asked}, {"pinged", app::to_json(pinged)}, {"dry_run", call.dry_run}},
        202);
}

Result<Answer> propose(Call& call) {
    const auto all = app::silent_meters(call.office, call.office.business_date(), 1);
    TRY(const auto proposed,
        app::propose_orders(call.office, app::only(all, meters_of(call)), call.dry_run));
    return json_answer(json::object{{"proposed", proposed}, {"dry_run", call.dry_run}});
}

}  // namespace

void add_head_end_routes(std::vector<Route>& table) {
    using enum Method;
    using enum Type;
    const std::vector<Field> question = {
        {"days", whole, false, "Silent for at least so many days; else 3"},
        {"date", date, false, "The day after the last that is awaited; else the business date"}};
    const auto add = [&](Route route) -> Route& {
        table.push_back(std::move(route));
        return table.back();
    };
    add(inside_route(get, "/v1/head-end/silent", "listSilentMeters",
                     "Meters of which nothing comes, the longest silent first", meter_ask,
                     "SilentMeters", silent))
        .query = question;
    add(inside_route(get, "/v1/head-end/silent/ticket", "getSilentTicket",
                     "The same as a file for the administrator of the head-end", meter_ask,
                     "text/csv", ticket))
        .query = question;
    {
        Route& route = add(inside_route(post, "/v1/head-end/pings", "pingMeters",
                                        "Ping several meters, each by itself", meter_ask,
                                        "PingedMeters", ping));
        route.body = {{"meters", texts, true, "Serials, at most 500"},
                      {"system", text, false, "Name of the head-end; else the one of each meter"},
                      {"why", text, true, "Kept with the requests"}};
        route.dry_run = true;
        route.status = 202;
    }
    {
        Route& route = add(inside_route(post, "/v1/head-end/order-proposals", "proposeMeterOrders",
                                        "Propose a visit to each of some silent meters", meter_ask,
                                        "ProposedOrders", propose));
        route.body = {{"meters", texts, true, "Serials of silent meters"}};
        route.dry_run = true;
    }
}

}  // namespace watthour::api
