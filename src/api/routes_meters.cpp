// SPDX-License-Identifier: Apache-2.0
// The meter shop: the inventory, all that is known of a meter, and what is done with it.
#include "api/errors.hpp"
#include "api/route_parts.hpp"
#include "app/correct_meter.hpp"
#include "app/head_end.hpp"
#include "app/meter_views.hpp"
#include "base/text.hpp"

namespace watthour::api {
namespace {

using access::permissions::bill_view;
using access::permissions::meter_ask;
using access::permissions::meter_change;
using access::permissions::meter_comment;

Result<std::optional<Date>> day_of(const Call& call, std::string_view field) {
    const std::string text = call.text(field);
    if (text.empty()) return std::optional<Date>();
    TRY(const Date day, Date::parse(text));
    return std::optional<Date>(day);
}

json::object marked(json::object object, const Call& call) {
    object["dry_run"] = call.dry_run;
    return object;
}

Result<Answer> meters(Call& call) {
    TRY(const std::string place, cursor_of(call));
    TRY(auto page, app::list_meters(call.office, std::string(call.request.parameter("state")),
                                    place, call.most));
    return page_of(std::move(page.rows), page.more, page.last);
}

Result<Answer> meter(Call& call) {
    TRY(const Date known_on, call.date("known_on", service::now_known));
    TRY(auto view, app::meter_view(call.office, call.path["meter"], known_on));
    return json_answer(std::move(view));
}

Result<Answer> change_state(Call& call) {
    TRY(const auto since, day_of(call, "since"));
    TRY(const auto change, app::change_state(call.office, {call.path["meter"], call.text("state"),
                                                           since, call.text("why"), call.dry_run}));
    return json_answer(marked(app::to_json(change), call));
}

/// Of the details, what the body names; an empty text is none.
Result<Answer> correct(Call& call) {
    app::MeterCorrection wish;
    wish.serial = call.path["meter"];
    for (const char* name : {"ct_ratio", "pt_ratio", "register_constant", "multiplier", "form",
                             "maker", "model", "program", "tou_program"}) {
        if (call.body.if_contains(name) != nullptr) wish.right[name] = call.text(name);
    }
    for (const char* name : {"dials", "decimals"}) {
        const auto* digits = call.body.if_contains(name);
        if (digits != nullptr) wish.right[name] = to_text(*digits);
    }
    TRY(wish.on, day_of(call, "on"));
    TRY(wish.since, day_of(call, "since"));
    wish.why = call.text("why");
    wish.dry_run = call.dry_run;
    TRY(const auto done, app::correct_meter(call.office, wish));
    return json_answer(app::to_json(done, call.dry_run));
}

Result<Answer> add_test(Call& call) {
    app::TestEntry entry;
    entry.serial = call.path["meter"];
    TRY(entry.on, day_of(call, "on"));
    entry.standard = call.text("standard");
    entry.tester = call.text("tester");
    if (const auto method = call.text("method"); !method.empty()) entry.method = method;
    entry.full_load = call.text("full_load");
    entry.light_load = call.text("light_load");
    entry.power_factor = call.text("power_factor");
    entry.limits = call.text("limits");
    entry.dry_run = call.dry_run;
    TRY(const auto test, app::record_test(call.office, entry));
    return json_answer(marked(app::to_json(test), call), 201);
}

Result<Answer> add_seal(Call& call) {
    app::SealEntry entry;
    entry.serial = call.path["meter"];
    entry.seal = call.text("seal");
    entry.event = call.text("event");
    TRY(entry.on, day_of(call, "on"));
    entry.why = call.text("why");
    entry.dry_run = call.dry_run;
    TRY(const auto event, app::record_seal(call.office, entry));
    return json_answer(marked(app::to_json(event), call), 201);
}

Result<Answer> add_comment(Call& call) {
    app::CommentEntry entry;
    entry.serial = call.path["meter"];
    entry.kind = call.text("kind");
    entry.text = call.text("text");
    entry.at_point = call.text("of") == "point";
    TRY(entry.from, day_of(call, "from"));
    entry.dry_run = call.dry_run;
    TRY(const auto comment, app::add_comment(call.office, entry));
    return json_answer(marked(app::to_json(comment), call), 201);
}

Result<Answer> record_capacity(Call& call) {
    app::CapacityEntry entry;
    entry.serial = call.path["meter"];
    entry.kind = call.text("of");
    TRY(entry.kw, Decimal::parse(call.text("kw")));
    entry.why = call.text("why");
    TRY(entry.from, day_of(call, "from"));
    entry.dry_run = call.dry_run;
    TRY(const auto capacity, app::record_capacity(call.office, entry));
    return json_answer(marked(app::to_json(capacity), call), 201);
}

Result<Answer> end_comment(Call& call) {
    const auto number = parse_integer(call.path["comment"]).value_or(0);
    TRY(const auto on, day_of(call, "on"));
    TRY(const auto comment,
        app::end_comment(call.office, number, on.value_or(call.office.business_date()),
                         call.text("why"), call.dry_run));
    return json_answer(marked(app::to_json(comment), call));
}

Result<Answer> work_on(Call& call, app::MeterWork work) {
    if (const auto point = call.text("point"); !point.empty()) {
        const auto number = parse_integer(point);
        if (!number) {
            return Error(errors::field_malformed, {{"field", "point"},
                                                   {"text", point.substr(0, 80)},
                                                   {"wanted", "the number of a service point"}});
        }
        work.point = *number;
    }
    work.removal_read = call.text("removal_read");
    work.set_read = call.text("set_read");
    TRY(work.on, day_of(call, "on"));
    work.role = call.text("role");
    work.why = call.text("why");
    work.dry_run = call.dry_run;
    TRY(const auto done, app::work_on_meter(call.office, work));
    return json_answer(app::to_json(done, call.dry_run));
}

Result<Answer> exchange(Call& call) {
    app::MeterWork work;
    work.out = call.path["meter"];
    work.in = call.text("in");
    return work_on(call, std::move(work));
}

Result<Answer> install(Call& call) {
    app::MeterWork work;
    work.in = call.path["meter"];
    return work_on(call, std::move(work));
}

Result<Answer> take_down(Call& call) {
    app::MeterWork work;
    work.out = call.path["meter"];
    return work_on(call, std::move(work));
}

Result<Answer> command_meter(Call& call) {
    app::HeadEndWish wish;
    TRY(wish.kind, app::parse_head_end_kind(call.text("kind")));
    wish.serial = call.path["meter"];
    wish.system = call.text("system");
    wish.why = call.text("why");
    wish.dry_run = call.dry_run;
    TRY(const auto asked, app::ask_meter(call.office, wish));
    return json_answer(app::to_json(asked, call.dry_run), 202);
}

Result<Answer> head_end_requests(Call& call) {
    TRY(const std::string place, cursor_of(call));
    TRY(auto page,
        app::list_head_end(call.office, std::string(call.request.parameter("state")),
                           std::string(call.request.parameter("meter")), place, call.most, true));
    return page_of(std::move(page.rows), page.more, page.last);
}

using enum Method;
using enum Type;

constexpr Field on_day{"on", date, false, "The day; else the business date"};
constexpr Field kept_why{"why", text, true, "Kept with the change"};
constexpr Field role_field{"role", text, false, "additive, subtractive or check"};
constexpr Field removal_field{"removal_read", text, false, "As the dials of a register showed it"};
constexpr Field set_field{"set_read", text, false, "As the dials of a register showed it"};

void add_shop_routes(std::vector<Route>& table) {
    const auto add = [&](Route route, std::vector<Field> body, int status) {
        route.body = std::move(body);
        route.dry_run = true;
        route.status = status;
        table.push_back(std::move(route));
    };
    add(inside_route(post, "/v1/meters/{meter}/state", "changeMeterState",
                     "Move a meter through the stock", meter_change, "MeterStateChange",
                     change_state),
        {{"state", text, true, "tested, available, quarantined, ..."},
         {"since", date, false, "Else the business date"},
         kept_why},
        200);
    add(inside_route(post, "/v1/meters/{meter}/corrections", "correctMeter",
                     "Correct what is recorded of a meter", meter_change, "MeterCorrection",
                     correct),
        {{"ct_ratio", text, false, "Current transformer, 600:5; empty for none"},
         {"pt_ratio", text, false, "Voltage transformer, 480:120; empty for none"},
         {"register_constant", text, false, "Register constant"},
         {"multiplier", text, false, "CT x PT x constant; else it follows from them"},
         {"dials", whole, false, "Digits before the point"},
         {"decimals", whole, false, "Digits after the point"},
         {"form", text, false, "ANSI form: 2S, 9S, ..."},
         {"maker", text, false, "Its maker"},
         {"model", text, false, "Its model"},
         {"program", text, false, "Program of the meter's memory"},
         {"tou_program", text, false, "By which it tells periods apart"},
         {"on", date, false, "A day on which it was wrong; else the business date"},
         {"since", date, false, "First day on which it was otherwise; else it was always so"},
         kept_why},
        200);
    add(inside_route(post, "/v1/meters/{meter}/tests", "addMeterTest", "Record an accuracy test",
                     meter_change, "MeterTestDone", add_test),
        {{"standard", text, true, "The reference standard"},
         {"tester", text, false, "Who tested; else who asks"},
         {"method", text, false, "full_and_light, mean, single_point or three_loads"},
         {"full_load", text, false, "Registration in percent"},
         {"light_load", text, false, "Registration in percent"},
         {"power_factor", text, false, "Registration in percent"},
         {"limits", text, false, "in_service or refurbished; else as the meter needs"},
         on_day},
        201);
    add(inside_route(post, "/v1/meters/{meter}/seals", "addMeterSeal",
                     "Record what became of a seal", meter_change, "MeterSealDone", add_seal),
        {{"seal", text, true, "Number of the seal"},
         {"event", text, true, "applied, removed, broken or missing"},
         {"why", text, false, "What was found"},
         on_day},
        201);
    add(inside_route(post, "/v1/meters/{meter}/comments", "addMeterComment",
                     "Write what the next person at the meter must know", meter_comment,
                     "MeterCommentDone", add_comment),
        {{"text", text, true, "The words"},
         {"kind", text, true, "location, key, dog, hazard or other"},
         {"of", text, false, "point: of the place, whatever meter hangs there"},
         {"from", date, false, "Else the business date"}},
        201);
    add(inside_route(post, "/v1/meters/{meter}/capacities", "recordServiceCapacity",
                     "Record what the panel or transformer can carry where the meter hangs",
                     meter_change, "ServiceCapacityDone", record_capacity),
        {{"of", text, true, "panel or transformer"},
         {"kw", text, true, "What it can carry"},
         {"from", date, false, "Else the business date"},
         kept_why},
        201);
    add(inside_route(post, "/v1/meter-comments/{comment}/end", "endMeterComment",
                     "A comment holds no longer", meter_comment, "MeterCommentDone", end_comment),
        {on_day, kept_why}, 200);
}

void add_field_routes(std::vector<Route>& table) {
    const auto add = [&](Route route, std::vector<Field> body) {
        route.body = std::move(body);
        route.dry_run = true;
        table.push_back(std::move(route));
    };
    add(inside_route(post, "/v1/meters/{meter}/exchange", "exchangeMeter",
                     "Set another meter in the place of this one", meter_change, "MeterWork",
                     exchange),
        {{"in", text, true, "Serial of the meter that comes"},
         removal_field,
         set_field,
         on_day,
         role_field,
         {"point", text, false, "Else where the old one hangs"},
         kept_why});
    add(inside_route(post, "/v1/meters/{meter}/installation", "installMeter",
                     "Set a meter at a point", meter_change, "MeterWork", install),
        {{"point", text, true, "Number of the service point"},
         set_field,
         on_day,
         role_field,
         kept_why});
    add(inside_route(post, "/v1/meters/{meter}/removal", "removeMeter", "Take a meter down",
                     meter_change, "MeterWork", take_down),
        {removal_field, on_day, kept_why});
}

}  // namespace

void add_meter_routes(std::vector<Route>& table) {
    {
        Route route = inside_route(get, "/v1/meters", "listMeters",
                                   "The inventory in order of serial", bill_view, "Meters", meters);
        route.query = {{"state", text, false, "Only meters of this state"}};
        route.list = true;
        table.push_back(std::move(route));
    }
    {
        Route route = inside_route(get, "/v1/meters/{meter}", "getMeter",
                                   "A meter with all that is known of it", bill_view,
                                   "MeterWithHistory", meter);
        route.query = {{"known_on", date, false, "As it was known at the end of this day"}};
        table.push_back(std::move(route));
    }
    add_shop_routes(table);
    add_field_routes(table);
    {
        Route route = inside_route(post, "/v1/meters/{meter}/commands", "commandMeter",
                                   "Ask or switch a meter over its network", meter_ask,
                                   "MeterCommand", command_meter);
        route.body = {{"kind", text, true, "ping, read, connect or disconnect"},
                      {"system", text, false, "Name of the head-end; else the one of the meter"},
                      {"why", text, true, "Kept with the request"}};
        route.dry_run = true;
        route.status = 202;
        table.push_back(std::move(route));
    }
    {
        Route route = inside_route(get, "/v1/head-end/requests", "listHeadEndRequests",
                                   "What meters were asked, the newest first", meter_ask,
                                   "HeadEndRequests", head_end_requests);
        route.query = {{"state", text, false, "sent, acknowledged, done, timed_out or failed"},
                       {"meter", text, false, "Only of this meter"}};
        route.list = true;
        table.push_back(std::move(route));
    }
}

}  // namespace watthour::api
