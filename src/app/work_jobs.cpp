// SPDX-License-Identifier: Apache-2.0
#include "app/work_jobs.hpp"

#include "app/authorize.hpp"
#include "app/head_end.hpp"
#include "app/job_kinds.hpp"
#include "app/job_order.hpp"
#include "base/text.hpp"
#include "jobs/errors.hpp"
#include "worklist/told.hpp"

#include <fmt/format.h>

#include <atomic>
#include <chrono>
#include <fstream>
#include <set>
#include <thread>
#include <unistd.h>

namespace watthour::app {
namespace {

using jobs::Job;
using jobs::JobId;
using jobs::Unit;

/// Ticks since boot at which a process began; empty when there is none of that number.
std::string start_of_process(const std::string& number) {
    std::ifstream file("/proc/" + number + "/stat");
    std::string text((std::istreambuf_iterator<char>(file)), {});
    // The name in brackets may hold blanks; the 20th word after it is the start.
    const std::size_t bracket = text.rfind(')');
    if (bracket == std::string::npos) return {};
    const auto words = split_text(std::string_view(text).substr(bracket + 2), ' ');
    // A process that is gone and not yet waited for is a zombie.
    if (words.size() < 20 || words[0] == "Z") return {};
    return std::string(words[19]);
}

std::string host_name() {
    char name[256] = {};
    if (::gethostname(name, sizeof name - 1) != 0) return "host";
    std::string text(name);
    for (char& c : text) c = c == '/' ? '-' : c;
    return text;
}

Result<json::object> object_of(const std::string& text) {
    if (text.empty()) return json::object{};
    TRY(auto value, parse_json(text, "job"));
    return value.as_object();
}

/// What no repetition helps is put before a person. `evidence` and `next_step` are told.
void open_parked_item(Office& office, const Job& job, const Unit& unit, json::object evidence,
                      json::object next_step) {
    worklist::WorkItem item;
    item.kind = "job_parked";
    item.cause = "job." + job.kind;
    item.subject = fmt::format("{}|{}|{}", job.kind, job.id.value, unit.number);
    item.id = worklist::work_item_id(item.kind, 0, item.subject);
    item.evidence = worklist::stored(std::move(evidence));
    item.next_step = worklist::stored(std::move(next_step));
    item.opened_on = office.business_date();
    item.recurs = true;
    storage::with_retries([&] {
        storage::Transaction transaction(office.database(), office.business_date());
        (void)office.work().open({item});
        transaction.commit();
    });
}

void open_parked_item(Office& office, const Job& job, const Unit& unit,
                      const std::string& problem) {
    const std::string name = std::to_string(job.id.value);
    open_parked_item(office, job, unit,
                     worklist::tell("told.job.parked", {{"job", name},
                                                        {"kind", job.kind},
                                                        {"unit", std::to_string(unit.number)},
                                                        {"problem", problem}}),
                     worklist::tell("told.job.parked.next", {{"job", name}}));
}

Result<json::object> do_unit(Office& office, const Job& job, const Unit& unit) {
    TRY(const JobKind* kind, find_job_kind(job.kind));
    office.act_as(job.requested_by);
    TRY_DONE(authorize(office, *kind->permission));
    TRY(const auto parameters, object_of(job.parameters));
    if (unit.number > 0) {
        TRY(const auto of_unit, object_of(unit.parameters));
        return kind->run(office, parameters, of_unit);
    }
    std::vector<json::object> results;
    for (const Unit& one : office.jobs().units(job.id)) {
        if (one.number == 0) continue;
        TRY(auto result, object_of(one.result));
        results.push_back(std::move(result));
    }
    return kind->finish(office, job, parameters, results);
}

/// The end of an attempt that threw: to be tried again, or parked after the last.
bool give_back_or_park(Office& office, const Job& job, const Unit& unit, const std::string& why) {
    const std::int64_t now = office.clock().now();
    if (unit.attempts < jobs::most_attempts) {
        office.jobs().give_back(unit, why, now + jobs::rest_after(unit.attempts));
        return false;
    }
    office.jobs().park(unit, why);
    open_parked_item(office, job, unit, why);
    return true;
}

void work_unit(Office& office, const Job& job, const Unit& unit, WorkOutcome& outcome) {
    const auto count = [&](bool parked) { ++(parked ? outcome.parked : outcome.returned); };
    try {
        const auto result = do_unit(office, job, unit);
        if (!result) {
            const std::string why = result.error().message() + " " + result.error().next();
            office.jobs().park(unit, why);
            open_parked_item(office, job, unit, why);
            count(true);
            return;
        }
        const std::string text = to_text(*result);
        const std::int64_t now = office.clock().now();
        // Together, or a command would wait for ever for a job whose units are all done.
        storage::with_retries([&] {
            storage::Transaction transaction(office.database());
            office.jobs().finish(unit, text, now);
            if (unit.number == 0) office.jobs().finish(job.id, text, now);
            transaction.commit();
        });
        ++outcome.done;
    } catch (const storage::ConnectionLost&) {
        throw;  // the lease ends by itself, the command waits for the server
    } catch (const storage::Contention& busy) {
        count(give_back_or_park(office, job, unit, busy.what()));
    } catch (const storage::KeyTaken& taken) {
        count(give_back_or_park(office, job, unit, taken.what()));
    } catch (const EnvironmentError&) {
        throw;  // a full disk is nobody's unit's fault
    } catch (const std::exception& defect) {
        count(give_back_or_park(office, job, unit, defect.what()));
    }
}

Error held_back(const Job& job, const AwaitedJob& awaited) {
    const std::string why =
        awaited.job.state == "stopped"
            ? std::string("it is stopped")
            : fmt::format("{} of its units are parked: {}", awaited.parked, awaited.problem);
    return Error(jobs::errors::job_waits, {{"job", std::to_string(job.id.value)},
                                           {"kind", job.kind},
                                           {"other", std::to_string(awaited.job.id.value)},
                                           {"other_kind", awaited.job.kind},
                                           {"why", why}});
}

json::object why_stuck(const AwaitedJob& awaited) {
    if (awaited.job.state == "stopped") return worklist::tell("told.job.is_stopped");
    return worklist::tell("told.job.has_parked",
                          {{"n", std::to_string(awaited.parked)}, {"problem", awaited.problem}});
}

/// Jobs that wait for one which cannot end by itself are put before a person, or nobody would know
/// why nothing happens. Once for each by this worker.
void report_held_back(Office& office, std::set<JobId>& said) {
    const auto not_done = office.jobs().list(true);
    std::vector<worklist::WorkItem> items;
    for (const Job& job : not_done) {
        if (job.state != "open" || said.contains(job.id)) continue;
        for (const AwaitedJob& awaited : awaited_by(office, job, not_done)) {
            if (!awaited.stuck) continue;
            worklist::WorkItem item;
            item.kind = "job_waits";
            item.cause = "job." + job.kind;
            item.subject = fmt::format("{}|{}|{}", job.kind, job.id.value, awaited.job.id.value);
            item.id = worklist::work_item_id(item.kind, 0, item.subject);
            const std::string other = std::to_string(awaited.job.id.value);
            item.evidence = worklist::stored(
                worklist::tell("told.job.waits", {{"job", std::to_string(job.id.value)},
                                                  {"kind", job.kind},
                                                  {"other", other},
                                                  {"other_kind", awaited.job.kind},
                                                  {"why", why_stuck(awaited)},
                                                  {"parameters", job.parameters}}));
            item.next_step =
                worklist::stored(worklist::tell("told.job.waits.next", {{"other", other}}));
            item.opened_on = office.business_date();
            item.recurs = true;
            items.push_back(std::move(item));
            said.insert(job.id);
        }
    }
    if (items.empty()) return;
    storage::with_retries([&] {
        storage::Transaction transaction(office.database(), office.business_date());
        (void)office.work().open(items);
        transaction.commit();
    });
}

void take_over_from_the_dead(Office& office) {
    for (const std::string& worker : office.jobs().workers()) {
        if (!may_live(worker)) office.jobs().release(worker);
    }
}

/// Requests to meters that are due, where there is a line by which they can be sent again. Who may
/// not ask meters leaves them to other workers.
void ask_for_head_end(Office& office) {
    if (office.line() == nullptr || !head_end_is_due(office)) return;
    if (!read_head_end_settings(office)) return;
    (void)submit_job(office, {"head_end_poll", {}, {}, 0});
}

}  // namespace

std::string worker_name() {
    static std::atomic<int> count{0};
    const std::string number = std::to_string(::getpid());
    return fmt::format("{}/{}/{}/{}", host_name(), number, start_of_process(number), ++count);
}

bool may_live(const std::string& worker) {
    const auto parts = split_text(worker, '/');
    if (parts.size() != 4 || parts[0] != host_name()) return true;
    return start_of_process(std::string(parts[1])) == parts[2];
}

Result<Job> submit_job(Office& office, const JobRequest& request) {
    TRY(const JobKind* kind, find_job_kind(request.kind));
    TRY_DONE(authorize(office, *kind->permission));
    TRY(const auto parameters, check_parameters(office, *kind, request.parameters));
    const std::string text = to_text(parameters);
    return storage::with_retries([&]() -> Result<Job> {
        Job job;
        job.kind = request.kind;
        job.parameters = text;
        job.requested_by = office.actor().name;
        job.requested_at = office.clock().now();
        job.not_before = request.not_before;
        job.request_key = request.key;
        if (request.key.empty()) {
            if (auto open = office.jobs().find_open(job.kind, text)) return *std::move(open);
            job.request_key =
                fmt::format("{}:{}:{}", job.kind, text, office.jobs().count_of(job.kind, text) + 1);
        }
        job.id = {id_from_key("job", job.request_key)};
        if (auto known = office.jobs().find(job.id)) return *std::move(known);
        TRY(const auto planned, kind->plan(office, parameters));
        std::vector<Unit> units(planned.size() + 1);
        for (std::size_t i = 0; i < planned.size(); ++i) {
            units[i + 1].number = static_cast<std::int64_t>(i) + 1;
            units[i + 1].parameters = to_text(planned[i]);
        }
        storage::Transaction transaction(office.database());
        const bool fresh = office.jobs().add(job, units);
        transaction.commit();
        if (!fresh) return *office.jobs().find(job.id);
        job.state = "open";
        return job;
    });
}

WorkOutcome work_jobs(Office& office, const WorkOptions& options, const WorkProgress& progress) {
    const std::string worker = worker_name();
    const std::string myself = office.actor().name;
    WorkOutcome outcome;
    std::set<JobId> said;
    for (;;) {
        const std::int64_t now = office.clock().now();
        if (options.schedules) {
            office.act_as(myself);
            ask_for_due(office);
        }
        const auto claim = [&] {
            return storage::with_retries([&] {
                return office.jobs().claim_in_order(
                    [&](const Job& job, const std::vector<Job>& not_done) {
                        return awaited_by(office, job, not_done).empty();
                    },
                    options.only, worker, now, now + options.lease_seconds);
            });
        };
        auto unit = claim();
        if (!unit) {
            take_over_from_the_dead(office);
            unit = claim();
        }
        if (unit) {
            const auto job = office.jobs().find(unit->job);
            work_unit(office, *job, *unit, outcome);
            if (progress) progress(*unit, office.jobs().progress(unit->job));
            continue;
        }
        report_held_back(office, said);
        if (options.until_idle) break;
        std::this_thread::sleep_for(std::chrono::milliseconds(options.poll_milliseconds));
    }
    office.act_as(myself);
    return outcome;
}

Result<json::object> finish_job(Office& office, JobId id, const WorkProgress& progress) {
    WorkOptions options;
    options.only = id;
    for (;;) {
        (void)work_jobs(office, options, progress);
        const auto job = office.jobs().find(id);
        const std::string name = std::to_string(id.value);
        if (!job) return Error(jobs::errors::job_unknown, {{"job", name}});
        if (job->state == "done") return object_of(job->result);
        const auto all = office.jobs().progress(id);
        const std::string done = std::to_string(all.done);
        const std::string of = std::to_string(all.all());
        if (job->state == "stopped") {
            return Error(jobs::errors::job_stopped, {{"job", name}, {"done", done}, {"of", of}});
        }
        // What must end before it is worked first; where that cannot end, nobody waits for ever.
        for (const AwaitedJob& awaited : awaited_by(office, *job)) {
            if (awaited.stuck) return held_back(*job, awaited);
            WorkOptions before = options;
            before.only = awaited.job.id;
            (void)work_jobs(office, before, progress);
        }
        // Unit 0 is parked as well as others; it is no part of the progress.
        std::int64_t parked = 0;
        std::int64_t under_way = 0;
        std::string problem;
        for (const Unit& unit : office.jobs().units(id)) {
            if (unit.state == "parked" && parked++ == 0) problem = unit.problem;
            if (unit.number > 0 && (unit.state == "waiting" || unit.state == "claimed"))
                ++under_way;
        }
        if (parked > 0 && under_way == 0) {
            return Error(jobs::errors::units_parked, {{"job", name},
                                                      {"count", std::to_string(parked)},
                                                      {"done", done},
                                                      {"of", of},
                                                      {"problem", problem}});
        }
        std::this_thread::sleep_for(std::chrono::milliseconds(50));
    }
}

void ask_for_due(Office& office) {
    const Instant now{office.clock().now()};
    const Date date = office.zone().date_of(now);
    const int minute = office.zone().wall_second_of(now) / 60;
    for (const auto& schedule : office.jobs().schedules()) {
        if (!jobs::is_due(schedule, date, minute, office.catalogue().office_holidays)) continue;
        const std::string key = fmt::format("schedule:{}:{}", schedule.name, date.to_string());
        if (office.jobs().find({id_from_key("job", key)})) continue;
        const auto parameters = object_of(schedule.parameters);
        if (!parameters) continue;
        const auto job = submit_job(office, {schedule.kind, *parameters, key, 0});
        if (job) continue;
        Job refused;
        refused.kind = schedule.kind;
        open_parked_item(office, refused, {},
                         worklist::tell("told.job.not_asked", {{"schedule", schedule.name},
                                                               {"kind", schedule.kind},
                                                               {"problem", job.error().message()}}),
                         worklist::tell("told.job.not_asked.next"));
    }
    ask_for_head_end(office);
}

}  // namespace watthour::app
