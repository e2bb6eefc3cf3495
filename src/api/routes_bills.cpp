// SPDX-License-Identifier: Apache-2.0
// Bills, why they are what they are, and the runs that make them.
#include "api/errors.hpp"
#include "api/route_parts.hpp"
#include "app/cycle_report.hpp"
#include "app/errors.hpp"
#include "app/lists.hpp"
#include "app/print_bills.hpp"
#include "app/run_cycle.hpp"
#include "app/views.hpp"
#include "documents/bill_pdf.hpp"
#include "rating/charge_line.hpp"

#include <fmt/format.h>

#include <algorithm>

namespace watthour::api {
namespace {

using access::permissions::bill_preview;
using access::permissions::bill_view;

Result<billing::Bill> bill_of(Call& call) {
    auto bill = call.office.bills().find(call.path["bill"]);
    if (!bill) return Error(app::errors::bill_unknown, {{"bill", call.path["bill"]}});
    return *std::move(bill);
}

bool spanish_for(const Call& call, const billing::Bill& bill) {
    const auto asked = call.request.parameter("language");
    return asked.empty() ? bill.language == "es" : asked == "es";
}

Result<Answer> bills(Call& call) {
    TRY(const std::string place, cursor_of(call));
    const Date today = call.office.business_date();
    TRY(const Date until, call.date("until", today + 31));
    TRY(const Date from, call.date("from", until - 62));
    TRY(auto list, app::list_bills(call.office, {from, until},
                                   std::string(call.request.parameter("cycle")), place, call.most));
    return page_of(std::move(list.rows), list.more, list.last);
}

Result<Answer> bill(Call& call) {
    TRY(const auto bill, bill_of(call));
    return json_answer(app::to_json(bill));
}

Result<Answer> explanation(Call& call) {
    TRY(const auto bill, bill_of(call));
    const auto language =
        spanish_for(call, bill) ? tariff::Language::spanish : tariff::Language::english;
    json::array rows;
    for (const auto& segment : bill.segments) {
        for (const auto& line : segment.lines) {
            json::object object = app::to_json(line);
            object["words"] = rating::explain_line(line, language);
            rows.push_back(std::move(object));
        }
    }
    return page_of(std::move(rows), false, {});
}

Result<Answer> comparison(Call& call) {
    TRY(auto compared, app::comparison_view(call.office, call.path["bill"],
                                            std::string(call.request.parameter("with")),
                                            std::string(call.request.parameter("language"))));
    return json_answer(std::move(compared));
}

Result<Answer> document(Call& call) {
    TRY(const auto bill, bill_of(call));
    const auto language = call.request.parameter("language");
    if (!language.empty() && language != "en" && language != "es") {
        return Error(errors::field_malformed, {{"field", "language"},
                                               {"text", std::string(language.substr(0, 80))},
                                               {"wanted", "en or es"}});
    }
    Answer answer;
    answer.content_type = "application/pdf";
    answer.bytes =
        documents::render_bill_pdf(app::bill_page(call.office, bill, std::string(language)));
    answer.headers.emplace_back("Content-Disposition",
                                fmt::format("inline; filename=\"{}.pdf\"", bill.number));
    return answer;
}

Result<Answer> cycles_due(Call& call) {
    TRY(const Date date, call.date("date", call.office.business_date()));
    json::array rows;
    for (const auto& one : app::cycles_to_run(call.office, date)) {
        rows.push_back(json::object{{"cycle", one.window.cycle},
                                    {"read_date", one.window.read.to_string()},
                                    {"run", one.ran},
                                    {"held", one.held}});
    }
    return page_of(std::move(rows), false, {});
}

Result<Answer> cycle_runs(Call& call) {
    json::array rows;
    auto runs = call.office.bills().runs();
    std::reverse(runs.begin(), runs.end());
    int number = 0;
    for (const auto& run : runs) {
        rows.push_back(json::object{{"run", std::to_string(++number)},
                                    {"cycle", run.cycle},
                                    {"read_date", run.read_date.to_string()},
                                    {"run_date", run.run_date.to_string()},
                                    {"billed", run.billed},
                                    {"held", run.held},
                                    {"amount", run.amount.to_string()}});
    }
    return page(call, std::move(rows), "run");
}

Result<Answer> preview_cycle(Call& call) {
    app::CycleRequest request;
    request.cycle = call.text("cycle");
    request.mode = app::RunMode::preview;
    TRY(request.date, Date::parse(call.text("date")));
    TRY(const auto outcome, app::run_cycle(call.office, request));
    auto report =
        app::to_report(outcome.window, request.mode, app::add_records({app::to_record(outcome)}));
    app::add_last_charges(call.office, report);
    return json_answer(std::move(report));
}

}  // namespace

void add_bill_routes(std::vector<Route>& table) {
    using enum Method;
    using enum Type;
    const auto add = [&](Route route) -> Route& {
        table.push_back(std::move(route));
        return table.back();
    };
    const Field language{"language", text, false, "en or es; else the bill's"};
    {
        Route& route = add(inside_route(get, "/v1/bills", "listBills",
                                        "The register: bills by the day they were dated", bill_view,
                                        "Bills", bills));
        route.query = {{"from", date, false, "First bill date"},
                       {"until", date, false, "Day after the last"},
                       {"cycle", text, false, "Of one cycle"}};
        route.list = true;
    }
    add(inside_route(get, "/v1/bills/{bill}", "getBill", "A bill with its reads and lines",
                     bill_view, "Bill", bill));
    add(inside_route(get, "/v1/bills/{bill}/explanation", "explainBill",
                     "How each amount came about, in words", bill_view, "Explanation", explanation))
        .query = {language};
    add(inside_route(get, "/v1/bills/{bill}/comparison", "compareBill",
                     "Why a bill differs from another, in dollars that add up", bill_view,
                     "Comparison", comparison))
        .query = {{"with", text, false, "Another bill; else the one before it"}, language};
    add(inside_route(get, "/v1/bills/{bill}/document", "getBillDocument", "The bill as PDF",
                     bill_view, "application/pdf", document))
        .query = {language};
    add(inside_route(get, "/v1/cycles/due", "listCyclesDue", "Cycles to run", bill_view,
                     "CyclesDue", cycles_due))
        .query = {{"date", date, false, "Business date"}};
    add(inside_route(get, "/v1/cycle-runs", "listCycleRuns", "Runs of the past, the newest first",
                     bill_view, "CycleRuns", cycle_runs))
        .list = true;
    add(inside_route(post, "/v1/cycle-previews", "previewCycle",
                     "What a cycle run would bill; nothing is written", bill_preview, "CycleReport",
                     preview_cycle))
        .body = {{"cycle", text, true, "01 to 20"}, {"date", date, true, "Business date"}};
}

}  // namespace watthour::api
