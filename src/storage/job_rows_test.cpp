// SPDX-License-Identifier: Apache-2.0
#include "storage/job_rows.hpp"

#include "storage/test_database.hpp"

#include <gtest/gtest.h>

#include <algorithm>
#include <atomic>
#include <set>
#include <thread>

namespace watthour::storage {
namespace {

using jobs::Job;
using jobs::JobId;
using jobs::Unit;

class JobRowsTest : public testing::TestWithParam<TestEngine> {
protected:
    void SetUp() override {
        url_ = fresh_database(GetParam());
        if (url_.empty()) GTEST_SKIP() << "no PostgreSQL server; see tests/postgres.sh";
        database_ = *Database::open(url_, OpenMode::create_or_open);
    }
    JobId add(const std::string& key, int units) {
        Job job;
        job.id = {id_from_key("job", key)};
        job.kind = "cycle_run";
        job.request_key = key;
        job.parameters = "{}";
        job.requested_by = "ana";
        std::vector<Unit> list(static_cast<std::size_t>(units) + 1);
        for (std::size_t i = 0; i < list.size(); ++i) {
            list[i].number = static_cast<std::int64_t>(i);
        }
        Transaction transaction(*database_);
        EXPECT_TRUE(rows().add(job, list));
        EXPECT_FALSE(rows().add(job, list)) << "one request is one job";
        transaction.commit();
        return job.id;
    }
    JobRows rows() { return JobRows(*database_); }
    std::string url_;
    std::unique_ptr<Database> database_;
};

INSTANTIATE_TEST_SUITE_P(On, JobRowsTest,
                         testing::Values(TestEngine::sqlite, TestEngine::postgresql),
                         [](const auto& tested) {
                             return tested.param == TestEngine::sqlite ? "Sqlite" : "Postgresql";
                         });

TEST_P(JobRowsTest, UnitsAreGivenOutOnceAndTheLastComesWhenAllAreDone) {
    const JobId job = add("a", 2);
    JobRows queue = rows();
    const auto first = queue.claim({}, "w1", 100, 200);
    const auto second = queue.claim({}, "w2", 100, 200);
    ASSERT_TRUE(first && second);
    EXPECT_EQ(first->number, 1);
    EXPECT_EQ(second->number, 2);
    EXPECT_FALSE(queue.claim({}, "w3", 100, 200)) << "unit 0 comes last";
    queue.finish(*first, "{}", 110);
    EXPECT_FALSE(queue.claim({}, "w3", 110, 200));
    queue.finish(*second, "{}", 120);
    const auto last = queue.claim(job, "w3", 120, 200);
    ASSERT_TRUE(last);
    EXPECT_EQ(last->number, 0);
    queue.finish(*last, "{}", 130);
    queue.finish(job, "{\"ok\":true}", 130);
    EXPECT_EQ(queue.find(job)->state, "done");
    EXPECT_TRUE(queue.list(true).empty());
    EXPECT_EQ(queue.list(false).size(), 1U);
    EXPECT_FALSE(queue.claim({}, "w3", 130, 200));
}

TEST_P(JobRowsTest, ALeaseRunsOutAndTheLateWorkerChangesNothing) {
    const JobId job = add("a", 1);
    JobRows queue = rows();
    const auto slow = queue.claim({}, "slow", 100, 200);
    EXPECT_FALSE(queue.claim({}, "quick", 199, 300));
    const auto quick = queue.claim({}, "quick", 201, 300);
    ASSERT_TRUE(quick);
    EXPECT_EQ(quick->attempts, 2);
    queue.finish(*slow, "{\"by\":\"slow\"}", 202);
    EXPECT_EQ(queue.progress(job).claimed, 1) << "the unit is another's by now";
    queue.finish(*quick, "{\"by\":\"quick\"}", 203);
    EXPECT_EQ(queue.units(job)[1].result, "{\"by\":\"quick\"}");
}

TEST_P(JobRowsTest, AUnitRestsIsParkedAndIsTriedAgain) {
    const JobId job = add("a", 1);
    JobRows queue = rows();
    auto unit = queue.claim({}, "w", 100, 200);
    queue.give_back(*unit, "busy", 150);
    EXPECT_FALSE(queue.claim({}, "w", 149, 200));
    unit = queue.claim({}, "w", 150, 250);
    ASSERT_TRUE(unit);
    queue.park(*unit, "no such cycle");
    EXPECT_FALSE(queue.claim({}, "w", 1000, 1100)) << "neither the unit nor what follows all";
    EXPECT_EQ(queue.progress(job).parked, 1);
    EXPECT_EQ(queue.units(job)[1].problem, "no such cycle");
    EXPECT_EQ(queue.retry_parked(job), 1);
    unit = queue.claim({}, "w", 1000, 1100);
    ASSERT_TRUE(unit);
    EXPECT_EQ(unit->attempts, 1);
}

TEST_P(JobRowsTest, AStoppedJobGivesOutNothingUntilItGoesOn) {
    const JobId job = add("a", 2);
    JobRows queue = rows();
    const auto unit = queue.claim({}, "w", 100, 200);
    EXPECT_TRUE(queue.set_state(job, "stopped"));
    EXPECT_FALSE(queue.set_state(job, "stopped"));
    EXPECT_FALSE(queue.claim({}, "w", 100, 200));
    queue.finish(*unit, "{}", 110);
    EXPECT_EQ(queue.progress(job).done, 1) << "what was under way ends";
    EXPECT_TRUE(queue.set_state(job, "open"));
    EXPECT_TRUE(queue.claim({}, "w", 120, 200));
}

TEST_P(JobRowsTest, AWorkerThatIsGoneGivesItsUnitsBack) {
    (void)add("a", 2);
    JobRows queue = rows();
    ASSERT_TRUE(queue.claim({}, "gone", 100, 10000));
    ASSERT_TRUE(queue.claim({}, "here", 100, 10000));
    EXPECT_EQ(queue.workers(), (std::vector<std::string>{"gone", "here"}));
    queue.release("gone");
    EXPECT_EQ(queue.workers(), std::vector<std::string>{"here"});
    EXPECT_EQ(queue.claim({}, "here", 100, 10000)->number, 1);
}

TEST_P(JobRowsTest, ManyWorkersGetEachUnitOnce) {
    (void)add("a", 200);
    std::vector<std::vector<std::int64_t>> got(8);
    std::vector<std::thread> threads;
    for (std::size_t w = 0; w < got.size(); ++w) {
        threads.emplace_back([&, w] {
            const auto database = *Database::open(url_, OpenMode::existing);
            JobRows queue(*database);
            while (const auto unit = queue.claim({}, "w" + std::to_string(w), 100, 200)) {
                got[w].push_back(unit->number);
            }
        });
    }
    for (auto& thread : threads) thread.join();
    std::set<std::int64_t> numbers;
    std::size_t count = 0;
    for (const auto& list : got) {
        count += list.size();
        numbers.insert(list.begin(), list.end());
    }
    EXPECT_EQ(count, 200U);
    EXPECT_EQ(numbers.size(), 200U);
}

TEST_P(JobRowsTest, AJobThatMustWaitGivesOutNothing) {
    const JobId first = add("a", 3);
    const JobId second = add("b", 3);
    // "b" comes after "a".
    const auto in_order = [&](const Job& job, const std::vector<Job>& not_done) {
        return job.id != second || std::none_of(not_done.begin(), not_done.end(),
                                                [&](const Job& one) { return one.id == first; });
    };
    JobRows queue = rows();
    EXPECT_FALSE(queue.claim_in_order(in_order, second, "w", 100, 200));
    for (int unit = 0; unit < 4; ++unit) {
        const auto got = queue.claim_in_order(in_order, {}, "w", 100, 200);
        ASSERT_TRUE(got);
        EXPECT_EQ(got->job, first);
        queue.finish(*got, "{}", 110);
    }
    EXPECT_FALSE(queue.claim_in_order(in_order, {}, "w", 120, 200))
        << "its units are done, it is not";
    queue.finish(first, "{}", 120);
    EXPECT_TRUE(queue.claim_in_order(in_order, {}, "w", 130, 200));
}

/// Eight workers at once: no unit of the second job is begun before the first is done.
TEST_P(JobRowsTest, ManyWorkersKeepTheOrder) {
    const JobId first = add("a", 40);
    const JobId second = add("b", 40);
    std::atomic<bool> first_done{false};
    std::atomic<int> too_early{0};
    std::atomic<int> done{0};
    std::vector<std::thread> threads;
    for (int w = 0; w < 8; ++w) {
        threads.emplace_back([&, w] {
            const auto database = *Database::open(url_, OpenMode::existing);
            JobRows queue(*database);
            const auto in_order = [&](const Job& job, const std::vector<Job>& not_done) {
                return job.id != second ||
                       std::none_of(not_done.begin(), not_done.end(),
                                    [&](const Job& one) { return one.id == first; });
            };
            while (done < 82) {
                const auto unit = with_retries([&] {
                    return queue.claim_in_order(in_order, {}, "w" + std::to_string(w), 100, 200);
                });
                if (!unit) {
                    std::this_thread::yield();
                    continue;
                }
                if (unit->job == second && !first_done) ++too_early;
                with_retries([&] {
                    Transaction transaction(*database);
                    queue.finish(*unit, "{}", 110);
                    if (unit->number == 0) {
                        // Said before it can be seen by others.
                        if (unit->job == first) first_done = true;
                        queue.finish(unit->job, "{}", 110);
                    }
                    transaction.commit();
                });
                ++done;
            }
        });
    }
    for (auto& thread : threads) thread.join();
    EXPECT_EQ(too_early, 0);
    EXPECT_EQ(done, 82);
}

/// The clocks of two machines are a day apart, and one jumps back: a unit may be done twice, its
/// record is kept once, and none is left over.
TEST_P(JobRowsTest, ClocksThatDisagreeLeaveNothingUndone) {
    constexpr std::int64_t day = 86400;
    const JobId job = add("a", 3);
    JobRows queue = rows();
    const auto behind = queue.claim({}, "behind", 100, 220);
    const auto ahead = queue.claim({}, "ahead", 100 + day, 220 + day);
    ASSERT_TRUE(behind && ahead);
    EXPECT_EQ(ahead->number, 1) << "for the clock that is ahead the lease has run out";
    queue.finish(*behind, "{\"by\":\"behind\"}", 110);
    EXPECT_EQ(queue.progress(job).done, 0);
    // The clock that was ahead jumps back: its lease lasts a day, but it ends its unit itself.
    queue.finish(*ahead, "{\"by\":\"ahead\"}", 120);
    EXPECT_EQ(queue.progress(job).done, 1);
    for (int left = 0; left < 2; ++left) {
        const auto unit = queue.claim({}, "behind", 130, 250);
        ASSERT_TRUE(unit);
        queue.finish(*unit, "{}", 131);
    }
    const auto last = queue.claim({}, "behind", 140, 260);
    ASSERT_TRUE(last);
    EXPECT_EQ(last->number, 0);
}

TEST_P(JobRowsTest, SchedulesAreReplacedByName) {
    JobRows queue = rows();
    queue.put_schedule({"night", "nightly", "{}", 1290, jobs::Days::business_days});
    queue.put_schedule({"night", "nightly", "{}", 1300, jobs::Days::every_day});
    ASSERT_EQ(queue.schedules().size(), 1U);
    EXPECT_EQ(queue.schedules()[0].minute_of_day, 1300);
    EXPECT_EQ(queue.schedules()[0].days, jobs::Days::every_day);
    EXPECT_TRUE(queue.remove_schedule("night"));
    EXPECT_FALSE(queue.remove_schedule("night"));
}

}  // namespace
}  // namespace watthour::storage
