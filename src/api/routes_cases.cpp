// SPDX-License-Identifier: Apache-2.0
// Cases of investigation: their steps, evidence, findings, and what they propose.
#include "api/errors.hpp"
#include "api/route_parts.hpp"
#include "app/case_views.hpp"

namespace watthour::api {
namespace {

using access::permissions::case_work;
using access::permissions::work_view;

Result<std::optional<Date>> day_of(const Call& call, std::string_view field) {
    const std::string text = call.text(field);
    if (text.empty()) return std::optional<Date>();
    TRY(const Date day, Date::parse(text));
    return std::optional<Date>(day);
}

Result<Answer> cases(Call& call) {
    const auto state = call.request.parameter("state");
    TRY(auto rows, app::list_cases(call.office, std::string(call.request.parameter("kind")),
                                   state.empty() ? "open" : std::string(state),
                                   std::string(call.request.parameter("meter"))));
    return page(call, std::move(rows), "case");
}

Result<Answer> one_case(Call& call) {
    TRY(auto view, app::case_view(call.office, call.path["case"], language_of(call.request)));
    return json_answer(std::move(view));
}

Result<Answer> open_case(Call& call) {
    app::CaseOpening opening;
    opening.kind = call.text("kind");
    opening.meter = call.text("meter");
    opening.account = call.text("account");
    opening.other_meter = call.text("other_meter");
    TRY(opening.discovered, day_of(call, "discovered_on"));
    opening.why = call.text("why");
    opening.dry_run = call.dry_run;
    TRY(const auto done, app::open_case(call.office, opening));
    return json_answer(app::to_json(done, call.dry_run, language_of(call.request)), 201);
}

Result<Answer> answer_step(Call& call) {
    app::StepAnswer answer;
    answer.number = call.path["case"];
    answer.step = call.text("step");
    if (const auto result = call.text("result"); !result.empty()) answer.result = result;
    answer.found = call.text("found");
    answer.dry_run = call.dry_run;
    TRY(const auto done, app::answer_step(call.office, answer));
    return json_answer(app::to_json(done, call.dry_run, language_of(call.request)));
}

Result<Answer> conclude(Call& call) {
    app::Conclusion conclusion;
    conclusion.number = call.path["case"];
    conclusion.finding = call.text("finding");
    conclusion.why = call.text("why");
    TRY(conclusion.from, day_of(call, "from"));
    TRY(conclusion.until, day_of(call, "until"));
    conclusion.multiplier = call.text("multiplier");
    conclusion.registration = call.text("registration");
    conclusion.use_a_day = call.text("use_a_day");
    conclusion.dry_run = call.dry_run;
    TRY(const auto done, app::conclude_case(call.office, conclusion));
    return json_answer(app::to_json(done, call.dry_run, language_of(call.request)));
}

Result<Answer> detect(Call& call) {
    TRY(const auto outcome, app::detect_cases(call.office, call.dry_run));
    return json_answer(app::to_json(outcome, call.dry_run));
}

using enum Method;
using enum Type;

void add_act(std::vector<Route>& table, Route route, std::vector<Field> body, int status = 200) {
    route.body = std::move(body);
    route.dry_run = true;
    route.status = status;
    table.push_back(std::move(route));
}

}  // namespace

void add_case_routes(std::vector<Route>& table) {
    {
        Route route = inside_route(get, "/v1/cases", "listCases", "Cases, the oldest first",
                                   work_view, "Cases", cases);
        route.query = {{"kind", text, false, "Only of this kind"},
                       {"state", text, false, "Of this state; open: not closed yet; all"},
                       {"meter", text, false, "Only of this meter"}};
        route.list = true;
        table.push_back(std::move(route));
    }
    table.push_back(inside_route(get, "/v1/cases/{case}", "getCase",
                                 "A case with its steps, evidence and findings", work_view,
                                 "CaseWithSteps", one_case));
    add_act(table,
            inside_route(post, "/v1/cases", "openCase", "Open a case with its evidence", case_work,
                         "CaseDone", open_case),
            {{"kind", text, true,
              "high_bill, zero_usage, non_registration, tampering, crossed_meters, inactive_use or "
              "multiplier_doubt"},
             {"meter", text, false, "Serial of the meter"},
             {"account", text, false, "Its account, where no meter is named"},
             {"other_meter", text, false, "Of crossed meters"},
             {"discovered_on", date, false, "Limits are counted back from it; else today"},
             {"why", text, true, "What is suspected; kept with the case"}},
            201);
    add_act(table,
            inside_route(post, "/v1/cases/{case}/steps", "answerCaseStep",
                         "Answer a step, or tell a state", case_work, "CaseDone", answer_step),
            {{"step", text, true, "The step; or charged, paid, disputed, referred"},
             {"result", text, false, "clear, explains, not_possible; ordered: someone is sent"},
             {"found", text, true, "What was found, in words"}});
    add_act(table,
            inside_route(post, "/v1/cases/{case}/conclusion", "concludeCase",
                         "End a case with a finding and what follows from it", case_work,
                         "CaseDone", conclude),
            {{"finding", text, true, "As the case lists them"},
             {"why", text, true, "Kept with the case"},
             {"from", date, false, "First provable day, where bills are corrected"},
             {"until", date, false, "First day after the error; else the discovery"},
             {"multiplier", text, false, "The right one"},
             {"registration", text, false, "Percent; else of the meter's last test"},
             {"use_a_day", text, false, "kWh; else of a period before the error"}});
    add_act(table,
            inside_route(post, "/v1/case-detections", "detectCases",
                         "Open cases for what bills, events and meters show", case_work,
                         "CaseDetection", detect),
            {});
}

}  // namespace watthour::api
