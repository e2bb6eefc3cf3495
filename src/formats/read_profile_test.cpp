// SPDX-License-Identifier: Apache-2.0
#include "formats/read_profile.hpp"

#include "formats/profile_times.hpp"

#include <gtest/gtest.h>

namespace watthour::formats {
namespace {

TEST(ReadProfile, ShippedProfilesAreWrittenAndReadBackEqual) {
    for (const char* name : {"csv-intervals", "csv-registers", "green-button-csv", "mv90"}) {
        const ReadProfile& profile = shipped_profile(name);
        EXPECT_EQ(profile.name, name);
        const auto back = parse_read_profile(profile_text(profile), name);
        ASSERT_TRUE(back.has_value()) << back.error().message();
        EXPECT_TRUE(*back == profile) << profile_text(profile);
    }
}

/// A profile of a moment and a value with one member more or in its place.
std::string with(const std::string& member) {
    return R"({"columns":{"moment":"at"},"values":[{"names":"kwh"}],"time":{"moment":"ISO"})" +
           (member.empty() ? "" : "," + member) + "}";
}

TEST(ReadProfile, TheMemberThatIsWrongIsNamed) {
    EXPECT_TRUE(parse_read_profile(with(""), "site").has_value());
    const struct {
        std::string text;
        const char* told;
    } cases[] = {
        {with(R"("separator":",")"), "separator is not a member"},
        {with(R"("kind":"gas")"), "kind is \"gas\""},
        {with(R"("decimal_mark":",")"), "the delimiter and the decimal mark are the same"},
        {with(R"("blank":"zero")"), "blank is \"zero\""},
        {with(R"("quality":{"m":"E","M":"M"})"), "the quality \"M\" stands twice"},
        {with(R"("quantities":{"kwh":"KWH","KWH":"GKWH"})"), "the quantity \"KWH\" stands twice"},
        {with(R"("quality":{"X":"B"})"), "the quality \"X\" is none of A, E, V and M"},
        {with(R"("factor":"-2")"), "factor is \"-2\""},
        {with(R"("names":false)"), "has no number, and the file has no names"},
        {with(R"("wide":{"minutes":15})"), "a wide layout has a date"},
        {R"({"columns":{"moment":"at"},"values":[{"names":"kwh","unit":"therm"}],)"
         R"("time":{"moment":"ISO"}})",
         "the unit \"therm\" is not one of"},
        {R"({"columns":{"date":"at"},"values":[{"names":"kwh"}],"time":{"date":"YYYY-MM-DD",)"
         R"("zone":"local"}})",
         "intervals need a time of day"},
        {R"({"columns":{"moment":"at"},"values":[{"names":"kwh"}],)"
         R"("time":{"moment":"ISO","zone":"Mars/Olympus"}})",
         "the zone \"Mars/Olympus\" is none of"},
        {R"({"columns":{"moment":"at"},"values":[{"names":"kwh"}],"time":{"moment":"YYYY HH"}})",
         "a date needs a year, a month and a day"},
        {"[]", "it is not an object"},
        {"{", "json"},
    };
    for (const auto& each : cases) {
        const auto profile = parse_read_profile(each.text, "site");
        ASSERT_FALSE(profile.has_value()) << each.text;
        EXPECT_EQ(profile.error().slug(), "formats.profile_malformed");
        if (std::string(each.told) == "json") continue;
        EXPECT_NE(profile.error().message().find(each.told), std::string::npos)
            << profile.error().message();
    }
}

TEST(ReadProfile, UnitsComeToKilowattHours) {
    EXPECT_EQ(unit_factor("Wh", 60), Decimal(1, 3));
    EXPECT_EQ(unit_factor("mwh", 60), Decimal(1000, 0));
    // 4 kW over a quarter of an hour are 1 kWh; a third of a twelfth has no end.
    EXPECT_EQ(unit_factor("kW", 15), Decimal(25, 2));
    EXPECT_EQ(unit_factor("kW", 5), std::nullopt);
    EXPECT_EQ(unit_factor("therm", 60), std::nullopt);
}

std::optional<std::int64_t> seconds(const std::string& format, const std::string& text) {
    const auto wall = TimeReader({format}).read(text);
    return wall ? std::optional(wall->seconds) : std::nullopt;
}

TEST(TimeReader, FormatsReadWhatTheySayAndNothingElse) {
    // 2026-06-15 is day 20,619 after 1970-01-01.
    constexpr std::int64_t day = 20'619LL * 86'400;
    EXPECT_EQ(seconds("YYYY-MM-DD", "2026-06-15"), day);
    EXPECT_EQ(seconds("M/D/YYYY h:mm AM", "6/15/2026 12:05 AM"), day + 300);
    EXPECT_EQ(seconds("M/D/YYYY h:mm AM", "6/15/2026 1:00 pm"), day + 13 * 3600);
    EXPECT_EQ(seconds("MM/DD/YY HH:mm:ss", "06/15/26 23:59:58"), day + 86'398);
    EXPECT_EQ(seconds("DD.MM.YYYY HH:mm", "15.06.2026 24:00"), day + 86'400);
    EXPECT_EQ(seconds("ISO", "2026-06-15T01:00"), day + 3600);
    EXPECT_EQ(TimeReader({"ISO"}).read("2026-06-15T01:00:00-07:00")->offset, -25'200);
    for (const auto& [format, text] :
         {std::pair("YYYY-MM-DD", "2026-02-29"), std::pair("YYYY-MM-DD", "2026-6-15"),
          std::pair("YYYY-MM-DD", "2026-06-15x"), std::pair("H:mm", "24:01"),
          std::pair("h:mm AM", "0:30 AM"), std::pair("h:mm AM", "13:30 PM"),
          std::pair("ISO", "2026-06-15T01:60"), std::pair("ISO", "2026-06-15T01:00+7"),
          std::pair("ISO", "2026-06-15"), std::pair("H:mm", "")}) {
        EXPECT_EQ(seconds(format, text), std::nullopt) << format << " " << text;
    }
    const std::string zeros(10, '\0');
    EXPECT_FALSE(TimeReader({"ISO"}).read(zeros + "T01:00"));
}

TEST(WallClock, ChangesOfTheClockHaveNoneOrTwoPlaces) {
    const auto zone = TimeZone::load("America/Los_Angeles");
    ASSERT_TRUE(zone.has_value());
    WallClock clock(*zone);
    // 2026-03-08, day 20,520: 02:00 to 03:00 is skipped. 2026-11-01, day 20,758: 01:00 to 02:00
    // comes at -07:00 and again at -08:00.
    constexpr std::int64_t spring = 20'520LL * 86'400;
    constexpr std::int64_t autumn = 20'758LL * 86'400;
    EXPECT_EQ(clock.places(spring + 2 * 3600 + 900).count, 0);
    EXPECT_EQ(clock.places(spring + 3600).first.seconds, spring + 3600 + 8 * 3600);
    EXPECT_EQ(clock.places(spring + 3 * 3600).first.seconds, spring + 3 * 3600 + 7 * 3600);
    const WallPlaces twice = clock.places(autumn + 3600);
    EXPECT_EQ(twice.count, 2);
    EXPECT_EQ(twice.first.seconds, autumn + 3600 + 7 * 3600);
    EXPECT_EQ(twice.second.seconds, autumn + 3600 + 8 * 3600);
    EXPECT_EQ(clock.places(autumn + 2 * 3600).count, 1);
    // The day before and the day after are ordinary, in whichever order they are asked for.
    EXPECT_EQ(clock.places(autumn - 3600).first.seconds, autumn - 3600 + 7 * 3600);
    EXPECT_EQ(clock.places(autumn + 86'400).first.seconds, autumn + 86'400 + 8 * 3600);
    EXPECT_EQ(clock.places(autumn + 3600).count, 2);
    EXPECT_EQ(clock.places(spring + 2 * 3600).count, 0);
}

}  // namespace
}  // namespace watthour::formats
