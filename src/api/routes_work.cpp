// SPDX-License-Identifier: Apache-2.0
// The inbox, second persons, and long work.
#include "api/errors.hpp"
#include "api/route_parts.hpp"
#include "app/authorize.hpp"
#include "app/change_work.hpp"
#include "app/errors.hpp"
#include "app/job_kinds.hpp"
#include "app/job_order.hpp"
#include "app/print_bills.hpp"
#include "app/views.hpp"
#include "app/work_jobs.hpp"
#include "base/text.hpp"
#include "jobs/errors.hpp"

#include <fmt/format.h>

#include <algorithm>

namespace watthour::api {
namespace {

using access::permissions::job_manage;
using access::permissions::work_approve;
using access::permissions::work_resolve;
using access::permissions::work_view;

constexpr std::size_t shown_of_bulk = 20;
constexpr std::size_t largest_of_bulk = 5;

Result<worklist::WorkItem> item_of(Call& call) {
    return app::find_item(call.office, call.path["item"]);
}

Result<Answer> work_items(Call& call) {
    const auto state = call.request.parameter("state");
    const auto cause = call.request.parameter("cause");
    const auto owner = call.request.parameter("owner");
    const Language language = language_of(call.request);
    json::array rows;
    const Date today = call.office.business_date();
    const std::string stored = state == "all" ? "" : state == "resolved" ? "resolved" : "open";
    for (const auto& item : call.office.work().list(stored)) {
        const bool rests = item.snoozed_until && *item.snoozed_until > today;
        if (stored == "open" && rests != (state == "snoozed")) continue;
        if (!cause.empty() && item.cause != cause) continue;
        if (!owner.empty() && item.owner != owner) continue;
        rows.push_back(app::to_json(item, language));
    }
    return page(call, std::move(rows), "id");
}

Result<Answer> work_causes(Call& call) {
    json::array rows;
    for (const auto& cause : call.office.work().open_by_cause()) {
        rows.push_back(json::object{{"kind", cause.kind},
                                    {"cause", cause.cause},
                                    {"count", cause.count},
                                    {"at_stake", cause.at_stake.to_string()},
                                    {"oldest", cause.oldest.to_string()}});
    }
    return page_of(std::move(rows), false, {});
}

json::object with_history(Call& call, const worklist::WorkItem& item) {
    json::object object = app::to_json(item, language_of(call.request));
    json::array history;
    for (const auto& change : call.office.work().history(item.id)) {
        history.push_back(json::object{{"kind", change.kind},
                                       {"value", change.value},
                                       {"why", change.why},
                                       {"by", change.by},
                                       {"on", change.on.to_string()}});
    }
    object["history"] = std::move(history);
    return object;
}

Result<Answer> work_item(Call& call) {
    TRY(const auto item, item_of(call));
    return json_answer(with_history(call, item));
}

Result<Answer> resolve_item(Call& call) {
    TRY(const auto decided,
        app::decide_items(
            call.office,
            {{call.path["item"]}, {}, call.text("resolution"), call.text("why"), call.dry_run}));
    return json_answer(app::to_json(decided.items.front(), language_of(call.request)));
}

json::array views_of(const std::vector<worklist::WorkItem>& items, std::size_t most,
                     Language language) {
    json::array rows;
    for (std::size_t i = 0; i < std::min(most, items.size()); ++i) {
        rows.push_back(app::to_json(items[i], language));
    }
    return rows;
}

/// Many items by one decision: those that are named, or all open ones of a cause.
Result<Answer> resolve_items(Call& call) {
    app::ItemsChoice choice{
        {}, call.text("cause"), call.text("resolution"), call.text("why"), call.dry_run};
    if (const auto* items = call.body.if_contains("items")) {
        for (const auto& id : items->as_array()) choice.items.emplace_back(id.as_string());
    }
    TRY(auto decided, app::decide_items(call.office, choice));
    json::array skipped;
    for (const auto& [id, why] : decided.skipped) {
        skipped.push_back(json::object{{"id", id}, {"why", why}});
    }
    json::array sample = views_of(decided.items, shown_of_bulk, language_of(call.request));
    std::stable_sort(decided.items.begin(), decided.items.end(), [](const auto& a, const auto& b) {
        return a.at_stake.magnitude() > b.at_stake.magnitude();
    });
    return json_answer(json::object{
        {"count", decided.items.size()},
        {"at_stake", decided.at_stake.to_string()},
        {"skipped", std::move(skipped)},
        {"sample", std::move(sample)},
        {"largest", views_of(decided.items, largest_of_bulk, language_of(call.request))},
        {"dry_run", call.dry_run}});
}

Result<Answer> change_item(Call& call) {
    TRY(const auto item, app::change_item(call.office, {call.path["item"], call.text("kind"),
                                                        call.text("value"), call.text("why")}));
    return json_answer(with_history(call, item));
}

// --- second persons

Result<Answer> approvals(Call& call) {
    json::array rows;
    for (const auto& approval : call.office.approvals().open()) {
        rows.push_back(app::to_json(approval));
    }
    return page(call, std::move(rows), "id");
}

Result<Answer> decide_approval(Call& call) {
    const auto number = parse_integer(call.path["approval"]);
    const std::string verdict = call.text("verdict");
    if (verdict != "approve" && verdict != "decline") {
        return Error(errors::field_malformed, {{"field", "verdict"},
                                               {"text", verdict.substr(0, 80)},
                                               {"wanted", "approve or decline"}});
    }
    TRY(const auto decided,
        app::decide_approval(call.office, {number ? *number : 0},
                             verdict == "approve" ? app::Verdict::approve : app::Verdict::decline,
                             call.text("why")));
    return json_answer(app::to_json(decided));
}

// --- jobs

Result<jobs::Job> job_of(app::Office& office, const std::string& id) {
    const auto number = parse_integer(id);
    auto job = number ? office.jobs().find({*number}) : std::nullopt;
    if (!job) return Error(jobs::errors::job_unknown, {{"job", id}});
    return *std::move(job);
}

json::object view_of(app::Office& office, const jobs::Job& job) {
    json::object object = app::job_view(office, job);
    // 64 bits do not fit the numbers of a browser.
    object["job"] = std::to_string(job.id.value);
    return object;
}

json::object with_result(app::Office& office, const jobs::Job& job) {
    json::object object = view_of(office, job);
    object["result"] = json::value();
    if (!job.result.empty()) {
        if (auto result = parse_json(job.result, "result")) object["result"] = std::move(*result);
    }
    json::array failed;
    for (const auto& unit : office.jobs().units(job.id)) {
        if (unit.state != "parked") continue;
        failed.push_back(json::object{{"unit", unit.parameters}, {"why", unit.problem}});
    }
    object["failed"] = std::move(failed);
    return object;
}

Result<Answer> list_jobs(Call& call) {
    json::array rows;
    for (const auto& job : call.office.jobs().list(call.request.parameter("all") != "true")) {
        rows.push_back(view_of(call.office, job));
    }
    return page(call, std::move(rows), "job");
}

Result<Answer> job(Call& call) {
    TRY(const auto job, job_of(call.office, call.path["job"]));
    return json_answer(with_result(call.office, job));
}

/// Progress as server-sent events, until the job ends.
Result<Answer> job_events(Call& call) {
    TRY(const auto job, job_of(call.office, call.path["job"]));
    Answer answer;
    answer.content_type = "text/event-stream";
    answer.more = [id = call.path["job"], before = std::string(), silent = 0](
                      app::Office& office, std::string& piece) mutable {
        const auto now = job_of(office, id);
        if (!now) return false;
        const std::string text = to_text(view_of(office, *now));
        if (text != before) {
            piece = fmt::format("event: progress\ndata: {}\n\n", text);
            before = text;
            silent = 0;
        } else if (++silent % 20 == 0) {
            piece = ": still here\n\n";  // so that whoever is between does not close it
        }
        if (now->state == "open") return true;
        piece += fmt::format("event: end\ndata: {}\n\n", text);
        return false;
    };
    return answer;
}

Result<Answer> submit_job(Call& call) {
    app::JobRequest request;
    request.kind = call.text("kind");
    if (request.kind == "import_file") {
        return Error(errors::job_kind_local, {{"kind", request.kind}});
    }
    for (const auto& pair : call.body.at("parameters").as_array()) {
        const std::string_view text = pair.as_string();
        const std::size_t at = text.find('=');
        const std::string_view value =
            at == std::string_view::npos ? std::string_view() : text.substr(at + 1);
        request.parameters[text.substr(0, at)] = value;
    }
    // Where printed bills lie is the server's business, not that of whoever asks.
    if (request.kind == "print_bills") {
        TRY(request.parameters["folder"], app::print_folder(call.office));
    }
    request.key = std::string(call.request.header("idempotency-key"));
    TRY(const auto job, app::submit_job(call.office, request));
    return json_answer(view_of(call.office, job), 202);
}

Result<Answer> change_job(Call& call, const char* state) {
    TRY(const auto job, job_of(call.office, call.path["job"]));
    if (job.state == "done") return Error(jobs::errors::job_done, {{"job", call.path["job"]}});
    if (state == nullptr) {
        (void)call.office.jobs().retry_parked(job.id);
    } else {
        (void)call.office.jobs().set_state(job.id, state);
    }
    TRY(const auto after, job_of(call.office, call.path["job"]));
    return json_answer(view_of(call.office, after));
}

Result<Answer> stop_job(Call& call) { return change_job(call, "stopped"); }
Result<Answer> resume_job(Call& call) { return change_job(call, "open"); }
Result<Answer> retry_job(Call& call) { return change_job(call, nullptr); }

Result<Answer> give_up_job(Call& call) {
    TRY(const auto job, job_of(call.office, call.path["job"]));
    TRY(const auto after, app::give_up_job(call.office, job.id, call.text("why")));
    return json_answer(view_of(call.office, after));
}

void add_job_routes(std::vector<Route>& table) {
    using enum Method;
    using enum Type;
    const auto add = [&](Route route) -> Route& {
        table.push_back(std::move(route));
        return table.back();
    };
    {
        Route& route = add(inside_route(get, "/v1/jobs", "listJobs", "Jobs that are not done",
                                        work_view, "Jobs", list_jobs));
        route.query = {{"all", text, false, "true: those that are done as well"}};
        route.list = true;
    }
    {
        // The kind of the job has its own permission.
        Route& route = add(signed_in_route(post, "/v1/jobs", "submitJob",
                                           "Put a job into the queue", "Job", submit_job));
        route.body = {
            {"kind", text, true, "cycle_run, seal_days, check_books, tariff_study, nightly"},
            {"parameters", texts, true, "NAME=VALUE"}};
        route.idempotency_key = true;
        route.status = 202;
    }
    add(inside_route(get, "/v1/jobs/{job}", "getJob", "A job with its progress and result",
                     work_view, "JobWithResult", job));
    add(inside_route(get, "/v1/jobs/{job}/events", "watchJob",
                     "Progress as server-sent events until the job ends", work_view,
                     "text/event-stream", job_events));
    add(inside_route(post, "/v1/jobs/{job}/stop", "stopJob", "Give out no more units", job_manage,
                     "Job", stop_job));
    add(inside_route(post, "/v1/jobs/{job}/resume", "resumeJob", "Go on", job_manage, "Job",
                     resume_job));
    add(inside_route(post, "/v1/jobs/{job}/retry", "retryJob", "Try parked units again", job_manage,
                     "Job", retry_job));
    add(inside_route(post, "/v1/jobs/{job}/give-up", "giveUpJob",
                     "End a job that will not be done; what waits for it begins without it",
                     job_manage, "Job", give_up_job))
        .body = {{"why", text, true, "Kept in the audit trail"}};
}

}  // namespace

void add_work_routes(std::vector<Route>& table) {
    using enum Method;
    using enum Type;
    const auto add = [&](Route route) -> Route& {
        table.push_back(std::move(route));
        return table.back();
    };
    {
        Route& route = add(inside_route(get, "/v1/work-items", "listWorkItems", "The inbox",
                                        work_view, "WorkItems", work_items));
        route.query = {{"state", text, false, "open, snoozed, resolved or all"},
                       {"cause", text, false, "Of one cause"},
                       {"owner", text, false, "Of one person"}};
        route.list = true;
    }
    add(inside_route(get, "/v1/work-causes", "listWorkCauses",
                     "Open items by cause, with what is at stake", work_view, "WorkCauses",
                     work_causes));
    add(inside_route(get, "/v1/work-items/{item}", "getWorkItem", "An item with its history",
                     work_view, "WorkItemWithHistory", work_item));
    {
        Route& route = add(inside_route(post, "/v1/work-items/{item}/resolution", "resolveWorkItem",
                                        "Decide an item", work_resolve, "WorkItem", resolve_item));
        route.body = {{"resolution", text, true, "accepted, corrected or dismissed"},
                      {"why", text, true, "Kept with the item"}};
        route.dry_run = true;
    }
    {
        Route& route = add(inside_route(post, "/v1/work-resolutions", "resolveWorkItems",
                                        "Decide many items at once: those named, or of a cause",
                                        work_resolve, "BulkResolution", resolve_items));
        route.body = {{"resolution", text, true, "accepted, corrected or dismissed"},
                      {"why", text, true, "Kept with each item"},
                      {"items", texts, false, "Their numbers"},
                      {"cause", text, false, "Else all open items of this cause"}};
        route.dry_run = true;
    }
    {
        Route& route = add(inside_route(post, "/v1/work-items/{item}/changes", "changeWorkItem",
                                        "Assign, set a due day, let rest, note or reopen",
                                        work_resolve, "WorkItemWithHistory", change_item));
        route.body = {{"kind", text, true, "assigned, due, snoozed, noted or reopened"},
                      {"value", text, false, "The person or the day"},
                      {"why", text, false, "Needed for noted and reopened"}};
    }
    add(inside_route(get, "/v1/approvals", "listApprovals", "What waits for a second person",
                     work_view, "Approvals", approvals))
        .list = true;
    add(inside_route(post, "/v1/approvals/{approval}/decision", "decideApproval",
                     "Agree or decline as the second person", work_approve, "Approval",
                     decide_approval))
        .body = {{"verdict", text, true, "approve or decline"},
                 {"why", text, true, "Kept with the decision"}};
    add_job_routes(table);
}

}  // namespace watthour::api
