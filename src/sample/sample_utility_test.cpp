// SPDX-License-Identifier: Apache-2.0
#include "sample/sample_utility.hpp"

#include "formats/scan_line.hpp"
#include "sample/errors.hpp"
#include "sample/meter_stock.hpp"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <algorithm>
#include <map>
#include <set>

namespace watthour::sample {
namespace {

constexpr Date business_date = Date::ymd(2026, 6, 15);

SampleUtility city(int accounts, std::int64_t seed = 1) {
    const TimeZone zone = TimeZone::load(tariff::valdoro().utility.time_zone).value();
    return make_sample(tariff::valdoro(), zone, accounts, seed, business_date).value();
}

std::map<std::string, int> schedules(const SampleUtility& utility) {
    std::map<std::string, int> counts;
    for (const auto& agreement : utility.agreements) ++counts[agreement.schedule];
    return counts;
}

TEST(SampleUtility, TwentyAccountsHaveEverySchedule) {
    EXPECT_THAT(schedules(city(20)),
                testing::UnorderedElementsAre(testing::Key("R-1"), testing::Key("R-TOU"),
                                              testing::Key("R-EV"), testing::Key("C-1"),
                                              testing::Key("C-2")));
}

TEST(SampleUtility, MixFollowsTheCountsOfTheCity) {
    // 30,480 homes, 4,680 small and 560 medium businesses of 35,720; 9% and 4% of homes on TOU.
    const auto counts = schedules(city(2000));
    EXPECT_EQ(counts.at("C-1"), 262);
    EXPECT_EQ(counts.at("C-2"), 31);
    EXPECT_EQ(counts.at("R-TOU"), 153);
    EXPECT_EQ(counts.at("R-EV"), 68);
    EXPECT_EQ(counts.at("R-1"), 2000 - 262 - 31 - 153 - 68);
}

TEST(SampleUtility, HundredAccountsShowEveryKindOfTrouble) {
    std::set<std::string> kinds;
    for (const auto& [kind, account] : city(100).awkward) kinds.insert(kind);
    EXPECT_THAT(kinds, testing::UnorderedElementsAre(
                           "meter_exchanged", "move_same_day", "move_with_gap", "silent",
                           "missing_read", "register_jump", "register_misread", "register_rollover",
                           "zero_use", "vacant_use", "interval_gap", "interval_spike",
                           "solar_delivered_only", "opt_out"));
}

TEST(SampleUtility, AccountNumbersRiseAndHaveRightCheckDigits) {
    const SampleUtility utility = city(500);
    EXPECT_EQ(utility.accounts.size(), 500u);
    for (std::size_t i = 0; i < utility.accounts.size(); ++i) {
        const std::string number = utility.accounts[i].number();
        EXPECT_TRUE(formats::account_number_ok(number)) << number;
        if (i > 0) {
            EXPECT_LT(utility.accounts[i - 1].id, utility.accounts[i].id);
        }
    }
}

TEST(SampleUtility, AccountsOfACycleStandTogether) {
    const SampleUtility utility = city(500);
    std::map<std::int64_t, std::string> cycle_of_point;
    for (const auto& point : utility.points) cycle_of_point[point.id.value] = point.cycle;
    std::string before;
    for (const auto& agreement : utility.agreements) {
        const std::string& cycle = cycle_of_point.at(agreement.service_point.value);
        EXPECT_LE(before, cycle);
        before = cycle;
    }
    EXPECT_EQ(before, "20");
}

TEST(SampleUtility, AgreementsBeginOnTheFirstReadOfTheirCycle) {
    const SampleUtility utility = city(200);
    int newcomers = 0;
    for (const auto& agreement : utility.agreements) {
        const auto point = std::find_if(
            utility.points.begin(), utility.points.end(),
            [&](const auto& candidate) { return candidate.id == agreement.service_point; });
        ASSERT_NE(point, utility.points.end());
        const bool on_read_date =
            tariff::valdoro().cycles.read_on(point->cycle, agreement.active.from).has_value();
        if (!on_read_date) ++newcomers;
        EXPECT_GE(agreement.active.from, reads_begin);
        EXPECT_TRUE(on_read_date || agreement.active.from > Date::ymd(2026, 5, 20));
    }
    EXPECT_EQ(newcomers, 2);
}

TEST(SampleUtility, DraftsGoToBanksThatDoNotExist) {
    const SampleUtility utility = city(500);
    EXPECT_NEAR(static_cast<int>(utility.mandates.size()), 150, 40);
    for (const auto& mandate : utility.mandates) {
        EXPECT_TRUE(formats::routing_number_ok(mandate.routing)) << mandate.routing;
        EXPECT_TRUE(mandate.routing.starts_with("99"));
    }
}

TEST(SampleUtility, ThreeOfTenHomesReadSpanish) {
    const SampleUtility utility = city(1000);
    const auto spanish = std::count_if(utility.people.begin(), utility.people.end(),
                                       [](const auto& person) { return person.language == "es"; });
    EXPECT_NEAR(static_cast<int>(spanish), 290, 60);
}

TEST(SampleUtility, NoTwoThingsShareAnIdOrAnAddress) {
    const SampleUtility utility = city(5000);
    const auto distinct = [](const auto& list) {
        std::set<std::int64_t> ids;
        for (const auto& thing : list) ids.insert(thing.id.value);
        return ids.size() == list.size();
    };
    EXPECT_TRUE(distinct(utility.people));
    EXPECT_TRUE(distinct(utility.premises));
    EXPECT_TRUE(distinct(utility.points));
    EXPECT_TRUE(distinct(utility.agreements));
    EXPECT_TRUE(distinct(utility.meters));
    EXPECT_TRUE(distinct(utility.channels));
}

TEST(SampleUtility, EveryMultiplierFollowsFromItsNameplate) {
    const SampleUtility utility = city(5000);
    ASSERT_EQ(utility.details.size(), utility.meters.size());
    int behind_voltage = 0;
    for (std::size_t i = 0; i < utility.meters.size(); ++i) {
        const auto& details = utility.details[i];
        EXPECT_EQ(details.meter, utility.meters[i].id);
        EXPECT_EQ(details.multiplier, utility.meters[i].multiplier);
        EXPECT_TRUE(metering::check_multiplier(utility.meters[i].serial, details));
        behind_voltage += details.pt_ratio.empty() ? 0 : 1;
    }
    EXPECT_GT(behind_voltage, 0);
    const MeterStock stock = make_stock();
    std::set<std::string> hanging;
    for (const auto& meter : utility.meters) hanging.insert(meter.serial);
    for (std::size_t i = 0; i < stock.meters.size(); ++i) {
        EXPECT_FALSE(hanging.contains(stock.meters[i].serial));
        EXPECT_TRUE(metering::check_multiplier(stock.meters[i].serial, stock.details[i]));
    }
}

TEST(SampleUtility, AMoveWithAGapLeavesVacantDays) {
    const SampleUtility utility = city(100);
    for (const auto& [kind, number] : utility.awkward) {
        if (kind != "move_with_gap" && kind != "move_same_day") continue;
        const auto out = std::find_if(
            utility.agreements.begin(), utility.agreements.end(),
            [&](const auto& a) { return customers::account_number(a.account) == number; });
        ASSERT_NE(out, utility.agreements.end());
        const auto in = out + 1;
        EXPECT_EQ(in->service_point, out->service_point);
        EXPECT_EQ(in->option, out->option);
        EXPECT_EQ(in->active.from - out->active.until, kind == "move_with_gap" ? 9 : 0);
    }
}

TEST(SampleUtility, ProgramsStandOnSchedulesThatOfferThem) {
    for (const auto& agreement : city(2000).agreements) {
        const auto schedule = tariff::valdoro().find_schedule(agreement.schedule).value();
        for (const auto& program : agreement.programs) {
            EXPECT_FALSE(program.active.is_empty());
            if (program.kind == "discount") {
                EXPECT_TRUE(schedule->offers(program.code)) << program.code;
            }
        }
    }
}

TEST(SampleUtility, ACountOutsideTheCityIsRefused) {
    const TimeZone zone = TimeZone::load("America/Los_Angeles").value();
    const auto refused = make_sample(tariff::valdoro(), zone, 0, 1, business_date);
    ASSERT_FALSE(refused.has_value());
    EXPECT_TRUE(refused.error().is(errors::accounts_out_of_range));
    const auto early = make_sample(tariff::valdoro(), zone, 10, 1, Date::ymd(2025, 5, 10));
    ASSERT_FALSE(early.has_value());
    EXPECT_TRUE(early.error().is(errors::calendar_too_short));
}

}  // namespace
}  // namespace watthour::sample
