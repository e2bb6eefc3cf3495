// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "base/clock.hpp"
#include "base/ids.hpp"
#include "calendar/holidays.hpp"

#include <cstdint>
#include <functional>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace watthour::jobs {

using JobId = Id<struct JobTag>;

/// Work that outlives the command that asked for it: of a kind, with parameters, in units that any
/// worker may claim. Its id comes from the request's key, so that one request is one job.
struct Job {
    JobId id;
    std::string kind;
    std::string request_key;
    std::string parameters;         ///< JSON, checked when it was asked for
    std::string state;              ///< open, stopped, done
    std::string requested_by;       ///< it is done in the name of this user
    std::int64_t requested_at = 0;  ///< seconds of UTC
    std::int64_t not_before = 0;    ///< seconds of UTC; 0 = at once
    std::int64_t finished_at = 0;   ///< 0 while it is not done
    std::string result;             ///< JSON, once it is done
};

/// A part of a job that is done as a whole, for instance 500 accounts of a cycle. Unit 0 is what is
/// done when all others are.
struct Unit {
    JobId job;
    std::int64_t number = 0;
    std::string parameters;  ///< JSON
    std::string state;       ///< waiting, claimed, done, parked
    std::string worker;
    std::int64_t lease_until = 0;  ///< a claimed unit is anybody's again after it
    std::int64_t not_before = 0;
    std::int64_t attempts = 0;
    std::int64_t started_at = 0;
    std::int64_t finished_at = 0;
    std::string result;   ///< JSON of a unit that is done
    std::string problem;  ///< why the last attempt failed
};

/// Units by state, for a bar and an estimate.
struct Progress {
    std::int64_t waiting = 0;
    std::int64_t claimed = 0;
    std::int64_t done = 0;
    std::int64_t parked = 0;
    std::int64_t first_start = 0;
    std::int64_t last_finish = 0;
    [[nodiscard]] std::int64_t all() const { return waiting + claimed + done + parked; }
    /// Seconds until the last unit is done at the pace so far; nothing before one is done.
    [[nodiscard]] std::optional<std::int64_t> seconds_left(std::int64_t now) const;
};

/// How often a unit is tried and how long it rests in between: 5, 30 seconds.
inline constexpr int most_attempts = 3;
[[nodiscard]] std::int64_t rest_after(std::int64_t attempts);

enum class Days { every_day, business_days };

/// A job that is asked for by the clock, once on each of its days.
struct Schedule {
    std::string name;
    std::string kind;
    std::string parameters;
    int minute_of_day = 0;  ///< by the utility's wall clock
    Days days = Days::business_days;
};

/// Whether a schedule is due at a local date and minute; it is due for the rest of the day.
[[nodiscard]] bool is_due(const Schedule& schedule, Date date, int minute_of_day,
                          const Holidays& closed);
/// "21:30" as minutes. Errors: jobs.time_malformed.
[[nodiscard]] Result<int> parse_time_of_day(const std::string& text);
[[nodiscard]] std::string time_of_day(int minute_of_day);
[[nodiscard]] std::string to_text(Days days);

/// Whether a job may begin beside all jobs that are not done, itself among them: false while one of
/// them must have ended before.
using MayBegin = std::function<bool(const Job& job, const std::vector<Job>& not_done)>;

class JobStore {
public:
    virtual ~JobStore() = default;
    /// Adds a job with its units, inside a transaction; false when there is one of that id.
    [[nodiscard]] virtual bool add(const Job& job, const std::vector<Unit>& units) = 0;
    [[nodiscard]] virtual std::optional<Job> find(JobId job) = 0;
    /// The newest first; `open_only` leaves out what is done.
    [[nodiscard]] virtual std::vector<Job> list(bool open_only) = 0;
    /// An open job of the kind with exactly these parameters.
    [[nodiscard]] virtual std::optional<Job> find_open(const std::string& kind,
                                                       const std::string& parameters) = 0;
    [[nodiscard]] virtual std::int64_t count_of(const std::string& kind,
                                                const std::string& parameters) = 0;
    [[nodiscard]] virtual std::vector<Unit> units(JobId job) = 0;
    [[nodiscard]] virtual Progress progress(JobId job) = 0;
    /// A unit nobody has, or whose lease has run out; it is then the worker's until the lease ends.
    /// Unit 0 is given out when all others are done. Of one job, or of any. In its own transaction.
    [[nodiscard]] virtual std::optional<Unit> claim(std::optional<JobId> of,
                                                    const std::string& worker, std::int64_t now,
                                                    std::int64_t lease_until) = 0;
    /// The same in order: a job that may not begin gives out nothing. It is asked inside the
    /// transaction of the claim, so that a job which was put in before another holds it back
    /// whichever worker comes first.
    [[nodiscard]] virtual std::optional<Unit> claim_in_order(const MayBegin& may_begin,
                                                             std::optional<JobId> of,
                                                             const std::string& worker,
                                                             std::int64_t now,
                                                             std::int64_t lease_until) = 0;
    /// The end of an attempt; nothing happens where another worker has the unit by now.
    virtual void finish(const Unit& unit, const std::string& result, std::int64_t now) = 0;
    virtual void give_back(const Unit& unit, const std::string& problem,
                           std::int64_t not_before) = 0;
    virtual void park(const Unit& unit, const std::string& problem) = 0;
    /// Ends a job whose unit 0 is done.
    virtual void finish(JobId job, const std::string& result, std::int64_t now) = 0;
    /// open to stopped and back; false when it was in neither.
    [[nodiscard]] virtual bool set_state(JobId job, const std::string& state) = 0;
    /// Parked units wait again. Answers how many.
    virtual std::int64_t retry_parked(JobId job) = 0;
    /// Workers that hold a unit now.
    [[nodiscard]] virtual std::vector<std::string> workers() = 0;
    /// Units of a worker that is gone wait again.
    virtual void release(const std::string& worker) = 0;

    virtual void put_schedule(const Schedule& schedule) = 0;
    [[nodiscard]] virtual bool remove_schedule(const std::string& name) = 0;
    [[nodiscard]] virtual std::vector<Schedule> schedules() = 0;
};

}  // namespace watthour::jobs
