// SPDX-License-Identifier: Apache-2.0
// Reading tariffs: rate sheets, what changed between versions, what was adopted, and what an
// account would have paid on other schedules.
#include "api/errors.hpp"
#include "api/route_parts.hpp"
#include "app/adopt_tariff.hpp"
#include "app/compare_schedules.hpp"
#include "app/lists.hpp"
#include "app/post_payments.hpp"
#include "app/views.hpp"
#include "tariff/rate_sheet.hpp"

#include <map>

namespace watthour::api {
namespace {

using access::permissions::bill_preview;
using access::permissions::bill_view;

json::array versions_of(const tariff::RateSchedule& schedule) {
    json::array versions;
    for (const auto& version : schedule.versions) {
        versions.push_back(
            json::object{{"effective", version.effective.to_string()}, {"clause", version.clause}});
    }
    return versions;
}

Result<Answer> schedules(Call& call) {
    json::array rows;
    for (const auto& schedule : call.office.catalogue().schedules) {
        rows.push_back(json::object{{"schedule", schedule.code},
                                    {"name_en", schedule.name.en},
                                    {"name_es", schedule.name.es},
                                    {"class", schedule.rate_class},
                                    {"versions", versions_of(schedule)}});
    }
    return page(call, std::move(rows), "schedule");
}

Result<tariff::Language> language_of(const Call& call) {
    const auto asked = call.request.parameter("language");
    if (asked.empty() || asked == "en") return tariff::Language::english;
    if (asked == "es") return tariff::Language::spanish;
    return Error(errors::field_malformed, {{"field", "language"},
                                           {"text", std::string(asked.substr(0, 80))},
                                           {"wanted", "en or es"}});
}

Result<Answer> sheet(Call& call) {
    const tariff::Catalogue& catalogue = call.office.catalogue();
    TRY(const auto* schedule, catalogue.find_schedule(call.path["schedule"]));
    TRY(const Date date, call.date("date", call.office.business_date()));
    TRY(const tariff::Language language, language_of(call));
    TRY(const tariff::RateSheet made, tariff::rate_sheet(catalogue, *schedule, date, language));
    json::object answer = tariff::to_json(made);
    answer["versions"] = versions_of(*schedule);
    return json_answer(std::move(answer));
}

/// Prices of a version by code and condition; the text beside them is for people.
std::map<std::pair<std::string, std::string>, tariff::SheetRow> by_key(
    const tariff::RateSheet& sheet) {
    std::map<std::pair<std::string, std::string>, tariff::SheetRow> rows;
    for (const tariff::SheetRow& row : sheet.rows) rows[{row.code, row.what}] = row;
    return rows;
}

Result<Answer> changes(Call& call) {
    const tariff::Catalogue& catalogue = call.office.catalogue();
    TRY(const auto* schedule, catalogue.find_schedule(call.path["schedule"]));
    TRY(const Date until, call.date("until", call.office.business_date()));
    TRY(const Date from, call.date("from", until - 366));
    TRY(const tariff::Language language, language_of(call));
    TRY(const auto before, tariff::rate_sheet(catalogue, *schedule, from, language));
    TRY(const auto after, tariff::rate_sheet(catalogue, *schedule, until, language));
    const auto old_rows = by_key(before);
    const auto new_rows = by_key(after);
    json::array found;
    const auto add = [&](const tariff::SheetRow& row, const std::string& was,
                         const std::string& is) {
        found.push_back(json::object{{"charge", row.charge},
                                     {"what", row.what},
                                     {"unit", row.unit},
                                     {"before", was},
                                     {"after", is}});
    };
    for (const tariff::SheetRow& row : after.rows) {
        const auto old_row = old_rows.find({row.code, row.what});
        const std::string was = old_row == old_rows.end() ? "" : old_row->second.price;
        if (was != row.price) add(row, was, row.price);
    }
    for (const tariff::SheetRow& row : before.rows) {
        if (!new_rows.contains({row.code, row.what})) add(row, row.price, "");
    }
    return json_answer(json::object{{"schedule", schedule->code},
                                    {"from", before.effective.to_string()},
                                    {"until", after.effective.to_string()},
                                    {"changes", std::move(found)}});
}

Result<Answer> compared(Call& call) {
    TRY(const auto account, app::find_account(call.office, call.path["account"]));
    std::optional<tariff::Catalogue> proposed;
    if (const auto set = call.request.parameter("set"); !set.empty()) {
        TRY(proposed, app::tariffs_of_set(call.office, std::string(set)));
    }
    TRY(const auto comparison,
        app::compare_schedules(call.office, account.id, proposed ? &*proposed : nullptr));
    json::array choices;
    for (const app::ScheduleChoice& choice : comparison.choices) {
        const bool rated = choice.unavailable.empty();
        json::array bills;
        for (const auto& [until, amount] : choice.by_bill) {
            bills.push_back(json::object{{"until", until}, {"amount", amount.to_string()}});
        }
        choices.push_back(
            json::object{{"schedule", choice.schedule},
                         {"option", choice.option},
                         {"name_en", choice.name_en},
                         {"name_es", choice.name_es},
                         {"current", choice.current},
                         {"available", rated},
                         {"reason", choice.unavailable},
                         {"rule", choice.rule},
                         {"total", choice.total.to_string()},
                         {"difference", (choice.total - comparison.billed).to_string()},
                         {"bills", std::move(bills)}});
    }
    return json_answer(json::object{{"account", customers::account_number(account.id)},
                                    {"from", comparison.period.from.to_string()},
                                    {"until", comparison.period.until.to_string()},
                                    {"billed", comparison.billed.to_string()},
                                    {"choices", std::move(choices)}});
}

Result<Answer> sets(Call& call) { return page(call, app::tariff_history(call.office), "hash"); }

}  // namespace

void add_tariff_routes(std::vector<Route>& table) {
    const auto add = [&table](Route route) -> Route& {
        table.push_back(std::move(route));
        return table.back();
    };
    const auto get = Method::get;
    add(inside_route(get, "/v1/schedules", "listSchedules",
                     "Rate schedules with their dated versions", bill_view, "Schedules", schedules))
        .list = true;
    const Field language{"language", Type::text, false, "en or es"};
    add(inside_route(get, "/v1/schedules/{schedule}", "getRateSheet",
                     "The rate sheet of a schedule on a day", bill_view, "RateSheet", sheet))
        .query = {{"date", Type::date, false, "The version in force on this day"}, language};
    add(inside_route(get, "/v1/schedules/{schedule}/changes", "getRateChanges",
                     "What a schedule's prices were on one day and are on another", bill_view,
                     "RateChanges", changes))
        .query = {{"from", Type::date, false, "The earlier day"},
                  {"until", Type::date, false, "The later day"},
                  language};
    add(inside_route(get, "/v1/accounts/{account}/schedules", "compareSchedules",
                     "What the account's last year would have cost on the schedules of its class",
                     bill_preview, "ScheduleComparison", compared))
        .query = {{"set", Type::text, false, "Prices of tariffs that were put forward"}};
    add(inside_route(get, "/v1/tariff-sets", "listTariffSets",
                     "Tariffs that were put forward and adopted, the newest first", bill_view,
                     "TariffSets", sets))
        .list = true;
}

}  // namespace watthour::api
