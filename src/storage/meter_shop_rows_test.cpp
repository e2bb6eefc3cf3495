// SPDX-License-Identifier: Apache-2.0
#include "storage/meter_shop_rows.hpp"

#include "storage/meter_rows.hpp"
#include "storage/test_database.hpp"

#include <gtest/gtest.h>

namespace watthour::storage {
namespace {

using metering::Meter;
using metering::MeterDetails;
using metering::MeterInstallation;
using metering::StateChange;
using metering::StockState;

constexpr service::ServicePointId point{71};

class MeterShop : public testing::TestWithParam<TestEngine> {
protected:
    void SetUp() override {
        url_ = fresh_database(GetParam());
        if (url_.empty()) GTEST_SKIP() << "no PostgreSQL server; see tests/postgres.sh";
    }
    void open() { database_ = *Database::open(url_, OpenMode::create_or_open); }
    std::string url_;
    std::unique_ptr<Database> database_;
};

INSTANTIATE_TEST_SUITE_P(On, MeterShop, testing::Values(TestEngine::sqlite, TestEngine::postgresql),
                         [](const auto& tested) {
                             return tested.param == TestEngine::sqlite ? "Sqlite" : "Postgresql";
                         });

Meter meter(const char* serial, const char* multiplier) {
    Meter made;
    made.id = {id_from_key("meter", serial)};
    made.serial = serial;
    made.multiplier = *Decimal::parse(multiplier);
    made.make = "Tessera A2";
    return made;
}

MeterInstallation hung(const Meter& meter, Date from) {
    MeterInstallation installation;
    installation.meter = meter.id;
    installation.service_point = point;
    installation.active = {from, end_of_time};
    installation.set_read = "00010";
    return installation;
}

TEST_P(MeterShop, AMeterOfAnOlderDatabaseIsWhatItWas) {
    {
        auto old = *Database::open_at(url_, 7);
        Transaction transaction(*old);
        old->execute(
            "INSERT INTO meters (meter_id, serial, dials, multiplier, make) "
            "VALUES (5, 'M-5', 6, '40', 'Calder E4');"
            "INSERT INTO meter_serials (serial, meter_id) VALUES ('M-5', 5);"
            "INSERT INTO meter_installations (service_point_id, meter_id, active_from, version, "
            "active_until, set_read, removal_read, recorded_on, superseded_on) VALUES (71, 5, "
            "'2025-05-01', 1, '9999-12-31', '000100', '', '2025-05-01', '9999-12-31')");
        transaction.commit();
    }
    open();
    const auto installed = MeterRows(*database_).installed_at({point});
    ASSERT_EQ(installed.size(), 1U);
    EXPECT_EQ(installed[0].meter.dials, 6);
    EXPECT_EQ(installed[0].meter.decimals, 0);
    EXPECT_EQ(installed[0].meter.multiplier.to_string(), "40");
    EXPECT_EQ(installed[0].installation.role, metering::MeterRole::additive);
    const auto rows = MeterShopRows(*database_).inventory(std::nullopt, "", 10);
    ASSERT_EQ(rows.size(), 1U);
    EXPECT_EQ(rows[0].state, StockState::in_service);
    EXPECT_EQ(rows[0].details.multiplier.to_string(), "40");
    EXPECT_EQ(rows[0].point, point);
}

TEST_P(MeterShop, TheFaceOfARegisterIsThatOfTheDayItsMeterWasSet) {
    open();
    const Meter own = meter("M-6", "40");
    MeterDetails before;
    before.meter = own.id;
    before.active = {Date::ymd(2025, 1, 1), Date::ymd(2026, 1, 1)};
    before.multiplier = before.register_constant = *Decimal::parse("40");
    MeterDetails after = before;
    after.active = {Date::ymd(2026, 1, 1), end_of_time};
    after.multiplier = after.register_constant = *Decimal::parse("80");
    after.decimals = 1;
    Transaction transaction(*database_, Date::ymd(2026, 6, 15));
    MeterRows(*database_).add({own}, {}, {hung(own, Date::ymd(2025, 5, 1))});
    MeterShopRows shop(*database_);
    shop.add(std::vector<MeterDetails>{before, after});
    EXPECT_EQ(MeterRows(*database_).installed_at({point})[0].meter.multiplier.to_string(), "40");
    MeterInstallation again = hung(own, Date::ymd(2026, 2, 1));
    again.service_point = {72};
    shop.put(again);
    const auto second = MeterRows(*database_).installed_at({service::ServicePointId{72}});
    ASSERT_EQ(second.size(), 1U);
    EXPECT_EQ(second[0].meter.multiplier.to_string(), "80");
    EXPECT_EQ(second[0].meter.decimals, 1);
}

TEST_P(MeterShop, CorrectedDetailsStandBesideWhatWasBelieved) {
    open();
    const Meter own = meter("M-10", "80");
    MeterDetails wrong;
    wrong.meter = own.id;
    wrong.active = {Date::ymd(2026, 5, 10), end_of_time};
    wrong.maker = "Tessera";
    wrong.ct_ratio = "400:5";
    wrong.multiplier = *Decimal::parse("80");
    MeterShopRows shop(*database_);
    {
        Transaction transaction(*database_, Date::ymd(2026, 5, 10));
        MeterRows(*database_).add({own}, {}, {hung(own, Date::ymd(2026, 5, 1))});
        shop.add(std::vector<MeterDetails>{wrong});
        transaction.commit();
    }
    MeterDetails right = wrong;
    right.active.from = Date::ymd(2026, 5, 1);
    right.maker = "Calder";
    right.model = "E4";
    right.ct_ratio = "600:5";
    right.multiplier = *Decimal::parse("120");
    const auto correct = [&](Date on, Date from, const MeterDetails& instead) {
        Transaction transaction(*database_, on);
        shop.supersede(own.id, from, {instead});
        transaction.commit();
    };
    correct(Date::ymd(2026, 6, 15), wrong.active.from, right);
    const auto then = shop.details(own.id, Date::ymd(2026, 6, 14));
    ASSERT_EQ(then.size(), 1U);
    EXPECT_EQ(then[0].ct_ratio, "400:5") << "what was believed the day before";
    EXPECT_EQ(then[0].active.from, Date::ymd(2026, 5, 10));
    const auto now = shop.details(own.id, Date::ymd(2026, 6, 15));
    ASSERT_EQ(now.size(), 1U);
    EXPECT_EQ(now[0].ct_ratio, "600:5");
    const auto installed = MeterRows(*database_).installed_at({point});
    ASSERT_EQ(installed.size(), 1U);
    EXPECT_EQ(installed[0].meter.multiplier.to_string(), "120");
    EXPECT_EQ(installed[0].meter.make, "Calder E4");
    // Twice on one day, and back to a first day that was there before.
    correct(Date::ymd(2026, 6, 15), right.active.from, wrong);
    correct(Date::ymd(2026, 6, 15), wrong.active.from, right);
    ASSERT_EQ(shop.details(own.id, service::now_known).size(), 1U);
    EXPECT_EQ(shop.details(own.id, service::now_known)[0].ct_ratio, "600:5");
    EXPECT_EQ(shop.details(own.id, Date::ymd(2026, 6, 14))[0].ct_ratio, "400:5");
    auto rows = database_->prepare_text("SELECT count(*) FROM meter_details");
    ASSERT_TRUE(rows.step());
    EXPECT_EQ(rows.integer(0), 4) << "no row is ever deleted";
}

TEST_P(MeterShop, AVersionOfAnInstallationStaysAfterTheNext) {
    open();
    const Meter own = meter("M-7", "1");
    {
        Transaction transaction(*database_, Date::ymd(2026, 5, 1));
        MeterRows(*database_).add({own}, {}, {hung(own, Date::ymd(2026, 5, 1))});
        transaction.commit();
    }
    Transaction transaction(*database_, Date::ymd(2026, 6, 15));
    MeterInstallation ended = hung(own, Date::ymd(2026, 5, 1));
    ended.active.until = Date::ymd(2026, 6, 10);
    ended.removal_read = "00222";
    ended.role = metering::MeterRole::check;
    MeterShopRows shop(*database_);
    shop.put(ended);
    const auto versions = shop.installations(own.id);
    ASSERT_EQ(versions.size(), 2U);
    EXPECT_EQ(versions[0].superseded_on, Date::ymd(2026, 6, 15));
    EXPECT_EQ(versions[0].installation.active.until, end_of_time);
    EXPECT_EQ(versions[1].version, 2);
    EXPECT_EQ(versions[1].recorded_on, Date::ymd(2026, 6, 15));
    const auto believed = MeterRows(*database_).installed_at({point});
    ASSERT_EQ(believed.size(), 1U);
    EXPECT_EQ(believed[0].installation.removal_read, "00222");
    EXPECT_EQ(believed[0].installation.role, metering::MeterRole::check);
}

TEST_P(MeterShop, AStateIsReachedOnceAndTheLastOneHolds) {
    open();
    const Meter shelf = meter("M-8", "1");
    const Meter lost = meter("M-9", "1");
    const auto change = [](const Meter& of, std::int64_t number, StockState state) {
        return std::vector<StateChange>{
            {of.id, number, state, Date::ymd(2026, 6, 1), "seen", "j.park", {}}};
    };
    MeterShopRows shop(*database_);
    {
        Transaction transaction(*database_, Date::ymd(2026, 6, 15));
        MeterRows(*database_).add({shelf, lost}, {}, {});
        shop.add(change(shelf, 1, StockState::tested));
        shop.add(change(shelf, 0, StockState::available));
        shop.add(change(lost, 1, StockState::quarantined));
        transaction.commit();
    }
    const auto available = shop.inventory(StockState::available, "", 10);
    ASSERT_EQ(available.size(), 1U);
    EXPECT_EQ(available[0].meter.serial, "M-8");
    EXPECT_TRUE(shop.inventory(StockState::available, "M-8", 10).empty());
    EXPECT_EQ(shop.inventory(std::nullopt, "", 1).size(), 1U);
    Transaction transaction(*database_, Date::ymd(2026, 6, 15));
    EXPECT_THROW(shop.add(change(shelf, 2, StockState::issued)), KeyTaken);
}

TEST_P(MeterShop, ACommentThatEndedStandsWithItsEnd) {
    open();
    Transaction transaction(*database_, Date::ymd(2026, 6, 15));
    MeterShopRows shop(*database_);
    metering::MeterComment dog;
    dog.id = {9};
    dog.point = point;
    dog.kind = "dog";
    dog.text = "Perro grande; llame primero";
    dog.active = {Date::ymd(2026, 6, 1), end_of_time};
    dog.by = "c.diaz";
    shop.put(dog);
    dog.active.until = Date::ymd(2026, 6, 15);
    shop.put(dog);
    const auto of_point = shop.comments(point, service::now_known);
    ASSERT_EQ(of_point.size(), 1U);
    EXPECT_EQ(of_point[0].active.until, Date::ymd(2026, 6, 15));
    EXPECT_EQ(of_point[0].text, "Perro grande; llame primero");
    EXPECT_TRUE(shop.comments(point, Date::ymd(2026, 6, 14)).empty()) << "not written yet";
    EXPECT_TRUE(shop.comments(metering::MeterId{1}, service::now_known).empty());
}

}  // namespace
}  // namespace watthour::storage
