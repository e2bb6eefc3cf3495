// SPDX-License-Identifier: Apache-2.0
#include "formats/reading_type.hpp"

#include "formats/event_codes.hpp"

#include <gtest/gtest.h>

namespace watthour::formats {
namespace {

struct Case {
    const char* text;
    const char* units;  ///< as in a CMEP row
    int minutes;
    int power;
};

/// The codes are those of the standard, put together by hand.
constexpr Case cases[] = {
    {"0.0.2.4.1.1.12.0.0.0.0.0.0.0.0.3.72.0", "KWH", 15, 0},
    {"0.0.2.4.1.1.12.0.0.0.0.0.0.0.0.0.72.0", "KWH", 15, -3},
    {"0.0.5.4.19.1.12.0.0.0.0.0.0.0.0.6.72.0", "GKWH", 30, 3},
    {"0.0.7.4.4.1.12.0.0.0.0.0.0.0.0.3.72.0", "NKWH", 60, 0},
    {"0.0.7.4.1.1.12.0.0.0.0.0.0.0.0.3.73.0", "KVARH", 60, 0},
    {"11.0.0.4.1.1.12.0.0.0.0.0.0.0.0.3.72.0", "KWH", 1440, 0},
    {"0.0.0.1.1.1.12.0.0.0.0.0.0.0.0.3.72.0", "KWHREG", 0, 0},
    {"0.0.0.1.19.1.12.0.0.0.0.0.0.0.0.3.72.0", "GKWHREG", 0, 0},
    {"0.0.2.1.1.1.12.0.0.0.0.0.0.0.0.3.72.0", "KWHREG", 15, 0},
    {"0.0.0.1.20.1.12.0.0.0.0.0.0.0.769.3.72.0", "SKWHREG", 0, 0},
    {"8.8.0.6.1.1.8.0.0.0.0.0.0.0.0.3.38.0", "KWREG", 0, 0},
    {"0.2.2.6.1.1.37.0.0.0.0.0.0.0.0.3.38.0", "KW", 15, 0},
    {"0.0.0.12.1.1.37.0.0.0.0.0.0.0.0.3.38.0", "KW/NOW", 0, 0},
    {"0.0.0.12.0.1.54.0.0.0.0.0.0.0.0.0.29.0", "UOM29/NOW", 0, 0},
    // One rate period, one phase or one quadrant is not the meter's total.
    {"0.0.0.1.1.1.12.0.0.0.0.2.0.0.0.3.72.0", "KWH/TOU2REG", 0, 0},
    {"0.0.2.4.1.1.12.0.0.0.0.0.0.0.128.3.72.0", "KWH/PH128", 15, 0},
    {"0.0.2.4.15.1.12.0.0.0.0.0.0.0.0.3.73.0", "KVARH/FLOW15", 15, 0},
    {"0.0.0.2.1.1.8.0.0.0.0.0.0.0.0.3.38.0", "KW/CUM2/NOW", 0, 0},
};

TEST(ReadingType, EighteenFieldsSayQuantityKindLengthAndPower) {
    for (const Case& one : cases) {
        SCOPED_TRACE(one.text);
        ReadingTypeFault fault;
        const auto type = parse_reading_type(one.text, fault);
        ASSERT_TRUE(type) << fault.message;
        EXPECT_EQ(cmep_units(type->quantity, type->kind), one.units);
        EXPECT_EQ(type->minutes, one.minutes);
        EXPECT_EQ(type->power, one.power);
    }
}

TEST(ReadingType, WhatIsNoneIsToldByItsRule) {
    const auto rule = [](const char* text) {
        ReadingTypeFault fault;
        EXPECT_FALSE(parse_reading_type(text, fault)) << text;
        EXPECT_FALSE(fault.message.empty());
        EXPECT_FALSE(fault.remedy.empty());
        return fault.rule;
    };
    EXPECT_EQ(rule(""), "reading_type");
    EXPECT_EQ(rule("total energy"), "reading_type");
    EXPECT_EQ(rule("0.0.2.4.1.1.12.0.0.3.72"), "reading_type_fields");
    EXPECT_EQ(rule("0.0.2.4.1.1.12.0.0.0.0.0.0.0.0.3.72.0.0"), "reading_type_fields");
    // Direction and accumulation changed places.
    EXPECT_EQ(rule("0.0.0.19.1.1.12.0.0.0.0.0.0.0.0.3.72.0"), "reading_type_code");
    EXPECT_EQ(rule("0.0.2.4.6.1.12.0.0.0.0.0.0.0.0.3.72.0"), "reading_type_code");
    EXPECT_EQ(rule("0.0.2.4.1.1.12.0.0.0.0.0.0.0.0.4.72.0"), "reading_type_code");
    // Energy in watts.
    EXPECT_EQ(rule("0.0.2.4.1.1.12.0.0.0.0.0.0.0.0.3.38.0"), "reading_type_code");
    EXPECT_EQ(rule("1.0.2.4.1.1.12.0.0.0.0.0.0.0.0.3.72.0"), "reading_type_code");
}

TEST(MeterUnit, CapitalsTellMegaFromMilli) {
    const auto power = [](const char* text) { return parse_meter_unit(text).value().power; };
    EXPECT_EQ(power("kWh"), 0);
    EXPECT_EQ(power("KWH"), 0);
    EXPECT_EQ(power("Wh"), -3);
    EXPECT_EQ(power("MWh"), 3);
    EXPECT_EQ(power("mWh"), -6);
    EXPECT_EQ(power("GVARh"), 6);
    EXPECT_EQ(power("microW"), -9);
    EXPECT_EQ(parse_meter_unit("kVAR")->quantity, "KVAR");
    EXPECT_FALSE(parse_meter_unit("V RMS"));
    EXPECT_FALSE(parse_meter_unit("kQh"));
    EXPECT_FALSE(parse_meter_unit(""));
}

TEST(EventCodes, TheTableNamesCodesThenTexts) {
    EXPECT_EQ(event_name("3.26.0.85", ""), "power_failed");
    EXPECT_EQ(event_name("3.26.0.216", ""), "power_restored");
    EXPECT_EQ(event_name("3.12.29.212", ""), "cover_removed");
    EXPECT_EQ(event_name("3.26.93.219", ""), "reverse_energy");
    EXPECT_EQ(event_name("3.2.22.150", "POWER_FAIL"), "low_battery");
    EXPECT_EQ(event_name("6.20.1.185", "power_fail"), "power_failed");
    EXPECT_EQ(event_name("6.20.1.185", ""), "");
    EXPECT_EQ(control_name("3.31.0.23"), "disconnect");
    EXPECT_EQ(reply_meaning("2.4"), "no such meter");
    EXPECT_TRUE(is_event_code("3.26.0.85"));
    EXPECT_FALSE(is_event_code("3.26.0"));
    EXPECT_FALSE(is_event_code("3.26.0.x"));
}

}  // namespace
}  // namespace watthour::formats
