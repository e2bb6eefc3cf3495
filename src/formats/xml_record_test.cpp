// SPDX-License-Identifier: Apache-2.0
#include "formats/xml_record.hpp"

#include <gtest/gtest.h>

namespace watthour::formats {
namespace {

Instant utc(const std::string& text) { return parse_iso_instant(text).value(); }

TEST(XmlTime, OffsetsAndPartsOfASecondAreRead) {
    EXPECT_EQ(parse_xml_time("2026-03-08T08:15:00Z"),
              (XmlTime{utc("2026-03-08T08:15:00Z"), false}));
    EXPECT_EQ(parse_xml_time(" 2017-08-02T11:59:22.9146042-05:00 ")->at,
              utc("2017-08-02T16:59:22Z"));
    EXPECT_EQ(parse_xml_time("2026-03-08T24:00:00Z")->at, utc("2026-03-09T00:00:00Z"));
    EXPECT_TRUE(parse_xml_time("2026-03-08T08:15:00")->is_local);
    EXPECT_EQ(shown_time(*parse_xml_time("2026-03-08T08:15:00")), "2026-03-08T08:15:00");
}

TEST(XmlTime, WhatIsNoMomentIsNotGuessed) {
    for (const char* text :
         {"", "2017-10-09T053947PM-5", "10/11/2017 7:19:12 PM", "2026-02-30T00:00:00Z",
          "2026-03-08T08:15:00.Z", "2026-03-08T08:15:00-5", "2026-03-08T24:00:01Z", "2026-03-08",
          "2026-03-08T08:60:00Z", "2026-03-08T08:15:00+15:00"}) {
        EXPECT_FALSE(parse_xml_time(text)) << text;
    }
}

TEST(XmlClock, ATimeWithoutOffsetIsTheWallClockOfTheZone) {
    XmlClock clock(TimeZone::load("America/Los_Angeles").value());
    std::string why;
    EXPECT_EQ(clock.read("2026-06-15T00:00:00", why),
              (XmlTime{utc("2026-06-15T07:00:00Z"), false}));
    // The hour that is shown twice, and the one that never is.
    EXPECT_FALSE(clock.read("2026-11-01T01:30:00", why));
    EXPECT_NE(why.find("twice"), std::string::npos);
    EXPECT_FALSE(clock.read("2026-03-08T02:30:00", why));
    EXPECT_NE(why.find("never"), std::string::npos);
    EXPECT_EQ(clock.read("2026-11-01T01:30:00-08:00", why)->at, utc("2026-11-01T09:30:00Z"));
    EXPECT_EQ(clock.local_times(), 3);
}

TEST(XmlNumber, ExponentsAreExact) {
    EXPECT_EQ(parse_xml_number("1.25E1"), Decimal(125, 1));
    EXPECT_EQ(parse_xml_number("1.5e-05"), Decimal(15, 6));
    EXPECT_EQ(parse_xml_number("7E3"), Decimal(7000, 0));
    EXPECT_FALSE(parse_xml_number("1E40"));
    EXPECT_FALSE(parse_xml_number("1E-30"));
    EXPECT_FALSE(parse_xml_number("NaN"));
    EXPECT_FALSE(parse_xml_number("E5"));
    EXPECT_EQ(scaled(Decimal(731500, 0), -3), Decimal(7315, 1));
    EXPECT_EQ(scaled(Decimal(1, 12), -3), std::nullopt);
    EXPECT_EQ(scaled(Decimal(999'999'999'999'999'999, 0), 3), std::nullopt);
}

TEST(Address, LosesUserPasswordAndQuery) {
    EXPECT_EQ(without_credentials("https://user:secret@host/x?token=1"), "https://host/x");
    EXPECT_EQ(without_credentials("http://host:8080/a@b"), "http://host:8080/a@b");
    EXPECT_EQ(without_credentials("user:secret@host"), "host");
    EXPECT_EQ(without_credentials("https://host?pwd=1@x"), "https://host");
}

}  // namespace
}  // namespace watthour::formats
