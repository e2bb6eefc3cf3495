// SPDX-License-Identifier: Apache-2.0
// Reports, the audit trail, users, and proofs.
#include "access/errors.hpp"
#include "access/role.hpp"
#include "api/route_parts.hpp"
#include "app/change_users.hpp"
#include "app/check_books.hpp"
#include "app/post_payments.hpp"
#include "app/reports.hpp"
#include "app/sign_in.hpp"
#include "app/views.hpp"

#include <algorithm>

namespace watthour::api {
namespace {

using access::permissions::audit_view;
using access::permissions::books_check;
using access::permissions::job_manage;
using access::permissions::report_run;
using access::permissions::user_grant;
using access::permissions::user_manage;
using access::permissions::user_view;

Result<Answer> reports(Call& call) {
    json::array rows;
    for (const auto& name : app::names_of_reports()) rows.push_back(json::object{{"report", name}});
    return page(call, std::move(rows), "report");
}

Result<Answer> report(Call& call) {
    TRY(const Date as_of, call.date("as_of", call.office.business_date()));
    TRY(const Date known_on, call.date("known_on", service::now_known));
    TRY(auto answer, app::run_report(call.office, call.path["report"], as_of, known_on));
    return json_answer(std::move(answer));
}

Result<Answer> audit_entries(Call& call) {
    audit::AuditQuestion question;
    question.by = std::string(call.request.parameter("by"));
    question.subject = std::string(call.request.parameter("subject"));
    TRY(question.since, call.date("since", call.office.business_date() - 31));
    TRY(question.until, call.date("until", end_of_time));
    if (const auto number = call.request.parameter("account"); !number.empty()) {
        TRY(const auto account, app::find_account(call.office, std::string(number)));
        question.account = account.id.value;
    }
    json::array rows;
    const auto entries = call.office.audit().list(question);
    std::size_t number = 0;
    for (const auto& entry : entries) {
        json::object object = app::to_json(entry);
        object["entry"] = std::to_string(++number);
        rows.push_back(std::move(object));
    }
    std::reverse(rows.begin(), rows.end());
    return page(call, std::move(rows), "entry");
}

Result<access::User> user_named(Call& call) {
    auto user = call.office.users().find(call.path["user"], Instant{call.office.clock().now()});
    if (!user) return Error(access::errors::user_unknown, {{"user", call.path["user"]}});
    return *std::move(user);
}

Result<Answer> users(Call& call) {
    json::array rows;
    for (const auto& user : call.office.users().list(Instant{call.office.clock().now()})) {
        rows.push_back(app::to_json(user));
    }
    return page(call, std::move(rows), "user");
}

Result<Answer> user(Call& call) {
    TRY(const auto user, user_named(call));
    json::object object = app::to_json(user);
    json::array grants;
    for (const auto& grant : call.office.users().grants(user.id)) {
        grants.push_back(app::to_json(grant));
    }
    object["grants"] = std::move(grants);
    return json_answer(std::move(object));
}

Result<Answer> roles(Call& call) {
    json::array rows;
    for (const auto& role : access::all_roles()) rows.push_back(app::to_json(role));
    return page(call, std::move(rows), "role");
}

json::object added(const app::AddedUser& outcome) {
    json::object object = app::to_json(outcome.user);
    object["waits"] = outcome.waits ? json::value(outcome.waits->message()) : json::value();
    return object;
}

Result<Answer> add_user(Call& call) {
    TRY(const auto outcome,
        app::add_user(call.office, {call.text("user"), call.text("why"), call.dry_run},
                      call.text("full_name"), call.text("role")));
    return json_answer(added(outcome), call.dry_run ? 200 : 201);
}

Result<Answer> grant_role(Call& call) {
    TRY(const auto outcome,
        app::ask_for_role(call.office, {call.path["user"], call.text("why"), call.dry_run},
                          call.text("role")));
    return json_answer(added(outcome));
}

Result<Answer> revoke_role(Call& call) {
    TRY(const auto changed,
        app::revoke_role(call.office, {call.path["user"], call.text("why"), call.dry_run},
                         call.text("role")));
    return json_answer(app::to_json(changed));
}

Result<Answer> disable_user(Call& call) {
    TRY(const auto changed,
        app::disable_user(call.office, {call.path["user"], call.text("why"), call.dry_run}));
    return json_answer(app::to_json(changed));
}

Result<Answer> make_link(Call& call) {
    TRY(const auto entrance, app::make_link(call.office, call.path["user"]));
    return json_answer(json::object{{"user", entrance.user.name},
                                    {"link", entrance.token},
                                    {"expires_at", entrance.expires_at}},
                       201);
}

/// The Api fills it: it counts, not the office.
Result<Answer> metrics(Call& /*call*/) {
    Answer answer;
    answer.content_type = "text/plain";
    return answer;
}

Result<Answer> check(Call& call) {
    std::optional<Date> since;
    if (!call.request.parameter("since").empty()) {
        TRY(since, Date::parse(call.request.parameter("since")));
    }
    json::array rows;
    for (const auto& result : app::check_books(call.office, since)) {
        json::array violations;
        for (const auto& violation : result.violations) violations.emplace_back(violation.what);
        rows.push_back(json::object{{"name", result.invariant.name},
                                    {"meaning", result.invariant.meaning},
                                    {"ok", result.violations.empty()},
                                    {"violations", std::move(violations)}});
    }
    return page_of(std::move(rows), false, {});
}

void add_user_changes(std::vector<Route>& table) {
    using enum Method;
    using enum Type;
    const auto add = [&](Route route) -> Route& {
        table.push_back(std::move(route));
        return table.back();
    };
    {
        Route& route = add(inside_route(post, "/v1/users", "addUser", "Add a user", user_manage,
                                        "AddedUser", add_user));
        route.body = {{"user", text, true, "Name to sign in with"},
                      {"full_name", text, true, "Name of the person"},
                      {"role", text, false, "Waits for a second person"},
                      {"why", text, false, "Kept with the change"}};
        route.dry_run = true;
        route.status = 201;
    }
    const std::vector<Field> role_and_reason = {{"role", text, true, "One of /v1/roles"},
                                                {"why", text, true, "Kept with the change"}};
    {
        Route& route = add(inside_route(post, "/v1/users/{user}/role-grants", "grantRole",
                                        "Ask a second person to give a role", user_grant,
                                        "AddedUser", grant_role));
        route.body = role_and_reason;
        route.dry_run = true;
    }
    {
        Route& route = add(inside_route(post, "/v1/users/{user}/role-revocations", "revokeRole",
                                        "Take a role back", user_manage, "User", revoke_role));
        route.body = role_and_reason;
        route.dry_run = true;
    }
    {
        Route& route =
            add(inside_route(post, "/v1/users/{user}/disablement", "disableUser",
                             "Let a user do nothing any more", user_manage, "User", disable_user));
        route.body = {{"why", text, true, "Kept with the change"}};
        route.dry_run = true;
    }
    {
        Route& route = add(inside_route(post, "/v1/users/{user}/links", "makeLink",
                                        "A link to set a password, once, within a day", user_manage,
                                        "Link", make_link));
        route.status = 201;
    }
}

}  // namespace

void add_office_routes(std::vector<Route>& table) {
    using enum Method;
    using enum Type;
    const auto add = [&](Route route) -> Route& {
        table.push_back(std::move(route));
        return table.back();
    };
    add(inside_route(get, "/v1/reports", "listReports", "The reports there are", report_run,
                     "Reports", reports))
        .list = true;
    add(inside_route(get, "/v1/reports/{report}", "runReport", "A report as of a day", report_run,
                     "Report", report))
        .query = {{"as_of", date, false, "About this day and before"},
                  {"known_on", date, false, "From what was recorded through this day"}};
    {
        Route& route = add(inside_route(get, "/v1/audit-entries", "listAuditEntries",
                                        "Who did what, the newest first", audit_view,
                                        "AuditEntries", audit_entries));
        route.query = {{"account", text, false, "Of one account"},
                       {"by", text, false, "Of one user"},
                       {"subject", text, false, "Of what begins so"},
                       {"since", date, false, "From this day on; else a month"},
                       {"until", date, false, "Through this day"}};
        route.list = true;
    }
    add(inside_route(get, "/v1/users", "listUsers", "Users and their roles", user_view, "Users",
                     users))
        .list = true;
    add(inside_route(get, "/v1/users/{user}", "getUser", "A user with every grant", user_view,
                     "UserWithGrants", user));
    add(inside_route(get, "/v1/roles", "listRoles", "The roles: permissions and limits", user_view,
                     "Roles", roles))
        .list = true;
    add_user_changes(table);
    add(inside_route(get, "/metrics", "metrics", "Requests by operation, for Prometheus",
                     job_manage, "text/plain", metrics));
    add(inside_route(get, "/v1/checks", "check", "Prove the books", books_check, "Checks", check))
        .query = {{"since", date, false, "Only what changed since"}};
}

}  // namespace watthour::api
