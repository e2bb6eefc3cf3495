// SPDX-License-Identifier: Apache-2.0
#include "formats/guess_profile.hpp"

#include "formats/profile_reads.hpp"
#include "formats/test_files.hpp"

#include <gtest/gtest.h>

namespace watthour::formats {
namespace {

std::string roles(const ProfileGuess& guess) {
    std::string text;
    for (const ColumnGuess& column : guess.columns) {
        if (!text.empty()) text += ' ';
        text += column.role.empty() ? "-" : column.role;
        EXPECT_FALSE(column.role.empty() == false && column.reason.empty()) << column.header;
    }
    return text;
}

TEST(GuessProfile, ColumnsAreKnownByTheirNamesAndValues) {
    const ProfileGuess english =
        guess_read_profile(sample_text("csv-intervals/two_meters_in_turn.csv"));
    EXPECT_EQ(roles(english), "meter moment value value quality");
    EXPECT_TRUE(english.usable);
    EXPECT_EQ(english.profile.zone, ProfileZone::in_text);
    EXPECT_EQ(english.profile.values.at(1).quantity, "GKWH");
    // The proposal reads the file as the shipped profile does.
    const std::string text = sample_text("csv-intervals/two_meters_in_turn.csv");
    EXPECT_EQ(read_reads(text, english.profile, {}).rows,
              read_reads(text, shipped_profile("csv-intervals"), {}).rows);
}

TEST(GuessProfile, SpanishSemicolonsAndDecimalCommas) {
    const ProfileGuess guess = guess_read_profile(
        "Medidor;Fecha;Hora;Energ\xC3\xAD"
        "a (kWh);Calidad\n"
        "4711;13/06/2026;0:00;0,482;E\n4711;13/06/2026;0:15;0,5;A\n");
    EXPECT_EQ(roles(guess), "meter date time value quality");
    EXPECT_EQ(guess.profile.delimiter, ';');
    EXPECT_EQ(guess.profile.decimal_mark, ',');
    EXPECT_EQ(guess.profile.date_formats, std::vector<std::string>{"D/M/YYYY"});
    EXPECT_EQ(guess.profile.zone, ProfileZone::local);
    EXPECT_TRUE(guess.usable);
    EXPECT_NE(guess.columns[3].reason.find("value"), std::string::npos);
}

TEST(GuessProfile, ADateThatReadsBothWaysIsAskedFor) {
    const ProfileGuess guess =
        guess_read_profile("Date,Time,kWh\n6/1/2026,12:15 AM,1.5\n6/1/2026,12:30 AM,1.25\n");
    EXPECT_EQ(guess.profile.date_formats, std::vector<std::string>{"M/D/YYYY"});
    EXPECT_EQ(guess.profile.time_formats, std::vector<std::string>{"h:mm AM"});
    ASSERT_FALSE(guess.questions.empty());
    EXPECT_NE(guess.questions[0].text.find("month or the day"), std::string::npos);
}

TEST(GuessProfile, WithoutNamesTheValuesTell) {
    const ProfileGuess guess =
        guess_read_profile("4711,2026-06-01 00:15,0.5\n4711,2026-06-01 00:30,0.25\n");
    EXPECT_EQ(roles(guess), "- moment value");
    EXPECT_FALSE(guess.profile.has_names);
    EXPECT_EQ(guess.profile.moment.number, 2);
    EXPECT_EQ(guess.profile.values.at(0).column.number, 3);
    EXPECT_TRUE(guess.usable);
}

TEST(GuessProfile, ADayInARowAndRegistersAreTold) {
    std::string wide = "meter,date";
    std::string row = "M-1,2026-06-01";
    for (int hour = 0; hour < 24; ++hour) {
        wide += ",h" + std::to_string(hour);
        row += ",1." + std::to_string(hour);
    }
    const ProfileGuess days = guess_read_profile(wide + "\n" + row + "\n");
    EXPECT_EQ(days.profile.wide_minutes, 60);
    EXPECT_EQ(days.profile.kind, ReadKind::intervals);
    EXPECT_TRUE(days.usable);
    EXPECT_EQ(read_reads(wide + "\n" + row + "\n", days.profile, {}).rows.at(0).values.size(), 24U);
    const ProfileGuess registers = guess_read_profile(
        "N\xC3\xBAmero de medidor,Fecha de lectura,Lectura\n4711,2026-06-01,4120\n");
    EXPECT_EQ(registers.profile.kind, ReadKind::registers);
    EXPECT_EQ(roles(registers), "meter date reading");
    EXPECT_TRUE(registers.usable);
}

TEST(GuessProfile, WhatHoldsNoReadsIsNotUsable) {
    for (const char* text : {"", "hello\n", "a,b\nc,d\n", "kwh\n1\n"}) {
        const ProfileGuess guess = guess_read_profile(text);
        EXPECT_FALSE(guess.usable) << text;
        EXPECT_FALSE(guess.questions.empty());
    }
}

}  // namespace
}  // namespace watthour::formats
