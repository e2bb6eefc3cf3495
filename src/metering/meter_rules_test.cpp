// SPDX-License-Identifier: Apache-2.0
// Worked by hand from the rules that are named; none comes from the program.
#include "metering/errors.hpp"
#include "metering/exchange_balance.hpp"
#include "metering/meter_details.hpp"
#include "metering/registration.hpp"
#include "metering/stock_state.hpp"

#include <gtest/gtest.h>

#include <algorithm>

namespace watthour::metering {
namespace {

Decimal number(const char* text) { return *Decimal::parse(text); }

MeterDetails transformed(const char* ct, const char* pt, const char* constant,
                         const char* multiplier) {
    MeterDetails details;
    details.ct_ratio = ct;
    details.pt_ratio = pt;
    details.register_constant = number(constant);
    details.multiplier = number(multiplier);
    return details;
}

std::string slug(const Result<void>& result) {
    return result ? "" : std::string(result.error().slug());
}

// R1.04: CT 600:5 = 120, PT 480:120 = 4, multiplier 480.
TEST(Multiplier, IsCurrentTimesVoltageTimesConstant) {
    EXPECT_TRUE(check_multiplier("M", transformed("600:5", "480:120", "1", "480")));
    EXPECT_TRUE(check_multiplier("M", transformed("", "", "1", "1")));
    EXPECT_TRUE(check_multiplier("M", transformed("200:5", "", "1", "40.0")));
    EXPECT_TRUE(check_multiplier("M", transformed("600:5", "480:120", "0.1", "48")));
    // 100:3 x 3 = 100 exactly, though 100/3 alone has no end.
    EXPECT_TRUE(check_multiplier("M", transformed("100:3", "", "3", "100")));
    const auto wrong = check_multiplier("M-9", transformed("600:5", "480:120", "1", "120"));
    ASSERT_FALSE(wrong);
    EXPECT_EQ(wrong.error().message(),
              "Meter M-9: CT 600:5 x PT 480:120 x constant 1 is 480, and the multiplier is 120.");
    EXPECT_EQ(slug(check_multiplier("M", transformed("100:3", "", "1", "33.333333"))),
              "metering.multiplier_disagrees");
}

TEST(Multiplier, OfRatiosThatAreNoneIsRefused) {
    for (const char* ratio : {"600", "600:0", "0:5", "600/5", "600:5:1", "-600:5", ":", "6e2:5",
                              "1000001:5", "99999999999999999999:5", " 600:5"}) {
        EXPECT_EQ(slug(check_multiplier("M", transformed(ratio, "", "1", "1"))),
                  "metering.ratio_malformed")
            << ratio;
    }
    for (const char* factor : {"0", "-1", "1000000000001", "0.0000001"}) {
        EXPECT_EQ(slug(check_multiplier("M", transformed("", "", factor, "1"))),
                  "metering.factor_malformed")
            << factor;
        EXPECT_EQ(slug(check_multiplier("M", transformed("", "", "1", factor))),
                  "metering.factor_malformed")
            << factor;
    }
    // The largest of everything stays inside the arithmetic.
    EXPECT_EQ(slug(check_multiplier(
                  "M", transformed("1000000:1", "1000000:1", "1000000000000", "1.000000"))),
              "metering.multiplier_disagrees");
}

TEST(Multiplier, ThatNobodySaidFollowsFromTheNameplates) {
    EXPECT_EQ(multiplier_of("M", transformed("600:5", "480:120", "1", "1"))->to_string(), "480");
    EXPECT_EQ(multiplier_of("M", transformed("", "", "0.1", "1"))->to_string(), "0.1");
    EXPECT_FALSE(multiplier_of("M", transformed("100:3", "", "1", "1")));
}

LoadResults loads(const char* full, const char* light, const char* power_factor = "") {
    LoadResults results;
    if (*full != 0) results.full_load = number(full);
    if (*light != 0) results.light_load = number(light);
    if (*power_factor != 0) results.power_factor = number(power_factor);
    return results;
}

// R1.60: FL 99.8, LL 97.6: (4 x 99.8 + 97.6) / 5 = 496.8 / 5 = 99.36; 197.4 / 2 = 98.70.
// With PF 100.2: (399.2 + 195.2 + 100.2) / 7 = 694.6 / 7 = 99.2286.
TEST(Registration, IsAveragedByTheMethodOfTheTest) {
    using enum TestMethod;
    const LoadResults tested = loads("99.8", "97.6", "100.2");
    EXPECT_EQ(average_registration(full_and_light, tested)->rounded().to_string(), "99.36");
    EXPECT_EQ(average_registration(mean, tested)->rounded().to_string(), "98.70");
    EXPECT_EQ(average_registration(single_point, tested)->rounded().to_string(), "99.80");
    EXPECT_EQ(average_registration(three_loads, tested)->rounded().to_string(), "99.23");
}

TEST(Registration, NeedsTheLoadsOfItsMethod) {
    const auto average = average_registration(TestMethod::three_loads, loads("99.8", ""));
    ASSERT_FALSE(average);
    EXPECT_EQ(average.error().message(),
              "The method three_loads needs the registration at light load, power factor.");
    for (const char* wrong : {"-0.1", "200.1", "99.12345"}) {
        EXPECT_EQ(average_registration(TestMethod::single_point, loads(wrong, "")).error().slug(),
                  "metering.registration_malformed");
    }
}

Verdict verdict(const char* full, const char* light, TestLimits limits) {
    return judge(*average_registration(TestMethod::mean, loads(full, light)), limits);
}

// R1.61. The limits themselves are within; judged is the exact average: (97.99 + 98.00) / 2 =
// 97.995 is below 98.0 although it prints as 98.00.
TEST(Registration, IsJudgedByTheLimitsInService) {
    using enum TestLimits;
    EXPECT_EQ(verdict("98.0", "98.0", in_service), Verdict::within);
    EXPECT_EQ(verdict("102", "102.0", in_service), Verdict::within);
    EXPECT_EQ(verdict("97.99", "98.00", in_service), Verdict::slow);
    EXPECT_EQ(verdict("102.0", "102.01", in_service), Verdict::fast);
    EXPECT_EQ(verdict("99.5", "99.5", refurbished), Verdict::within);
    EXPECT_EQ(verdict("100.5", "100.5", refurbished), Verdict::within);
    EXPECT_EQ(verdict("99.4", "99.5", refurbished), Verdict::slow);
    EXPECT_EQ(verdict("100.6", "100.5", refurbished), Verdict::fast);
}

// R1.63: 12,480 kWh at 104.1% -> 11,988.47, 491.53 too much; 9,000 at 96.8% -> 9,297.52, 297.52
// too little.
TEST(Registration, CorrectsWhatAWrongMeterCounted) {
    const auto at = [](std::int64_t kwh, const char* percent) {
        return *corrected_energy(
            "M", Energy::kilowatt_hours(kwh),
            *average_registration(TestMethod::single_point, loads(percent, "")));
    };
    EXPECT_EQ(at(12480, "104.1").to_string(), "11988.47");
    EXPECT_EQ((Energy::kilowatt_hours(12480) - at(12480, "104.1")).to_string(), "491.53");
    EXPECT_EQ(at(9000, "96.8").to_string(), "9297.52");
    EXPECT_EQ((at(9000, "96.8") - Energy::kilowatt_hours(9000)).to_string(), "297.52");
    EXPECT_EQ(at(500, "100").to_string(), "500");
    EXPECT_FALSE(corrected_energy("M", Energy::kilowatt_hours(1),
                                  *average_registration(TestMethod::single_point, loads("0", ""))));
}

// R7.05: ordered, received, tested, available, issued, in service, removed, in test, refurbished.
TEST(StockState, FollowsTheLifeOfAMeter) {
    using enum StockState;
    const std::vector<StockState> life = {ordered,    received, tested,  available,   issued,
                                          in_service, removed,  in_test, refurbished, available};
    for (std::size_t i = 0; i + 1 < life.size(); ++i) {
        EXPECT_TRUE(check_transition("M", life[i], life[i + 1])) << to_text(life[i]);
    }
    for (const StockState end : {retired, returned}) {
        EXPECT_TRUE(check_transition("M", in_test, end));
    }
}

TEST(StockState, ThatCannotFollowNamesThoseThatCan) {
    using enum StockState;
    const auto refused = check_transition("M-7", quarantined, available);
    ASSERT_FALSE(refused);
    EXPECT_EQ(refused.error().message(),
              "Meter M-7 is quarantined, which is not followed by available.");
    EXPECT_EQ(refused.error().next(), "What may follow: in_test, retired, returned.");
    EXPECT_FALSE(check_transition("M", received, available)) << "not without a test";
    EXPECT_FALSE(check_transition("M", in_service, retired)) << "not while it hangs";
    EXPECT_FALSE(check_transition("M", removed, available)) << "not without the shop";
    EXPECT_FALSE(check_transition("M", available, available));
    for (const StockState state : all_stock_states()) {
        EXPECT_FALSE(check_transition("M", retired, state));
        EXPECT_EQ(stock_state_of(to_text(state)), state);
    }
    EXPECT_FALSE(stock_state_of("lost"));
}

TEST(ExchangeBalance, ClosesToTheWattHour) {
    ExchangeBalance balance;
    balance.old_meter = {"M-77", {}, "04120", "04300", Energy::kilowatt_hours(180)};
    balance.new_meter = {"M-78", {}, "00010", "00210", Energy::kilowatt_hours(200)};
    balance.point = Energy::kilowatt_hours(380);
    EXPECT_TRUE(check_balance(balance));
    balance.point = Energy::watt_hours(380001);
    const auto open = check_balance(balance);
    ASSERT_FALSE(open);
    EXPECT_EQ(open.error().message(),
              "The exchange does not close: 180 kWh of M-77 and 200 kWh of M-78 are 380 kWh, and "
              "the point has 380.001 kWh.");
}

// The first is the example that IEC 61968-9 users know as 15-minute delivered kWh.
TEST(ReadingType, SaysWhatAChannelMeasures) {
    const auto type = [](const char* code, int minutes) {
        return reading_type_of({{}, {}, code, minutes});
    };
    EXPECT_EQ(type("KWH-INT", 15), "0.0.2.4.1.1.12.0.0.0.0.0.0.0.0.3.72.0");
    EXPECT_EQ(type("GKWH", 0), "0.0.0.1.19.1.12.0.0.0.0.0.0.0.0.3.72.0");
    EXPECT_EQ(type("KWH-REG", 0), "0.0.0.1.1.1.12.0.0.0.0.0.0.0.0.3.72.0");
    EXPECT_EQ(type("KWH-INT", 60), "0.0.7.4.1.1.12.0.0.0.0.0.0.0.0.3.72.0");
    EXPECT_EQ(type("WATER", 15), "");
    EXPECT_EQ(type("KWH", 7), "");
}

TEST(MeterRole, IsWrittenAsItIsRead) {
    for (const MeterRole role : {MeterRole::additive, MeterRole::subtractive, MeterRole::check}) {
        EXPECT_TRUE(is_role(to_text(role)));
        EXPECT_EQ(role_of(to_text(role)), role);
    }
    EXPECT_FALSE(is_role("boss"));
}

}  // namespace
}  // namespace watthour::metering
