// SPDX-License-Identifier: Apache-2.0
#include "storage/job_rows.hpp"

#include <algorithm>

namespace watthour::storage {
namespace {

using jobs::Job;
using jobs::JobId;
using jobs::Unit;

const Query insert_job(
    "INSERT INTO jobs (job_id, kind, request_key, parameters, state, requested_by, requested_at, "
    "not_before, finished_at, result) VALUES ($1, $2, $3, $4, 'open', $5, $6, $7, 0, '') "
    "ON CONFLICT DO NOTHING");
const Query insert_unit(
    "INSERT INTO job_units (job_id, unit_number, parameters, state, worker, lease_until, "
    "not_before, attempts, started_at, finished_at, result, problem) "
    "VALUES ($1, $2, $3, 'waiting', '', 0, 0, 0, 0, 0, '', '')");
constexpr const char* job_columns =
    "SELECT job_id, kind, request_key, parameters, state, requested_by, requested_at, not_before, "
    "finished_at, result FROM jobs ";
const Query select_job(job_columns, "WHERE job_id = $1");
const Query select_jobs(job_columns, "ORDER BY requested_at DESC, job_id");
const Query select_open_jobs(job_columns,
                             "WHERE state <> 'done' ORDER BY requested_at DESC, job_id");
const Query select_open_like(job_columns,
                             "WHERE state = 'open' AND kind = $1 AND parameters = $2 "
                             "ORDER BY requested_at, job_id LIMIT 1");
const Query count_like("SELECT count(*) FROM jobs WHERE kind = $1 AND parameters = $2");
constexpr const char* unit_columns =
    "SELECT job_id, unit_number, parameters, state, worker, lease_until, not_before, attempts, "
    "started_at, finished_at, result, problem FROM job_units ";
const Query select_units(unit_columns, "WHERE job_id = $1 ORDER BY unit_number");
const Query select_progress(
    "SELECT state, count(*), COALESCE(min(CASE WHEN started_at > 0 THEN started_at END), 0), "
    "max(finished_at) FROM job_units WHERE job_id = $1 AND unit_number > 0 GROUP BY state");
// Jobs are not locked, only the unit: workers of one job pass each other.
const Query select_claimable(
    unit_columns,
    "WHERE job_id IN (SELECT j.job_id FROM jobs j WHERE j.state = 'open' AND j.not_before <= $2) "
    "AND (job_id = $1 OR $1 = 0) "
    "AND ((state = 'waiting' AND not_before <= $2) OR (state = 'claimed' AND lease_until < $2)) "
    "AND (unit_number > 0 OR NOT EXISTS (SELECT 1 FROM job_units o WHERE o.job_id = "
    "job_units.job_id AND o.unit_number > 0 AND o.state <> 'done')) "
    "ORDER BY job_id, unit_number LIMIT 1 ${SKIP_LOCKED}");
const Query claim_unit(
    "UPDATE job_units SET state = 'claimed', worker = $3, lease_until = $4, attempts = attempts + "
    "1, started_at = $5 WHERE job_id = $1 AND unit_number = $2");
const Query end_unit(
    "UPDATE job_units SET state = $5, result = $6, problem = $7, finished_at = $8, not_before = "
    "$9, "
    "worker = '' WHERE job_id = $1 AND unit_number = $2 AND worker = $3 AND attempts = $4 "
    "AND state = 'claimed'");
const Query finish_job(
    "UPDATE jobs SET state = 'done', result = $2, finished_at = $3 WHERE job_id = $1 "
    "AND state <> 'done'");
const Query update_state(
    "UPDATE jobs SET state = $2 WHERE job_id = $1 AND state <> 'done' AND state <> $2");
const Query update_parked(
    "UPDATE job_units SET state = 'waiting', attempts = 0, not_before = 0 WHERE job_id = $1 "
    "AND state = 'parked'");
const Query select_workers(
    "SELECT DISTINCT worker FROM job_units WHERE state = 'claimed' ORDER BY worker");
const Query release_worker(
    "UPDATE job_units SET state = 'waiting', worker = '' WHERE state = 'claimed' AND worker = $1");
const Query put_schedule_row(
    "INSERT INTO job_schedules (name, kind, parameters, minute_of_day, days) "
    "VALUES ($1, $2, $3, $4, $5) ON CONFLICT (name) DO UPDATE SET kind = excluded.kind, "
    "parameters = excluded.parameters, minute_of_day = excluded.minute_of_day, "
    "days = excluded.days");
const Query delete_schedule("DELETE FROM job_schedules WHERE name = $1");
const Query select_schedules(
    "SELECT name, kind, parameters, minute_of_day, days FROM job_schedules ORDER BY name");

Job job_row(Statement& row) {
    return {{row.integer(0)}, row.text(1),    row.text(2),    row.text(3),    row.text(4),
            row.text(5),      row.integer(6), row.integer(7), row.integer(8), row.text(9)};
}

Unit unit_row(Statement& row) {
    return {{row.integer(0)}, row.integer(1), row.text(2),    row.text(3),
            row.text(4),      row.integer(5), row.integer(6), row.integer(7),
            row.integer(8),   row.integer(9), row.text(10),   row.text(11)};
}

std::vector<Job> job_list(Statement select) {
    std::vector<Job> jobs;
    while (select.step()) jobs.push_back(job_row(select));
    return jobs;
}

struct UnitEnd {
    const char* state;
    std::string result;
    std::string problem;
    std::int64_t finished_at = 0;
    std::int64_t not_before = 0;
};

void end(Database& database, const Unit& unit, const UnitEnd& how) {
    database.prepare(end_unit)
        .bind(1, unit.job.value)
        .bind(2, unit.number)
        .bind(3, unit.worker)
        .bind(4, unit.attempts)
        .bind(5, how.state)
        .bind(6, how.result)
        .bind(7, how.problem)
        .bind(8, how.finished_at)
        .bind(9, how.not_before)
        .run();
}

}  // namespace

bool JobRows::add(const Job& job, const std::vector<Unit>& units) {
    const bool fresh = database_.prepare(insert_job)
                           .bind(1, job.id.value)
                           .bind(2, job.kind)
                           .bind(3, job.request_key)
                           .bind(4, job.parameters)
                           .bind(5, job.requested_by)
                           .bind(6, job.requested_at)
                           .bind(7, job.not_before)
                           .run_unless_taken();
    if (!fresh) return false;
    Statement insert = database_.prepare(insert_unit);
    for (const Unit& unit : units) {
        insert.bind(1, job.id.value).bind(2, unit.number).bind(3, unit.parameters).run();
    }
    return true;
}

std::optional<Job> JobRows::find(JobId job) {
    Statement select = database_.prepare(select_job);
    select.bind(1, job.value);
    if (!select.step()) return std::nullopt;
    return job_row(select);
}

std::vector<Job> JobRows::list(bool open_only) {
    return job_list(database_.prepare(open_only ? select_open_jobs : select_jobs));
}

std::optional<Job> JobRows::find_open(const std::string& kind, const std::string& parameters) {
    Statement select = database_.prepare(select_open_like);
    select.bind(1, kind).bind(2, parameters);
    if (!select.step()) return std::nullopt;
    return job_row(select);
}

std::int64_t JobRows::count_of(const std::string& kind, const std::string& parameters) {
    Statement select = database_.prepare(count_like);
    select.bind(1, kind).bind(2, parameters);
    return select.step() ? select.integer(0) : 0;
}

std::vector<Unit> JobRows::units(JobId job) {
    std::vector<Unit> units;
    Statement select = database_.prepare(select_units);
    select.bind(1, job.value);
    while (select.step()) units.push_back(unit_row(select));
    return units;
}

jobs::Progress JobRows::progress(JobId job) {
    jobs::Progress progress;
    Statement select = database_.prepare(select_progress);
    select.bind(1, job.value);
    while (select.step()) {
        const std::string state = select.text(0);
        const std::int64_t count = select.integer(1);
        if (state == "waiting") progress.waiting = count;
        if (state == "claimed") progress.claimed = count;
        if (state == "done") progress.done = count;
        if (state == "parked") progress.parked = count;
        const std::int64_t start = select.integer(2);
        if (start > 0 && (progress.first_start == 0 || start < progress.first_start)) {
            progress.first_start = start;
        }
        progress.last_finish = std::max(progress.last_finish, select.integer(3));
    }
    return progress;
}

/// Inside a transaction; of any job for the id 0.
std::optional<Unit> JobRows::claim_one(JobId of, const std::string& worker, std::int64_t now,
                                       std::int64_t lease_until) {
    std::optional<Unit> unit;
    {
        Statement select = database_.prepare(select_claimable);
        select.bind(1, of.value).bind(2, now);
        if (!select.step()) return std::nullopt;
        unit = unit_row(select);
    }
    database_.prepare(claim_unit)
        .bind(1, unit->job.value)
        .bind(2, unit->number)
        .bind(3, worker)
        .bind(4, lease_until)
        .bind(5, now)
        .run();
    unit->worker = worker;
    unit->lease_until = lease_until;
    unit->started_at = now;
    ++unit->attempts;
    return unit;
}

std::optional<Unit> JobRows::claim(std::optional<JobId> of, const std::string& worker,
                                   std::int64_t now, std::int64_t lease_until) {
    Transaction transaction(database_);
    auto unit = claim_one(of.value_or(JobId{0}), worker, now, lease_until);
    if (unit) transaction.commit();
    return unit;
}

std::optional<Unit> JobRows::claim_in_order(const jobs::MayBegin& may_begin,
                                            std::optional<JobId> of, const std::string& worker,
                                            std::int64_t now, std::int64_t lease_until) {
    Transaction transaction(database_);
    // Who sees a job sees whatever was put in before it: only jobs of this list are given out.
    auto not_done = list(true);
    std::sort(not_done.begin(), not_done.end(),
              [](const Job& a, const Job& b) { return a.id < b.id; });
    for (const Job& job : not_done) {
        if (job.state != "open" || job.not_before > now || (of && *of != job.id)) continue;
        if (!may_begin(job, not_done)) continue;
        if (auto unit = claim_one(job.id, worker, now, lease_until)) {
            transaction.commit();
            return unit;
        }
    }
    return std::nullopt;
}

void JobRows::finish(const Unit& unit, const std::string& result, std::int64_t now) {
    end(database_, unit, {"done", result, "", now, 0});
}

void JobRows::give_back(const Unit& unit, const std::string& problem, std::int64_t not_before) {
    end(database_, unit, {"waiting", "", problem, 0, not_before});
}

void JobRows::park(const Unit& unit, const std::string& problem) {
    end(database_, unit, {"parked", "", problem, 0, 0});
}

void JobRows::finish(JobId job, const std::string& result, std::int64_t now) {
    database_.prepare(finish_job).bind(1, job.value).bind(2, result).bind(3, now).run();
}

bool JobRows::set_state(JobId job, const std::string& state) {
    return database_.prepare(update_state).bind(1, job.value).bind(2, state).run() > 0;
}

std::int64_t JobRows::retry_parked(JobId job) {
    return database_.prepare(update_parked).bind(1, job.value).run();
}

std::vector<std::string> JobRows::workers() {
    std::vector<std::string> names;
    Statement select = database_.prepare(select_workers);
    while (select.step()) names.push_back(select.text(0));
    return names;
}

void JobRows::release(const std::string& worker) {
    database_.prepare(release_worker).bind(1, worker).run();
}

void JobRows::put_schedule(const jobs::Schedule& schedule) {
    database_.prepare(put_schedule_row)
        .bind(1, schedule.name)
        .bind(2, schedule.kind)
        .bind(3, schedule.parameters)
        .bind(4, std::int64_t{schedule.minute_of_day})
        .bind(5, jobs::to_text(schedule.days))
        .run();
}

bool JobRows::remove_schedule(const std::string& name) {
    return database_.prepare(delete_schedule).bind(1, name).run() > 0;
}

std::vector<jobs::Schedule> JobRows::schedules() {
    std::vector<jobs::Schedule> schedules;
    Statement select = database_.prepare(select_schedules);
    while (select.step()) {
        schedules.push_back(
            {select.text(0), select.text(1), select.text(2), static_cast<int>(select.integer(3)),
             select.text(4) == "every_day" ? jobs::Days::every_day : jobs::Days::business_days});
    }
    return schedules;
}

}  // namespace watthour::storage
