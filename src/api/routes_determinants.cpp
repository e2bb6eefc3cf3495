// SPDX-License-Identifier: Apache-2.0
// Use and billed quantities out: for the customer, and for other programs.
#include "api/errors.hpp"
#include "api/route_parts.hpp"
#include "app/determinants.hpp"
#include "app/export_usage.hpp"

#include <fmt/format.h>

namespace watthour::api {
namespace {

using access::permissions::bill_view;

Answer download(std::string bytes, std::string_view type, const std::string& name) {
    Answer answer;
    answer.content_type = std::string(type);
    answer.bytes = std::move(bytes);
    answer.headers.emplace_back("Content-Disposition",
                                fmt::format("attachment; filename=\"{}\"", name));
    return answer;
}

Result<Answer> export_usage(Call& call) {
    app::UsageExportRequest request;
    request.account = call.path["account"];
    request.point = std::string(call.request.parameter("point"));
    const auto asked = call.request.parameter("format");
    request.format = asked.empty() ? "green-button" : std::string(asked);
    TRY(request.days.until, call.date("until", call.office.business_date()));
    TRY(request.days.from, call.date("from", request.days.until - 400));
    TRY(auto exported, app::export_usage(call.office, request));
    const bool xml = request.format == "green-button";
    // No account number: the file goes to whoever the customer gives it to.
    Answer answer = download(std::move(exported.bytes),
                             xml ? "application/atom+xml" : "text/csv; charset=utf-8",
                             fmt::format("usage-{}-{}.{}", request.days.from.to_string(),
                                         request.days.until.to_string(), xml ? "xml" : "csv"));
    answer.left = {"usage of account " + request.account,
                   static_cast<std::size_t>(exported.intervals), request.format};
    return answer;
}

Result<Answer> answer_of(const Call& call, const app::Determinants& found,
                         const std::string& name) {
    const auto format = call.request.parameter("format");
    if (format.empty() || format == "json") {
        json::object body = app::to_json(found);
        return json_answer(std::move(body));
    }
    if (format != "csv") {
        return Error(errors::field_malformed, {{"field", "format"},
                                               {"text", std::string(format.substr(0, 80))},
                                               {"wanted", "json or csv"}});
    }
    TRY(auto bytes, app::to_csv(found));
    Answer answer = download(std::move(bytes), "text/csv; charset=utf-8", name + ".csv");
    answer.left = {"determinants", found.rows.size(), "csv"};
    return answer;
}

Result<Answer> determinants(Call& call) {
    app::DeterminantsRequest request{std::string(call.request.parameter("account")),
                                     std::string(call.request.parameter("cycle")),
                                     {}};
    if (request.account.empty() && request.cycle.empty()) {
        return Error(errors::field_malformed,
                     {{"field", "cycle"}, {"text", "empty"}, {"wanted", "a cycle or an account"}});
    }
    TRY(request.read_date, call.date("read_date", call.office.business_date()));
    TRY(const auto found, app::determinants_of(call.office, request));
    return answer_of(call, found, "determinants-" + request.read_date.to_string());
}

Result<Answer> changes(Call& call) {
    TRY(const Date since, call.date("since", call.office.business_date()));
    TRY(const auto found, app::determinants_changed_since(call.office, since));
    return answer_of(call, found, "determinants-changed-" + since.to_string());
}

}  // namespace

void add_determinant_routes(std::vector<Route>& table) {
    using enum Method;
    using enum Type;
    const Field as{"format", text, false, "json, else csv"};
    {
        Route route = inside_route(get, "/v1/accounts/{account}/usage-export", "exportUsage",
                                   "Interval use as a file that names no customer", bill_view,
                                   "application/octet-stream", export_usage);
        route.query = {{"format", text, false, "green-button, green-button-csv or csv-intervals"},
                       {"from", date, false, "First day; else 400 days before the last"},
                       {"until", date, false, "Day after the last; else today"},
                       {"point", text, false, "One of its service points"}};
        table.push_back(std::move(route));
    }
    {
        Route route = inside_route(get, "/v1/determinants", "listDeterminants",
                                   "The quantities that bills of an account or a cycle rest on, "
                                   "and who cannot be measured",
                                   bill_view, "Determinants", determinants);
        route.query = {{"account", text, false, "Account number"},
                       {"cycle", text, false, "Or a whole cycle"},
                       {"read_date", date, false, "On which the period ends; else today"},
                       as};
        table.push_back(std::move(route));
    }
    {
        Route route = inside_route(get, "/v1/determinants/changes", "listChangedDeterminants",
                                   "Determinants of bills whose reads changed after they were "
                                   "issued",
                                   bill_view, "Determinants", changes);
        route.query = {{"since", date, false, "Day of the change or later; else today"}, as};
        table.push_back(std::move(route));
    }
}

}  // namespace watthour::api
