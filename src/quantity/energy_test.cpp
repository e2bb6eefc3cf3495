// SPDX-License-Identifier: Apache-2.0
#include "quantity/energy.hpp"

#include <gtest/gtest.h>

namespace watthour {
namespace {

TEST(Energy, KeepsEveryWattHour) {
    EXPECT_EQ(Energy::parse_kwh("648.92")->wh(), 648920);
    EXPECT_EQ(Energy::watt_hours(200760).to_string(), "200.76");
    EXPECT_EQ(Energy::kilowatt_hours(653).to_string(), "653");
    EXPECT_FALSE(Energy::parse_kwh("1.2345"));
}

TEST(Multiplier, TurnsDialUnitsIntoEnergy) {
    // R1.04: CT 600:5 = 120, PT 480:120 = 4, multiplier 480; 37 dial units are 17,760 kWh.
    const Multiplier multiplier(Decimal(480, 0));
    EXPECT_EQ(multiplier.energy(Decimal(37, 0))->to_string(), "17760");
    // WB-12: register 0.98 kW x 80 = 78.4 kW.
    EXPECT_EQ(Multiplier(Decimal(80, 0)).demand(*Decimal::parse("0.98"))->to_string(), "78.4");
    EXPECT_FALSE(Multiplier(*Decimal::parse("0.0001")).energy(Decimal(1, 0)));
}

TEST(Demand, RoundsToTheTenthOfAKilowatt) {
    EXPECT_EQ(Demand::parse_kw("50.45")->rounded_kw(1).to_string(), "50.5");
    EXPECT_EQ(Demand::parse_kw("50.449")->rounded_kw(1).to_string(), "50.4");
}

}  // namespace
}  // namespace watthour
