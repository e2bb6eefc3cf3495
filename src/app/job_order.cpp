// SPDX-License-Identifier: Apache-2.0
#include "app/job_order.hpp"

#include "app/audit_trail.hpp"
#include "app/authorize.hpp"
#include "app/errors.hpp"
#include "app/job_kinds.hpp"
#include "app/views.hpp"
#include "base/text.hpp"
#include "jobs/errors.hpp"

#include <fmt/format.h>

namespace watthour::app {
namespace {

/// The date of a job as its parameters say it; empty where its kind has none.
std::string date_of(const jobs::Job& job, const JobKind& kind) {
    if (kind.dated_by.empty()) return {};
    const auto parsed = parse_json(job.parameters, "job");
    if (!parsed || !parsed->is_object()) return {};
    const auto* date = parsed->as_object().if_contains(kind.dated_by);
    return date != nullptr && date->is_string() ? std::string(date->as_string()) : std::string();
}

AwaitedJob looked_at(Office& office, const jobs::Job& job) {
    AwaitedJob awaited{job, 0, {}, job.state == "stopped"};
    std::int64_t under_way = 0;
    for (const auto& unit : office.jobs().units(job.id)) {
        if (unit.state == "parked" && awaited.parked++ == 0) awaited.problem = unit.problem;
        const bool goes_on = unit.state == "waiting" || unit.state == "claimed";
        if (goes_on && unit.number > 0) ++under_way;
    }
    awaited.stuck = awaited.stuck || (awaited.parked > 0 && under_way == 0);
    return awaited;
}

}  // namespace

std::vector<AwaitedJob> awaited_by(Office& office, const jobs::Job& job,
                                   const std::vector<jobs::Job>& not_done) {
    std::vector<AwaitedJob> awaited;
    const auto kind = find_job_kind(job.kind);
    if (!kind || (*kind)->after.empty()) return awaited;
    const std::string date = date_of(job, **kind);
    for (const ComesAfter& before : (*kind)->after) {
        const auto earlier = find_job_kind(std::string(before.kind));
        WH_CHECK(earlier.has_value(), "a kind of job comes after one that is not there");
        for (const auto& other : not_done) {
            if (other.kind != before.kind || other.id == job.id) continue;
            if (date.empty() || date_of(other, **earlier) != date) continue;
            AwaitedJob found = looked_at(office, other);
            if (found.stuck && before.when_stuck == WhenStuck::lets_go) continue;
            awaited.push_back(std::move(found));
        }
    }
    return awaited;
}

std::vector<AwaitedJob> awaited_by(Office& office, const jobs::Job& job) {
    if (job.state == "done") return {};
    return awaited_by(office, job, office.jobs().list(true));
}

json::object job_view(Office& office, const jobs::Job& job) {
    json::object view = to_json(job, office.jobs().progress(job.id), office.clock().now());
    json::array awaited;
    for (const AwaitedJob& one : awaited_by(office, job)) {
        awaited.push_back(json::object{{"job", std::to_string(one.job.id.value)},
                                       {"kind", one.job.kind},
                                       {"stuck", one.stuck},
                                       {"problem", one.problem}});
    }
    view["waits_for"] = std::move(awaited);
    return view;
}

Result<jobs::Job> give_up_job(Office& office, jobs::JobId id, const std::string& why) {
    TRY_DONE(authorize(office, access::permissions::job_manage));
    const std::string name = std::to_string(id.value);
    if (trimmed(why).empty()) return Error(errors::reason_missing, {{"item", "job " + name}});
    const auto job = office.jobs().find(id);
    if (!job) return Error(jobs::errors::job_unknown, {{"job", name}});
    if (job->state == "done") return Error(jobs::errors::job_done, {{"job", name}});
    const auto progress = office.jobs().progress(id);
    if (progress.claimed > 0) {
        return Error(jobs::errors::units_under_way,
                     {{"job", name}, {"count", std::to_string(progress.claimed)}});
    }
    storage::Transaction transaction(office.database(), office.business_date());
    office.jobs().finish(id, to_text(json::object{{"given_up", why}, {"by", office.actor().name}}),
                         office.clock().now());
    record(office, access::permissions::job_manage,
           {0, "job:" + name, fmt::format("{} {}", job->kind, job->state),
            fmt::format("given up, {} of {} units done", progress.done, progress.all()), why, 0});
    transaction.commit();
    return *office.jobs().find(id);
}

}  // namespace watthour::app
