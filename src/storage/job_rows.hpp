// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "jobs/job.hpp"
#include "storage/database.hpp"

namespace watthour::storage {

/// jobs::JobStore over jobs, job_units and job_schedules.
class JobRows final : public jobs::JobStore {
public:
    explicit JobRows(Database& database) : database_(database) {}
    bool add(const jobs::Job& job, const std::vector<jobs::Unit>& units) override;
    std::optional<jobs::Job> find(jobs::JobId job) override;
    std::vector<jobs::Job> list(bool open_only) override;
    std::optional<jobs::Job> find_open(const std::string& kind,
                                       const std::string& parameters) override;
    std::int64_t count_of(const std::string& kind, const std::string& parameters) override;
    std::vector<jobs::Unit> units(jobs::JobId job) override;
    jobs::Progress progress(jobs::JobId job) override;
    std::optional<jobs::Unit> claim(std::optional<jobs::JobId> of, const std::string& worker,
                                    std::int64_t now, std::int64_t lease_until) override;
    std::optional<jobs::Unit> claim_in_order(const jobs::MayBegin& may_begin,
                                             std::optional<jobs::JobId> of,
                                             const std::string& worker, std::int64_t now,
                                             std::int64_t lease_until) override;
    void finish(const jobs::Unit& unit, const std::string& result, std::int64_t now) override;
    void give_back(const jobs::Unit& unit, const std::string& problem,
                   std::int64_t not_before) override;
    void park(const jobs::Unit& unit, const std::string& problem) override;
    void finish(jobs::JobId job, const std::string& result, std::int64_t now) override;
    bool set_state(jobs::JobId job, const std::string& state) override;
    std::int64_t retry_parked(jobs::JobId job) override;
    std::vector<std::string> workers() override;
    void release(const std::string& worker) override;
    void put_schedule(const jobs::Schedule& schedule) override;
    bool remove_schedule(const std::string& name) override;
    std::vector<jobs::Schedule> schedules() override;

private:
    std::optional<jobs::Unit> claim_one(jobs::JobId of, const std::string& worker, std::int64_t now,
                                        std::int64_t lease_until);

    Database& database_;
};

}  // namespace watthour::storage
