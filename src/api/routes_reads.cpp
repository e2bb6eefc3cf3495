// SPDX-License-Identifier: Apache-2.0
// Interval reads: what came, what the checks found, what a person decides.
#include "api/errors.hpp"
#include "api/route_parts.hpp"
#include "app/authorize.hpp"
#include "app/reads_came.hpp"
#include "app/reads_views.hpp"

namespace watthour::api {
namespace {

using access::permissions::read_decide;
using access::permissions::read_validate;
using access::permissions::work_view;

Result<Answer> freshness(Call& call) {
    TRY(const Date date, call.date("date", call.office.business_date()));
    return json_answer(app::to_json(app::reads_came(call.office, date)));
}

Result<Answer> validate(Call& call) {
    app::ValidationRequest request;
    request.until = call.office.business_date();
    if (call.body.contains("until")) {
        TRY(request.until, Date::parse(call.text("until")));
    }
    if (const auto* meters = call.body.if_contains("meters")) {
        for (const auto& meter : meters->as_array()) request.meters.emplace_back(meter.as_string());
    }
    request.dry_run = call.dry_run;
    TRY(const auto outcome, app::validate_reads(call.office, request));
    return json_answer(app::to_json(outcome, call.dry_run));
}

Result<Answer> finding(Call& call) {
    TRY(auto view, app::finding_view(call.office, call.path["item"]));
    return json_answer(std::move(view));
}

Result<Answer> decide(Call& call) {
    app::ReadsDecision decision{call.path["item"], call.text("as"), call.text("why"), std::nullopt,
                                call.dry_run};
    if (call.body.contains("until")) {
        TRY(decision.until, Date::parse(call.text("until")));
    }
    TRY(const auto decided, app::decide_reads(call.office, decision));
    return json_answer(app::to_json(decided, call.dry_run));
}

Result<Answer> edit(Call& call) {
    app::ReadsEdit wanted;
    wanted.meter = call.path["meter"];
    wanted.quantity = call.path["quantity"];
    wanted.why = call.text("why");
    wanted.dry_run = call.dry_run;
    TRY(wanted.from, parse_iso_instant(call.text("from")));
    for (const auto& value : call.body.at("kwh").as_array()) {
        TRY(const Energy energy, Energy::parse_kwh(std::string_view(value.as_string())));
        wanted.values.push_back(energy);
    }
    TRY(const auto edited, app::edit_reads(call.office, wanted));
    return json_answer(app::to_json(edited, call.dry_run));
}

Result<Answer> intervals(Call& call) {
    TRY(const Date from, call.date("from", call.office.business_date() - 1));
    TRY(const Date until, call.date("until", from + 1));
    TRY(auto view,
        app::intervals_view(call.office, call.path["meter"], call.path["quantity"], {from, until}));
    return json_answer(std::move(view));
}

Result<Answer> enter(Call& call) {
    app::ReadEntry entry;
    entry.meter = call.path["meter"];
    TRY(entry.date, Date::parse(call.text("date")));
    entry.reading = call.text("reading");
    entry.type = call.text("type");
    if (call.body.contains("quantity")) entry.quantity = call.text("quantity");
    entry.why = call.text("why");
    entry.dry_run = call.dry_run;
    TRY(const auto read, app::enter_read(call.office, entry));
    return json_answer(app::to_json(read, call.dry_run), call.dry_run ? 200 : 201);
}

Result<Answer> take_back(Call& call) {
    app::ReadTakenBack wanted;
    wanted.meter = call.path["meter"];
    TRY(wanted.date, Date::parse(call.text("date")));
    wanted.reading = call.text("reading");
    wanted.type = call.text("type");
    if (call.body.contains("quantity")) wanted.quantity = call.text("quantity");
    wanted.why = call.text("why");
    wanted.dry_run = call.dry_run;
    TRY(const auto read, app::take_read_back(call.office, wanted));
    return json_answer(app::to_json(read, call.dry_run));
}

Result<Answer> estimate(Call& call) {
    TRY(const Date date, Date::parse(call.text("date")));
    TRY(const auto made, app::estimate_read(call.office, {call.path["meter"], date,
                                                          call.text("why"), call.dry_run}));
    return json_answer(app::to_json(made, call.dry_run), call.dry_run ? 200 : 201);
}

Result<Answer> rules(Call& call) {
    TRY(const Date date, call.date("date", call.office.business_date()));
    return json_answer(app::rules_view(call.office, date));
}

Result<Answer> class_profile(Call& call) {
    app::ClassProfileRequest request;
    request.rate_class = call.path["class"];
    TRY(request.days.until, call.date("until", call.office.business_date()));
    TRY(request.days.from, call.date("from", request.days.until - 365));
    TRY(const auto made, app::make_class_profile(call.office, request));
    return json_answer(app::to_json(made));
}

Result<Answer> preview(Call& call) {
    app::RulesPreviewRequest request;
    request.rules_text = call.text("rules");
    request.rules_name = "rules";
    if (const auto* months = call.body.if_contains("months")) {
        request.months = static_cast<int>(months->as_int64());
    }
    if (request.months < 1 || request.months > 60) {
        return Error(
            errors::field_malformed,
            {{"field", "months"}, {"text", std::to_string(request.months)}, {"wanted", "1 to 60"}});
    }
    TRY(const auto answer, app::preview_rules(call.office, request));
    return json_answer(app::to_json(answer));
}

/// Register reads: entered, taken back, estimated.
void add_register_routes(std::vector<Route>& table) {
    using enum Method;
    using enum Type;
    const auto add = [&](Route route) -> Route& {
        table.push_back(std::move(route));
        return table.back();
    };
    {
        Route& route = add(inside_route(post, "/v1/meters/{meter}/reads", "enterRead",
                                        "Keep a register read that a person writes", read_decide,
                                        "EnteredRead", enter));
        route.body = {{"date", date, true, "The read at 00:00 of this day"},
                      {"reading", text, true, "As the dials show it"},
                      {"type", text, true, "verified, customer, actual_manual or on_demand"},
                      {"quantity", text, false, "KWH unless said"},
                      {"why", text, true, "Kept with the read"}};
        route.dry_run = true;
        route.status = 201;
    }
    {
        Route& route = add(inside_route(post, "/v1/meters/{meter}/read-estimates", "estimateRead",
                                        "Estimate a missing register read from average daily use",
                                        read_decide, "EstimatedRead", estimate));
        route.body = {{"date", date, true, "The scheduled read day"},
                      {"why", text, true, "Kept with the read"}};
        route.dry_run = true;
        route.status = 201;
    }
    {
        Route& route = add(inside_route(post, "/v1/meters/{meter}/read-withdrawals", "takeReadBack",
                                        "Take back a register read that you entered today",
                                        read_decide, "EnteredRead", take_back));
        route.body = {{"date", date, true, "The read at 00:00 of this day"},
                      {"reading", text, true, "As it was entered"},
                      {"type", text, true,
                       "verified, customer, actual_manual, on_demand or "
                       "estimated"},
                      {"quantity", text, false, "KWH unless said"},
                      {"why", text, true, "Kept with the read"}};
        route.dry_run = true;
    }
}

void add_rule_routes(std::vector<Route>& table) {
    using enum Method;
    using enum Type;
    const auto add = [&table](Route route) -> Route& {
        table.push_back(std::move(route));
        return table.back();
    };
    add(inside_route(get, "/v1/reads/rules", "getValidationRules",
                     "The checks in force, by group, with their verdicts", work_view,
                     "ValidationRules", rules))
        .query = {{"date", date, false, "In force on this day"}};
    add(inside_route(get, "/v1/reads/class-profiles/{class}", "makeClassProfile",
                     "The average day of a class from its reads, as a file for the tariffs",
                     read_validate, "ClassProfile", class_profile))
        .query = {{"from", date, false, "First day of the reads; else a year"},
                  {"until", date, false, "All days before; else the business date"}};
    add(inside_route(post, "/v1/reads/rules/preview", "previewValidationRules",
                     "What other rules would have found in the past", read_validate, "RulesPreview",
                     preview))
        .body = {{"rules", file_text, true, "A file like vee.yaml"},
                 {"months", whole, false, "How far back; else 24"}};
}

}  // namespace

void add_read_routes(std::vector<Route>& table) {
    using enum Method;
    using enum Type;
    const auto add = [&](Route route) -> Route& {
        table.push_back(std::move(route));
        return table.back();
    };
    add(inside_route(get, "/v1/reads/freshness", "getFreshness",
                     "Which intervals of the day before came, by route, and who is silent",
                     work_view, "Freshness", freshness))
        .query = {{"date", date, false, "The morning after; else the business date"}};
    {
        Route& route =
            add(inside_route(post, "/v1/reads/validations", "validateReads",
                             "Check what came since the last time; estimate what did not",
                             read_validate, "Validation", validate));
        route.body = {{"until", date, false, "All days before; else the business date"},
                      {"meters", texts, false, "Only these serials"}};
        route.dry_run = true;
    }
    add(inside_route(get, "/v1/reads/findings/{item}", "getFinding",
                     "A finding with its intervals, neighbours and proposed estimate", work_view,
                     "Finding", finding));
    {
        Route& route = add(inside_route(post, "/v1/reads/findings/{item}/decision", "decideReads",
                                        "Accept, estimate, reread, visit or hold", read_decide,
                                        "DecidedReads", decide));
        route.body = {{"as", text, true, "accept, estimate, reread, visit or hold"},
                      {"why", text, true, "Kept with the reads"},
                      {"until", date, false, "Of hold: the day on which it comes back"}};
        route.dry_run = true;
    }
    add(inside_route(get, "/v1/meters/{meter}/intervals/{quantity}", "getIntervals",
                     "The intervals of some days as they stand", work_view, "MeterIntervals",
                     intervals))
        .query = {{"from", date, false, "First day; else the one before the business date"},
                  {"until", date, false, "The day after the last; else one day"}};
    {
        Route& route = add(inside_route(post, "/v1/meters/{meter}/intervals/{quantity}",
                                        "editIntervals", "Write intervals by hand, as verified",
                                        read_decide, "EditedReads", edit));
        route.body = {{"from", text, true, "Beginning of the first interval, with its offset"},
                      {"kwh", texts, true, "One value for each interval"},
                      {"why", text, true, "Kept with the reads"}};
        route.dry_run = true;
    }
    add_register_routes(table);
    add_rule_routes(table);
}

}  // namespace watthour::api
