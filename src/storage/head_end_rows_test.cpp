// SPDX-License-Identifier: Apache-2.0
#include "storage/head_end_rows.hpp"

#include "storage/meter_rows.hpp"
#include "storage/test_database.hpp"

#include <gtest/gtest.h>

namespace watthour::storage {
namespace {

using metering::HeadEndChange;
using metering::HeadEndEvent;
using metering::HeadEndKind;
using metering::HeadEndRequest;
using metering::HeadEndState;

constexpr metering::HeadEndPatience patience{60, 900, 3};
constexpr Instant noon{1'781'000'000};

class HeadEnd : public testing::TestWithParam<TestEngine> {
protected:
    void SetUp() override {
        url_ = fresh_database(GetParam());
        if (url_.empty()) GTEST_SKIP() << "no PostgreSQL server; see tests/postgres.sh";
        database_ = *Database::open(url_, OpenMode::create_or_open);
    }
    static HeadEndRequest request(std::int64_t id, const char* serial, Instant at) {
        HeadEndRequest made;
        made.id = {id};
        made.kind = HeadEndKind::read;
        made.meter = {id_from_key("meter", serial)};
        made.serial = serial;
        made.channel = {9};
        made.system = "north";
        made.by = "m.ortiz";
        made.why = "no read";
        return begin(made, patience, at);
    }
    void add(const HeadEndRequest& made) {
        recorded(*database_, [&] {
            HeadEndRows(*database_)
                .add(made, {made.id, 0, made.asked_at, HeadEndEvent::sent, "", made.by});
        });
    }
    void put(const HeadEndRequest& made, HeadEndEvent event, Instant at) {
        recorded(*database_, [&] {
            HeadEndRows(*database_).put(made, {made.id, 0, at, event, "words", "north"});
        });
    }
    std::string url_;
    std::unique_ptr<Database> database_;
};

INSTANTIATE_TEST_SUITE_P(On, HeadEnd, testing::Values(TestEngine::sqlite, TestEngine::postgresql),
                         [](const auto& tested) {
                             return tested.param == TestEngine::sqlite ? "Sqlite" : "Postgresql";
                         });

TEST_P(HeadEnd, ARequestComesBackWithEachOfItsChanges) {
    HeadEndRows rows(*database_);
    add(request(17, "M-1", noon));
    auto found = rows.find({17});
    ASSERT_TRUE(found);
    HeadEndRequest wanted = request(17, "M-1", noon);
    wanted.changes = 1;
    EXPECT_EQ(*found, wanted);
    const auto again = pass_time(*found, patience, noon + 60);
    put(again.request, again.event, noon + 60);
    found = rows.find({17});
    EXPECT_EQ(found->attempts, 2);
    EXPECT_EQ(found->changes, 2);
    const auto end = take_answer(
        *found, {metering::AnswerKind::result, HeadEndKind::read, {"M-1"}, true, {}, "4862 kWh"},
        noon + 70);
    put(end.request, end.event, noon + 70);
    found = rows.find({17});
    EXPECT_EQ(found->state, HeadEndState::done);
    EXPECT_EQ(found->result, "4862 kWh");
    EXPECT_EQ(*found->answered_at, noon + 70);
    const auto changes = rows.changes({17});
    ASSERT_EQ(changes.size(), 3U);
    EXPECT_EQ(changes[0].event, HeadEndEvent::sent);
    EXPECT_EQ(changes[1].event, HeadEndEvent::sent_again);
    EXPECT_EQ(changes[2].event, HeadEndEvent::done);
    EXPECT_EQ(changes[2].number, 3);
    EXPECT_EQ(changes[2].by, "north");
    EXPECT_FALSE(rows.find({18}));
}

TEST_P(HeadEnd, WhoeverKnewAnOlderStateIsTurnedAway) {
    HeadEndRows rows(*database_);
    add(request(17, "M-1", noon));
    const auto known = *rows.find({17});
    put(pass_time(known, patience, noon + 60).request, HeadEndEvent::sent_again, noon + 60);
    EXPECT_THROW(put(known, HeadEndEvent::acknowledged, noon + 61), KeyTaken);
    EXPECT_EQ(rows.find({17})->attempts, 2);
    EXPECT_EQ(rows.changes({17}).size(), 2U);
}

TEST_P(HeadEnd, WhatIsRecordedIsNotChanged) {
    add(request(17, "M-1", noon));
    EXPECT_ANY_THROW(database_->execute("UPDATE head_end_changes SET note = 'other'"));
    EXPECT_ANY_THROW(database_->execute("DELETE FROM head_end_changes"));
}

TEST_P(HeadEnd, OpenRequestsAreFoundWhenTheyAreDue) {
    HeadEndRows rows(*database_);
    add(request(17, "M-1", noon));
    add(request(18, "M-2", noon + 10));
    HeadEndRequest ended = request(19, "M-3", noon);
    ended.state = HeadEndState::failed;
    add(ended);
    EXPECT_TRUE(rows.due(noon + 59, 10).empty());
    ASSERT_EQ(rows.due(noon + 70, 10).size(), 2U);
    EXPECT_EQ(rows.due(noon + 70, 10)[0].id.value, 17);
    EXPECT_EQ(rows.due(noon + 70, 1).size(), 1U);
    EXPECT_EQ(rows.open_of({id_from_key("meter", "M-1")}, HeadEndKind::read)->id.value, 17);
    EXPECT_FALSE(rows.open_of({id_from_key("meter", "M-1")}, HeadEndKind::ping));
    EXPECT_FALSE(rows.open_of({id_from_key("meter", "M-3")}, HeadEndKind::read));
    EXPECT_EQ(rows.count_of({id_from_key("meter", "M-3")}), 1);
}

TEST_P(HeadEnd, TheListGoesBackPageByPage) {
    HeadEndRows rows(*database_);
    for (const std::int64_t id : {17, 18, 19}) add(request(id, id == 18 ? "M-2" : "M-1", noon));
    add(request(5, "M-1", noon + 1));
    metering::HeadEndFilter filter;
    filter.most = 2;
    std::string seen;
    for (;;) {
        const auto page = rows.list(filter);
        if (page.empty()) break;
        for (const auto& one : page) seen += std::to_string(one.id.value) + " ";
        filter.before = page.back().id;
    }
    EXPECT_EQ(seen, "5 19 18 17 ");
    filter = {};
    filter.serial = "M-2";
    EXPECT_EQ(rows.list(filter).size(), 1U);
    filter.state = HeadEndState::done;
    EXPECT_TRUE(rows.list(filter).empty());
}

/// An answer of midday does not take the place of what the meter showed at midnight (R1.02, R1.52).
TEST_P(HeadEnd, AReadOfMiddayCountsAfterThatOfMidnight) {
    const Date day = Date::ymd(2026, 6, 15);
    const auto keep = [&](const char* type, const char* reading, std::int32_t second) {
        recorded(*database_, [&] {
            MeterRows(*database_).add_reads({{{7}, day, type, reading, {1}, 1, second}});
        });
    };
    const auto counts = [&] { return MeterRows(*database_).reads({{7}}, {day, day + 1}).at(0); };
    keep("estimated", "04850", 0);
    keep("on_demand", "04868", 48'000);
    EXPECT_EQ(counts().reading, "04868");
    EXPECT_EQ(counts().second_of_day, 48'000);
    keep("actual_ami", "04862", 0);
    EXPECT_EQ(counts().reading, "04862");
    keep("on_demand", "04863", 0);
    EXPECT_EQ(counts().reading, "04863");
    keep("on_demand", "04870", 60'000);
    EXPECT_EQ(counts().reading, "04863");
}

}  // namespace
}  // namespace watthour::storage
