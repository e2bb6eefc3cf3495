// SPDX-License-Identifier: Apache-2.0
// Finding accounts, and everything about one.
#include "api/errors.hpp"
#include "api/route_parts.hpp"
#include "app/account_past.hpp"
#include "app/change_contact.hpp"
#include "app/change_programs.hpp"
#include "app/lists.hpp"
#include "app/post_payments.hpp"
#include "app/search_index.hpp"
#include "app/usage_view.hpp"
#include "app/views.hpp"
#include "base/text.hpp"

#include <algorithm>

namespace watthour::api {
namespace {

using access::permissions::agreement_change;
using access::permissions::bill_view;

Result<Answer> search(Call& call) {
    json::array rows;
    for (const auto& found : app::find_accounts(call.office, call.request.parameter("q"), 20)) {
        rows.push_back(json::object{{"account", customers::account_number(found.account)},
                                    {"name", found.name},
                                    {"street", found.street}});
    }
    return page_of(std::move(rows), false, {});
}

Result<Answer> accounts(Call& call) {
    TRY(const std::string place, cursor_of(call));
    TRY(auto list, app::list_accounts(call.office, place, call.most));
    return page_of(std::move(list.rows), list.more, list.last);
}

Result<Answer> account(Call& call) {
    TRY(const auto account, app::find_account(call.office, call.path["account"]));
    return json_answer(app::account_view(call.office, account));
}

Result<Answer> past(Call& call) {
    TRY(const auto account, app::find_account(call.office, call.path["account"]));
    TRY(const std::string place, cursor_of(call));
    auto entries = app::account_past(call.office, account.id, language_of(call.request));
    if (const auto kinds = call.request.parameter("kinds"); !kinds.empty()) {
        const auto wanted = split_text(kinds, ',');
        std::erase_if(entries, [&](const app::PastEntry& entry) {
            return std::find(wanted.begin(), wanted.end(), entry.kind) == wanted.end();
        });
    }
    std::size_t begin = 0;
    if (!place.empty()) {
        const auto found = std::find_if(entries.begin(), entries.end(), [&](const auto& entry) {
            return app::place_of(entry) == place;
        });
        if (found == entries.end()) return Error(errors::cursor_malformed, {});
        begin = static_cast<std::size_t>(found - entries.begin()) + 1;
    }
    const std::size_t end = std::min(begin + call.most, entries.size());
    json::array rows;
    for (std::size_t i = begin; i < end; ++i) rows.push_back(app::to_json(entries[i]));
    return page_of(std::move(rows), end<entries.size(), end> begin ? app::place_of(entries[end - 1])
                                                                   : std::string());
}

Result<Answer> ledger(Call& call) {
    TRY(const auto account, app::find_account(call.office, call.path["account"]));
    auto rows = app::ledger_view(call.office, account.id);
    std::reverse(rows.begin(), rows.end());
    return page(call, std::move(rows), "reference");
}

Result<Answer> usage(Call& call) {
    TRY(const auto account, app::find_account(call.office, call.path["account"]));
    const auto asked = call.request.parameter("resolution");
    const std::string resolution = asked.empty() ? "bill" : std::string(asked);
    static const std::map<std::string, int, std::less<>> days_shown = {
        {"bill", 400}, {"month", 400}, {"week", 182}, {"day", 62}, {"hour", 7}, {"interval", 7}};
    const auto shown = days_shown.find(resolution);
    if (shown == days_shown.end()) {
        return Error(errors::field_malformed,
                     {{"field", "resolution"},
                      {"text", resolution.substr(0, 80)},
                      {"wanted", "bill, month, week, day, hour or interval"}});
    }
    const Date today = call.office.business_date();
    const int days = shown->second;
    std::optional<Date> known_on;
    if (!call.request.parameter("known_on").empty()) {
        TRY(known_on, call.date("known_on", today));
    }
    TRY(const Date until, call.date("until", today + 1));
    TRY(const Date from, call.date("from", until - days));
    TRY(auto points, app::usage_view(call.office, account.id, resolution, {from, until}, known_on));
    return json_answer(json::object{{"resolution", resolution},
                                    {"from", from.to_string()},
                                    {"until", until.to_string()},
                                    {"points", std::move(points)}});
}

Answer contact_answer(const app::Contact& contact) {
    Answer answer = json_answer(app::to_json(contact));
    answer.headers.emplace_back("ETag", '"' + app::version_of(contact) + '"');
    return answer;
}

Result<Answer> contact(Call& call) {
    TRY(const auto contact, app::find_contact(call.office, call.path["account"]));
    return contact_answer(contact);
}

Result<Answer> put_contact(Call& call) {
    app::ContactChange change;
    change.account = call.path["account"];
    change.contact = {call.text("name"),
                      call.text("language"),
                      call.text("phone"),
                      call.text("email"),
                      {call.text("mailing_street"), call.text("mailing_city"),
                       call.text("mailing_state"), call.text("mailing_zip")}};
    change.why = call.text("why");
    change.dry_run = call.dry_run;
    for (const char c : call.request.header("if-match")) {
        if (c != '"') change.version += c;
    }
    TRY(const auto saved, app::change_contact(call.office, change));
    return contact_answer(saved);
}

Result<Answer> add_note(Call& call) {
    TRY(const auto account, app::find_account(call.office, call.path["account"]));
    TRY(const auto entry, app::add_note(call.office, account.id, call.text("text")));
    return json_answer(app::to_json(entry), 201);
}

Result<Answer> change_program(Call& call,
                              Result<app::ProgramOutcome> (*use_case)(app::Office&,
                                                                      const app::ProgramChange&)) {
    app::ProgramChange change;
    change.account = call.path["account"];
    change.code = call.text("code");
    TRY(change.on, Date::parse(call.text("on")));
    change.why = call.text("why");
    if (const auto* agreement = call.body.if_contains("agreement")) {
        change.agreement = agreement->to_number<std::int64_t>();
    }
    change.dry_run = call.dry_run;
    TRY(const auto outcome, use_case(call.office, change));
    const auto& after = outcome.after;
    return json_answer(json::object{
        {"agreement", outcome.agreement.id.value},
        {"kind", after.kind},
        {"code", after.code},
        {"from", after.active.from.to_string()},
        {"until", after.active.until == end_of_time ? json::value()
                                                    : json::value(after.active.until.to_string())},
        {"dry_run", call.dry_run},
        {"billed_before",
         json::array(outcome.billed_before.begin(), outcome.billed_before.end())}});
}

Result<Answer> add_program(Call& call) { return change_program(call, app::add_program); }
Result<Answer> end_program(Call& call) { return change_program(call, app::end_program); }

void add_changes(std::vector<Route>& table) {
    using enum Method;
    using enum Type;
    const auto add = [&](Route route) -> Route& {
        table.push_back(std::move(route));
        return table.back();
    };
    {
        Route& route =
            add(inside_route(put, "/v1/accounts/{account}/contact", "putContact",
                             "Replace the contact", agreement_change, "Contact", put_contact));
        route.body = {{"name", text, true, "As printed on the bill"},
                      {"language", text, true, "en or es"},
                      {"phone", text, true, "May be empty"},
                      {"email", text, true, "May be empty"},
                      {"mailing_street", text, true, "Street"},
                      {"mailing_city", text, true, "City"},
                      {"mailing_state", text, true, "Two letters"},
                      {"mailing_zip", text, true, "Five digits, or nine with a dash"},
                      {"why", text, true, "Kept with the change"}};
        route.if_match = true;
        route.dry_run = true;
    }
    {
        Route& route = add(inside_route(post, "/v1/accounts/{account}/notes", "addNote",
                                        "Write a remark about an account", agreement_change,
                                        "PastEntry", add_note));
        route.body = {{"text", text, true, "What the next person should know"}};
        route.status = 201;
    }
    const std::vector<Field> program = {{"code", text, true, "EAP, MED-ALLOW, SENIOR, ..."},
                                        {"on", date, true, "First day with, or without, it"},
                                        {"why", text, true, "Kept with the change"},
                                        {"agreement", whole, false, "Where there are several"}};
    for (Route route : {inside_route(post, "/v1/accounts/{account}/programs", "addProgram",
                                     "Begin a discount or an exemption", agreement_change,
                                     "ProgramChange", add_program),
                        inside_route(post, "/v1/accounts/{account}/program-ends", "endProgram",
                                     "End a discount or an exemption", agreement_change,
                                     "ProgramChange", end_program)}) {
        route.body = program;
        route.dry_run = true;
        add(std::move(route));
    }
}

}  // namespace

void add_account_routes(std::vector<Route>& table) {
    using enum Method;
    using enum Type;
    const auto add = [&](Route route) -> Route& {
        table.push_back(std::move(route));
        return table.back();
    };
    add(inside_route(get, "/v1/search", "search", "Accounts by any words, half heard", bill_view,
                     "SearchResults", search))
        .query = {
        {"q", text, true, "Words in any order: name, street, account, meter, phone, bill number"}};
    add(inside_route(get, "/v1/accounts", "listAccounts", "Accounts in order of number", bill_view,
                     "Accounts", accounts))
        .list = true;
    add(inside_route(get, "/v1/accounts/{account}", "getAccount",
                     "An account with balance, agreements, bills and payments", bill_view,
                     "Account", account));
    {
        Route& route = add(inside_route(get, "/v1/accounts/{account}/past", "listPast",
                                        "All that happened to an account, the newest first",
                                        bill_view, "Past", past));
        route.query = {
            {"kinds", text, false, "Some of bill,payment,return,entry,read,work,edit,note"}};
        route.list = true;
    }
    add(inside_route(get, "/v1/accounts/{account}/ledger", "listLedger",
                     "The account's entries in the books, the newest first", bill_view, "Ledger",
                     ledger))
        .list = true;
    add(inside_route(get, "/v1/accounts/{account}/usage", "getUsage", "What the account used",
                     bill_view, "Usage", usage))
        .query = {{"resolution", text, false, "bill, month, week, day, hour or interval"},
                  {"from", date, false, "First day"},
                  {"until", date, false, "Day after the last"},
                  {"known_on", date, false,
                   "As known at the end of this day; not for bills, which never change"}};
    add(inside_route(get, "/v1/accounts/{account}/contact", "getContact",
                     "How the account is called and written to; its version is the ETag", bill_view,
                     "Contact", contact));
    add_changes(table);
}

}  // namespace watthour::api
