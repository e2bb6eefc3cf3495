// SPDX-License-Identifier: Apache-2.0
#include "storage/route_rows.hpp"

#include "storage/account_rows.hpp"
#include "storage/invariants.hpp"
#include "storage/test_database.hpp"

#include <gtest/gtest.h>

namespace watthour::storage {
namespace {

using metering::ReadRoute;
using metering::RoutePlace;
using service::ServicePoint;

class Routes : public testing::TestWithParam<TestEngine> {
protected:
    void SetUp() override {
        url_ = fresh_database(GetParam());
        if (url_.empty()) GTEST_SKIP() << "no PostgreSQL server; see tests/postgres.sh";
    }
    void open() { database_ = *Database::open(url_, OpenMode::create_or_open); }
    void add_points() {
        recorded(*database_, [&] {
            ServiceRows(*database_)
                .add({{{1}, "1 Oak Street", "", "Valdoro", "CA", "00000", "VALDORO"}},
                     {ServicePoint{{71}, {1}, "05", "05-01", 10, "ami"},
                      ServicePoint{{72}, {1}, "05", "05-01", 20, "opt_out"}},
                     {});
        });
    }
    std::string url_;
    std::unique_ptr<Database> database_;
};

INSTANTIATE_TEST_SUITE_P(On, Routes, testing::Values(TestEngine::sqlite, TestEngine::postgresql),
                         [](const auto& tested) {
                             return tested.param == TestEngine::sqlite ? "Sqlite" : "Postgresql";
                         });

RoutePlace place(std::int64_t point, const char* route, std::int64_t order, Date from) {
    return {{point}, route, order, "ami", {from, end_of_time}, "s.lee"};
}

TEST_P(Routes, PlacesOfAnOlderDatabaseAreTakenOver) {
    {
        auto old = *Database::open_at(url_, 11);
        Transaction transaction(*old);
        old->execute(
            "INSERT INTO service_points (service_point_id, premise_id, cycle, route, sequence, "
            "reading) VALUES (71, 1, '05', '05-01', 10, 'ami'), (72, 1, '20', '90-01', 10, "
            "'manual'), (73, 1, '05', 'R', 10, 'ami'), (74, 1, '06', 'R', 20, 'ami')");
        transaction.commit();
    }
    open();
    RouteRows rows(*database_);
    const auto routes = rows.routes(test_day);
    ASSERT_EQ(routes.size(), 4U);
    EXPECT_EQ(routes[0].code, "05-01");
    EXPECT_EQ(routes[0].kind, metering::RouteKind::ami);
    EXPECT_EQ(routes[1].code, "90-01");
    EXPECT_EQ(routes[1].cycle, "20");
    EXPECT_EQ(routes[1].kind, metering::RouteKind::opt_out);
    EXPECT_EQ(routes[1].method, "keyed");
    // One name in two cycles: two routes, so that each belongs to one.
    EXPECT_EQ(routes[2].code, "R");
    EXPECT_EQ(routes[3].code, "R-06");
    EXPECT_EQ(routes[3].cycle, "06");
    const auto points = ServiceRows(*database_).points(test_day);
    ASSERT_EQ(points.size(), 4U);
    EXPECT_EQ(points[1].reading, "opt_out");
    EXPECT_TRUE(run_invariant(*database_, "point_on_one_route", 9, std::nullopt).empty());
}

TEST_P(Routes, AMoveHoldsFromItsDayOnAndThePastStays) {
    open();
    add_points();
    RouteRows rows(*database_);
    const Date july = Date::ymd(2026, 7, 1);
    const Date august = Date::ymd(2026, 8, 1);
    recorded(*database_, [&] {
        ReadRoute other;
        other.code = "06-01";
        other.cycle = "06";
        rows.put(other);
        rows.put(std::vector<RoutePlace>{place(71, "06-01", 10, august)});
        // Before that it changes its spot: until the move that is planned.
        rows.put(std::vector<RoutePlace>{place(71, "05-01", 30, july)});
    });
    const auto past = rows.past_places({71});
    ASSERT_EQ(past.size(), 3U);
    EXPECT_EQ(past[0].active, (DateRange{metering::since_ever, july}));
    EXPECT_EQ(past[1].active, (DateRange{july, august}));
    EXPECT_EQ(past[1].order, 30);
    EXPECT_EQ(past[2].active, (DateRange{august, end_of_time}));
    const auto cycle_on = [&](Date day) { return ServiceRows(*database_).points(day)[0].cycle; };
    EXPECT_EQ(cycle_on(august - 1), "05");
    EXPECT_EQ(cycle_on(august), "06");
    EXPECT_EQ(rows.places("05-01", july).size(), 2U);
    EXPECT_EQ(rows.places("05-01", july)[0].point.value, 72);  // 20 before 30
    EXPECT_EQ(rows.places("05-01", august).size(), 1U);
    EXPECT_EQ(rows.count_from("05-01", august), 1U);
    EXPECT_TRUE(run_invariant(*database_, "point_on_one_route", 9, std::nullopt).empty());
    // A second thought of the same day is another version; only the last one holds.
    recorded(*database_, [&] { rows.put(std::vector<RoutePlace>{place(71, "05-01", 5, august)}); });
    EXPECT_EQ(cycle_on(august), "05");
    EXPECT_EQ(rows.places("06-01", august).size(), 0U);
}

TEST_P(Routes, HowAPointWasReadIsKnownAsOfADay) {
    open();
    add_points();
    RouteRows rows(*database_);
    const Date july = Date::ymd(2026, 7, 1);
    EXPECT_EQ(rows.reading_on({72}, july, test_day), "opt_out");
    Transaction transaction(*database_, test_day + 5);
    rows.put(std::vector<RoutePlace>{place(72, "05-01", 20, july)});
    transaction.commit();
    EXPECT_EQ(rows.reading_on({72}, july, test_day), "opt_out");  // nobody knew yet
    EXPECT_EQ(rows.reading_on({72}, july, test_day + 5), "ami");
    EXPECT_EQ(rows.reading_on({72}, july - 1, test_day + 5), "opt_out");
}

TEST_P(Routes, ARouteChangesItsCycleAndEnds) {
    open();
    add_points();
    RouteRows rows(*database_);
    const Date july = Date::ymd(2026, 7, 1);
    recorded(*database_, [&] {
        ReadRoute changed = rows.history("05-01").front();
        changed.cycle = "06";
        changed.active = {july, end_of_time};
        rows.put(changed);
    });
    EXPECT_EQ(rows.routes(july - 1).front().cycle, "05");
    EXPECT_EQ(rows.routes(july).front().cycle, "06");
    EXPECT_EQ(ServiceRows(*database_).points(july)[0].cycle, "06");
    recorded(*database_, [&] { rows.end("05-01", Date::ymd(2026, 6, 20)); });
    EXPECT_TRUE(rows.routes(july).empty());
    EXPECT_EQ(rows.history("05-01").size(), 1U);
}

TEST_P(Routes, ExportsVisitsAndClosingsComeBack) {
    open();
    RouteRows rows(*database_);
    const Date read = Date::ymd(2026, 6, 29);
    recorded(*database_, [&] {
        rows.add({"90-01", read, 1, "mvrs-126", 12, 12, "ab12", "s.lee", {1000}});
        rows.add(std::vector<metering::RouteVisit>{{{5}, {9}, 7, read, "90-01", "DG", "", "R07"}});
        rows.add(metering::RouteClosing{"90-01", read, 1, true, "all in", "s.lee"});
        rows.add(metering::RouteClosing{"90-01", read, 2, false, "one more", "s.lee"});
    });
    ASSERT_EQ(rows.exports("90-01").size(), 1U);
    EXPECT_EQ(rows.exports("90-01")[0].sha256, "ab12");
    ASSERT_EQ(rows.visits({read, read + 1}).size(), 1U);
    EXPECT_EQ(rows.visits({read, read + 1})[0].skip_code, "DG");
    EXPECT_TRUE(rows.visits({read + 1, read + 2}).empty());
    EXPECT_FALSE(rows.closing("90-01", read)->closed);  // the last one holds
    EXPECT_FALSE(rows.closing("90-01", read + 1).has_value());
}

}  // namespace
}  // namespace watthour::storage
