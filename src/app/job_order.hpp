// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "app/office.hpp"
#include "base/json.hpp"

#include <string>
#include <vector>

namespace watthour::app {

/// A job that another waits for.
struct AwaitedJob {
    jobs::Job job;
    std::int64_t parked = 0;  ///< units of it
    std::string problem;      ///< of the first parked one
    bool stuck = false;       ///< it cannot end before a person does something
};

/// The jobs that must end before a job begins: those of the kinds that its kind comes after, of
/// the same date and not done. One that is stuck counts only where it holds the others back.
/// `not_done` are all jobs that are not done.
[[nodiscard]] std::vector<AwaitedJob> awaited_by(Office& office, const jobs::Job& job,
                                                 const std::vector<jobs::Job>& not_done);
[[nodiscard]] std::vector<AwaitedJob> awaited_by(Office& office, const jobs::Job& job);

/// A job with its progress and what it waits for.
[[nodiscard]] json::object job_view(Office& office, const jobs::Job& job);

/// Ends a job that will not be done any more, so that what waits for it begins without it. Its
/// units stay as they are; the reason stands in its result and in the audit trail.
/// Errors: jobs.job_unknown, jobs.job_done, jobs.units_under_way, app.reason_missing,
///         access.not_allowed.
[[nodiscard]] Result<jobs::Job> give_up_job(Office& office, jobs::JobId id, const std::string& why);

}  // namespace watthour::app
