// SPDX-License-Identifier: Apache-2.0
// Read routes: the walk, what is unread, moves with their bridge, the read calendar.
#include "api/errors.hpp"
#include "api/route_parts.hpp"
#include "app/export_route.hpp"
#include "app/missed_reads.hpp"
#include "app/opt_out.hpp"
#include "app/read_calendar.hpp"
#include "base/text.hpp"

namespace watthour::api {
namespace {

using access::permissions::bill_view;
using access::permissions::route_change;
using access::permissions::route_walk;

Result<std::optional<Date>> day_of(const std::string& text) {
    if (text.empty()) return std::optional<Date>();
    TRY(const Date day, Date::parse(text));
    return std::optional<Date>(day);
}

bool flag_of(const Call& call, std::string_view field) {
    const auto* value = call.body.if_contains(field);
    return value != nullptr && value->is_bool() && value->as_bool();
}

std::vector<std::string> texts_of(const Call& call, std::string_view field) {
    std::vector<std::string> texts;
    if (const auto* list = call.body.if_contains(field); list != nullptr && list->is_array()) {
        for (const auto& one : list->as_array()) texts.emplace_back(one.as_string());
    }
    return texts;
}

int whole_of(const Call& call, std::string_view field) {
    const auto* value = call.body.if_contains(field);
    return value != nullptr && value->is_int64() && value->as_int64() >= 0 &&
                   value->as_int64() < 1000
               ? static_cast<int>(value->as_int64())
               : 0;
}

json::object marked(json::object object, const Call& call) {
    object["dry_run"] = call.dry_run;
    return object;
}

Result<app::RouteEntry> entry_of(const Call& call, const std::string& code) {
    app::RouteEntry entry{code,
                          call.text("cycle"),
                          call.text("kind"),
                          call.text("reader"),
                          call.text("read_method"),
                          whole_of(call, "every"),
                          {},
                          call.text("why"),
                          call.dry_run};
    TRY(entry.from, day_of(call.text("from")));
    return entry;
}

Result<Answer> list(Call& call) {
    TRY(const Date on, call.date("on", call.office.business_date()));
    return page(call,
                app::list_routes(call.office, std::string(call.request.parameter("cycle")), on),
                "route");
}

Result<Answer> walk(Call& call) {
    TRY(const auto read_date, day_of(std::string(call.request.parameter("read_date"))));
    TRY(const auto walked, app::walk_route(call.office, call.path["route"], read_date));
    return json_answer(
        app::to_json(call.office, walked, call.request.parameter("unread_first") == "true"));
}

Result<Answer> create(Call& call) {
    TRY(const auto entry, entry_of(call, call.text("route")));
    TRY(const auto route, app::create_route(call.office, entry));
    return json_answer(marked(app::to_json(route), call), 201);
}

Result<Answer> change(Call& call) {
    TRY(const auto entry, entry_of(call, call.path["route"]));
    TRY(const auto route, app::change_route(call.office, entry));
    return json_answer(marked(app::to_json(route), call));
}

Result<Answer> retire(Call& call) {
    TRY(const auto entry, entry_of(call, call.path["route"]));
    TRY(const auto route, app::retire_route(call.office, entry));
    return json_answer(marked(app::to_json(route), call));
}

Result<Answer> resequence(Call& call) {
    TRY(const auto from, day_of(call.text("from")));
    const std::string by = call.text("by").empty() ? "walk" : call.text("by");
    TRY(const auto changed, app::resequence(call.office, {call.path["route"], by, from,
                                                          call.text("why"), call.dry_run}));
    return json_answer(marked({{"route", call.path["route"]}, {"changed", changed}}, call));
}

Result<app::RerouteWish> wish_of(const Call& call) {
    app::RerouteWish wish;
    wish.meters = texts_of(call, "meters");
    wish.after = call.text("after");
    wish.first = flag_of(call, "first");
    wish.accept_length = flag_of(call, "accept_length");
    wish.why = call.text("why");
    wish.dry_run = call.dry_run;
    TRY(wish.from, day_of(call.text("from")));
    return wish;
}

Result<Answer> place(Call& call) {
    TRY(auto wish, wish_of(call));
    wish.to_route = call.path["route"];
    TRY(const auto done, app::reroute(call.office, wish));
    return json_answer(app::to_json(done, call.dry_run));
}

Result<Answer> move(Call& call) {
    TRY(auto wish, wish_of(call));
    wish.route = call.path["route"];
    wish.to_route = call.text("to_route");
    wish.to_cycle = call.text("to_cycle");
    TRY(const auto done, app::reroute(call.office, wish));
    return json_answer(app::to_json(done, call.dry_run));
}

Result<Answer> hand_out(Call& call) {
    TRY(const auto read_date, day_of(call.text("read_date")));
    const std::string layout = call.text("layout").empty() ? "mvrs-126" : call.text("layout");
    TRY(const auto done,
        app::export_route(call.office, {call.path["route"], read_date, layout, call.dry_run}));
    json::object object = app::to_json(done, call.dry_run);
    object["text"] = call.dry_run ? std::string() : done.text;
    return json_answer(std::move(object), 201);
}

Result<Answer> follow_up(Call& call) {
    TRY(const auto read_date, day_of(call.text("read_date")));
    TRY(const auto done,
        app::follow_up(call.office, {call.path["route"], read_date, call.text("as"),
                                     call.text("why"), call.dry_run}));
    return json_answer(app::to_json(done, call.dry_run));
}

Result<Answer> close(Call& call) {
    TRY(const auto read_date, day_of(call.text("read_date")));
    TRY(const auto done,
        app::close_route(call.office, {call.path["route"], read_date, flag_of(call, "reopen"),
                                       call.text("why"), call.dry_run}));
    return json_answer(marked({{"route", done.route},
                               {"read_date", done.read_date.to_string()},
                               {"state", done.closed ? "closed" : "open"}},
                              call));
}

Result<Answer> opt(Call& call, bool back) {
    app::OptOutWish wish;
    wish.meter = call.path["meter"];
    wish.to_route = call.text("to_route");
    wish.back = back;
    wish.reading = call.text("reading");
    wish.after = call.text("after");
    wish.accept_length = flag_of(call, "accept_length");
    wish.why = call.text("why");
    wish.dry_run = call.dry_run;
    TRY(wish.on, day_of(call.text("on")));
    TRY(const auto done, app::opt_out(call.office, wish));
    return json_answer(app::to_json(done, call.dry_run));
}
Result<Answer> opt_out(Call& call) { return opt(call, false); }
Result<Answer> opt_in(Call& call) { return opt(call, true); }

Result<Answer> missed(Call& call) {
    TRY(const Date since, call.date("since", call.office.business_date() - 45));
    TRY(const auto rows,
        app::missed_reads(call.office, std::string(call.request.parameter("cycle")), since));
    return page(call, app::to_json(rows), "key");
}

Result<Answer> report_missed(Call& call) {
    TRY(const auto told, day_of(call.text("since")));
    TRY(const auto outcome,
        app::report_missed_reads(call.office, call.text("cycle"),
                                 told.value_or(call.office.business_date() - 45), call.dry_run));
    return json_answer(app::to_json(outcome, call.dry_run));
}

/// A year of the query; 0 without one, and -1 for what is no year.
int year_of(const Call& call) {
    const auto text = call.request.parameter("year");
    if (text.empty()) return 0;
    const auto year = parse_integer(text);
    return year && *year > 0 && *year < 10'000 ? static_cast<int>(*year) : -1;
}

Result<Answer> calendar(Call& call) {
    const int year = year_of(call);
    TRY(auto view,
        app::calendar_view(call.office, year == 0 ? call.office.business_date().year() : year));
    return json_answer(std::move(view));
}

Result<Answer> calendar_check(Call& call) {
    std::optional<std::string> text;
    if (!call.text("text").empty()) text = call.text("text");
    TRY(const auto findings, app::check_read_calendar(call.office, 0, text));
    return json_answer(
        json::object{{"ok", findings.empty()}, {"findings", app::to_json(findings)}});
}

Result<Answer> calendar_proposal(Call& call) {
    const int year = year_of(call);
    TRY(const auto proposed,
        app::propose_calendar(call.office,
                              year == 0 ? call.office.business_date().year() + 1 : year));
    return json_answer(json::object{{"year", proposed.year},
                                    {"rows", proposed.rows.size()},
                                    {"findings", app::to_json(proposed.findings)},
                                    {"text", proposed.text}});
}

Result<Answer> calendar_import(Call& call) {
    TRY(const auto done,
        app::import_calendar(call.office, call.text("text"), call.text("why"), call.dry_run));
    return json_answer(marked({{"hash", done.hash}}, call), 201);
}

using enum Method;
using enum Type;

void add_act(std::vector<Route>& table, Route route, std::vector<Field> body, int status = 200) {
    route.body = std::move(body);
    route.dry_run = true;
    route.status = status;
    table.push_back(std::move(route));
}

const Field why{"why", text, true, "The reason, kept with the change"};
const Field from{"from", date, false, "First day; else the business date"};
const Field read_date{"read_date", date, false, "Of the cycle; else the last one that has begun"};
const Field meters{"meters", texts, false, "Serials, in the order of the walk"};
const Field after{"after", text, false, "Serial behind which they stand; else the end"};
const Field accept_length{"accept_length", flag, false, "Take periods outside 27 to 33 days"};
const Field kind{"kind", text, false, "ami, walked, manual, opt_out"};
const Field reader{"reader", text, false, "Who reads it"};
const Field read_method{"read_method", text, false, "network, keyed, radio, probe"};
const Field every{"every", whole, false, "1: in every period; 2: in every second one"};

void add_keeping(std::vector<Route>& table) {
    Route listing =
        inside_route(get, "/v1/routes", "listRoutes", "Read routes with points and read progress",
                     bill_view, "RouteRows", list);
    listing.query = {{"cycle", text, false, "Only of this cycle"},
                     {"on", date, false, "As they are on this day; else the business date"}};
    listing.list = true;
    table.push_back(std::move(listing));
    Route walking = inside_route(get, "/v1/routes/{route}", "walkRoute",
                                 "The walk of a route for a read date, with what was read",
                                 bill_view, "RouteWalk", walk);
    walking.query = {{"read_date", date, false, "Of the cycle; else the last one that has begun"},
                     {"unread_first", flag, false, "What is not read stands first"}};
    table.push_back(std::move(walking));
    add_act(table,
            inside_route(post, "/v1/routes", "createRoute", "Make a route", route_change,
                         "ReadRoute", create),
            {{"route", text, true, "Its code, at most 8 characters"},
             {"cycle", text, true, "The cycle it belongs to"},
             kind,
             reader,
             read_method,
             every,
             from,
             why},
            201);
    add_act(
        table,
        inside_route(post, "/v1/routes/{route}/changes", "changeRoute",
                     "Another reader, method, kind or rhythm", route_change, "ReadRoute", change),
        {kind, reader, read_method, every, from, why});
    add_act(table,
            inside_route(post, "/v1/routes/{route}/retirement", "retireRoute",
                         "End a route without points", route_change, "ReadRoute", retire),
            {from, why});
    add_act(table,
            inside_route(post, "/v1/routes/{route}/resequencing", "resequenceRoute",
                         "Number a walk anew, with room between neighbours", route_change,
                         "Resequenced", resequence),
            {{"by", text, false, "walk: as it is; address"}, from, why});
}

void add_moving(std::vector<Route>& table) {
    add_act(table,
            inside_route(post, "/v1/routes/{route}/places", "placeOnRoute",
                         "Put meters on a route or at another spot of its walk", route_change,
                         "Rerouted", place),
            {meters,
             after,
             {"first", flag, false, "At the beginning of the walk"},
             from,
             accept_length,
             why});
    add_act(table,
            inside_route(post, "/v1/routes/{route}/move", "moveRoute",
                         "Move a route's points to another route, or the route to another cycle",
                         route_change, "Rerouted", move),
            {{"to_route", text, false, "The route to which its points go"},
             {"to_cycle", text, false, "The cycle to which the route itself goes"},
             meters,
             after,
             from,
             accept_length,
             why});
    const std::vector<Field> opting = {
        {"to_route", text, true, "The route it goes to"},
        {"on", date, false, "Day of the effective read; else the business date"},
        {"reading", text, false, "As the dials showed it; else a read that is there"},
        after,
        accept_length,
        why};
    add_act(table,
            inside_route(post, "/v1/meters/{meter}/opt-out", "optOut",
                         "A customer leaves AMI for a route that is walked", route_change,
                         "OptedOut", opt_out),
            opting);
    add_act(table,
            inside_route(post, "/v1/meters/{meter}/opt-in", "optIn", "A customer comes back to AMI",
                         route_change, "OptedOut", opt_in),
            opting);
}

void add_walking(std::vector<Route>& table) {
    add_act(table,
            inside_route(post, "/v1/routes/{route}/exports", "exportRoute",
                         "The walk as a file for the reader's handheld", route_walk, "RouteExport",
                         hand_out),
            {read_date, {"layout", text, false, "Layout of the file; else mvrs-126"}}, 201);
    add_act(table,
            inside_route(post, "/v1/routes/{route}/follow-ups", "followUpRoute",
                         "Order what was not read to be read again, or estimate it", route_walk,
                         "FollowUp", follow_up),
            {read_date, {"as", text, true, "reread or estimate"}, why});
    add_act(table,
            inside_route(post, "/v1/routes/{route}/closing", "closeRoute",
                         "Take nothing more from a handheld for a read date, or again", route_walk,
                         "RouteClosing", close),
            {read_date, {"reopen", flag, false, "Take again"}, why});
    Route missing = inside_route(get, "/v1/missed-reads", "listMissedReads",
                                 "Reads that were due and did not come, with their age", bill_view,
                                 "MissedReads", missed);
    missing.query = {{"cycle", text, false, "Only of this cycle"},
                     {"since", date, false, "Windows closed on this day or later; else 45 days"}};
    missing.list = true;
    table.push_back(std::move(missing));
    add_act(table,
            inside_route(post, "/v1/missed-reads", "reportMissedReads",
                         "A work item for each missed read, once", route_walk, "MissedOutcome",
                         report_missed),
            {{"cycle", text, false, "Only of this cycle"},
             {"since", date, false, "Windows closed on this day or later; else 45 days"}});
}

void add_calendar(std::vector<Route>& table) {
    Route showing = inside_route(get, "/v1/read-calendar", "getReadCalendar",
                                 "Read dates of a year by cycle, with gaps and findings", bill_view,
                                 "ReadCalendar", calendar);
    showing.query = {{"year", whole, false, "The year; else that of the business date"}};
    table.push_back(std::move(showing));
    Route proposing = inside_route(get, "/v1/read-calendar/proposal", "proposeReadCalendar",
                                   "A year's dates that meet the rules", bill_view,
                                   "CalendarProposal", calendar_proposal);
    proposing.query = {{"year", whole, false, "The year; else the next one"}};
    table.push_back(std::move(proposing));
    Route checking =
        inside_route(post, "/v1/read-calendar/checks", "checkReadCalendar",
                     "Hold a calendar to its rules", bill_view, "CalendarFindings", calendar_check);
    checking.body = {{"text", text, false, "Another calendar as TSV; else the one in force"}};
    table.push_back(std::move(checking));
    add_act(table,
            inside_route(post, "/v1/read-calendar", "importReadCalendar",
                         "Put another calendar forward; a second person puts it in force",
                         route_change, "CalendarSet", calendar_import),
            {{"text", text, true, "The calendar as TSV"}, why}, 201);
}

}  // namespace

void add_walk_routes(std::vector<Route>& table) {
    add_keeping(table);
    add_moving(table);
    add_walking(table);
    add_calendar(table);
}

}  // namespace watthour::api
