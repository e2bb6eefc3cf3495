// SPDX-License-Identifier: Apache-2.0
// Usage of any place, range and step, as it was known on any day.
#include "api/errors.hpp"
#include "api/route_parts.hpp"
#include "app/usage_known.hpp"

namespace watthour::api {
namespace {

using access::permissions::bill_view;

Result<app::UsageQuestion> question_of(const Call& call) {
    const auto text = [&call](std::string_view name) {
        return std::string(call.request.parameter(name));
    };
    app::UsageQuestion question;
    question.account = text("account");
    question.point = text("point");
    question.meter = text("meter");
    if (!text("quantity").empty()) question.quantity = text("quantity");
    question.step = text("step").empty() ? "day" : text("step");
    const Date today = call.office.business_date();
    question.from = call.office.zone().start_of(today - 62);
    question.until = call.office.zone().start_of(today + 1);
    if (!text("from").empty()) {
        TRY(question.from, app::moment_of(call.office, text("from")));
    }
    if (!text("until").empty()) {
        TRY(question.until, app::moment_of(call.office, text("until")));
    }
    return question;
}

Result<Answer> usage(Call& call) {
    TRY(app::UsageQuestion question, question_of(call));
    if (!call.request.parameter("known_on").empty()) {
        TRY(question.known_on, call.date("known_on", call.office.business_date()));
    }
    TRY(const auto usage, app::usage_known(call.office, question));
    return json_answer(app::to_json(call.office, question, usage));
}

Result<Answer> changes(Call& call) {
    TRY(const app::UsageQuestion question, question_of(call));
    TRY(const Date known_on, call.date("known_on", call.office.business_date() - 1));
    TRY(const Date and_on, call.date("and_on", call.office.business_date()));
    TRY(const auto difference, app::usage_changes(call.office, question, known_on, and_on));
    return json_answer(app::to_json(call.office, question, known_on, and_on, difference));
}

}  // namespace

using enum Method;
using enum Type;

void add_usage_routes(std::vector<Route>& table) {
    const std::vector<Field> place = {
        {"account", text, false, "An account, in the days in which it was served"},
        {"point", text, false, "A service point, whoever was served there"},
        {"meter", text, false, "The serial of a meter, wherever it hung"},
        {"quantity", text, false, "KWH unless said otherwise; GKWH is received energy"},
        {"from", text, false, "A day, or a moment with its offset"},
        {"until", text, false, "The day or moment after the last"}};
    table.push_back(inside_route(get, "/v1/usage", "findUsage",
                                 "Usage of a place for any range and step, as known on any day",
                                 bill_view, "KnownUsage", usage));
    table.back().query = place;
    table.back().query.push_back({"step", text, false, "interval, hour, day, week, month, bill"});
    table.back().query.push_back({"known_on", date, false, "As known at the end of this day"});
    table.push_back(inside_route(get, "/v1/usage/changes", "findUsageChanges",
                                 "What changed in a usage between two days, and who changed it",
                                 bill_view, "UsageChanges", changes));
    table.back().query = place;
    table.back().query.push_back(
        {"known_on", date, false, "The earlier day; else the day before the business date"});
    table.back().query.push_back({"and_on", date, false, "The later day; else the business date"});
}

}  // namespace watthour::api
