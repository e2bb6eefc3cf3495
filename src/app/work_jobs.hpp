// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "app/office.hpp"
#include "base/json.hpp"

#include <functional>
#include <optional>
#include <string>

namespace watthour::app {

struct JobRequest {
    std::string kind;
    json::object parameters;
    std::string key;              ///< one key, one job; empty: see submit_job
    std::int64_t not_before = 0;  ///< seconds of UTC; 0 = at once
};

/// Asks for a job: it is planned and stands in the queue. With a key that was used before, the job
/// of then is answered. Without one, an open job of the same kind and parameters is joined, else a
/// new one is made. Errors: jobs.*, access.not_allowed, those of the kind's plan.
[[nodiscard]] Result<jobs::Job> submit_job(Office& office, const JobRequest& request);

struct WorkOptions {
    std::optional<jobs::JobId> only;  ///< of one job; else of any
    bool until_idle = true;           ///< end when nothing can be done now; else wait for more
    bool schedules = false;           ///< ask for what the clock asks for
    std::int64_t lease_seconds = 120;
    std::int64_t poll_milliseconds = 500;
};

struct WorkOutcome {
    std::int64_t done = 0;
    std::int64_t parked = 0;
    std::int64_t returned = 0;  ///< failed, to be tried again
};

using WorkProgress = std::function<void(const jobs::Unit& unit, const jobs::Progress& progress)>;

/// Claims units and does them, in the name of who asked for each. Any number of processes on any
/// machines do the same at once. Units of workers of this machine that are gone are taken over at
/// once, those of others when their lease has run out. A full disk or a lost server is thrown.
WorkOutcome work_jobs(Office& office, const WorkOptions& options,
                      const WorkProgress& progress = {});

/// Works a job to its end together with whoever else does, and answers its result.
/// Errors: jobs.job_stopped, jobs.units_parked.
[[nodiscard]] Result<json::object> finish_job(Office& office, jobs::JobId job,
                                              const WorkProgress& progress = {});

/// Asks for the schedules that are due now by the utility's wall clock, each once a day.
void ask_for_due(Office& office);

/// "host/process/start": a worker that is gone is told from a new process of the same number.
[[nodiscard]] std::string worker_name();
/// False only where the worker was of this machine and its process is gone.
[[nodiscard]] bool may_live(const std::string& worker);

}  // namespace watthour::app
