// SPDX-License-Identifier: Apache-2.0
#include "formats/profile_reads.hpp"

#include "formats/test_files.hpp"

#include <gtest/gtest.h>

namespace watthour::formats {
namespace {

ReadsFile read_sample(const std::string& format, const std::string& name,
                      const std::string& meter = "") {
    const auto zone = TimeZone::load("America/Los_Angeles");
    return read_reads(sample_text(format + "/" + name), shipped_profile(format), {*zone, meter});
}

ReadProfile profile_of(const std::string& text) {
    const auto profile = parse_read_profile(text, "test");
    EXPECT_TRUE(profile.has_value()) << profile.error().message();
    return profile ? *profile : ReadProfile();
}

/// "2026-06-01T07:15:00Z 0.482 A; ..." of the rows of a meter in a unit.
std::string told(const ReadsFile& file, const std::string& meter, const std::string& units) {
    std::string text;
    for (const CmepRow& row : file.rows) {
        if (row.meter != meter || row.units != units) continue;
        std::int64_t line = row.line;
        for (const CmepValue& value : row.values) {
            text += std::to_string(line) + " " + to_iso_utc(value.end).substr(5, 11) + " " +
                    (value.quality == 'N' ? "-" : value.value.to_string());
            if (value.quality != '\0') text += value.quality;
            text += "; ";
            line += row.value_lines;
        }
    }
    return text;
}

TEST(ProfileReads, MetersInTurnKeepTheirQuantitiesStatusAndLines) {
    const ReadsFile file = read_sample("csv-intervals", "two_meters_in_turn.csv");
    ASSERT_TRUE(file.outcome.problems.empty()) << file.outcome.problems[0].message;
    EXPECT_EQ(file.outcome.minutes, 15);
    EXPECT_EQ(file.rows.size(), 4U);
    EXPECT_EQ(told(file, "M-1", "KWH"),
              "2 06-01T07:15 0.482; 4 06-01T07:30 0.51E; 6 06-01T07:45 0.4A; ");
    EXPECT_EQ(told(file, "M-1", "GKWH"),
              "2 06-01T07:15 0; 4 06-01T07:30 0.02E; 6 06-01T07:45 0A; ");
    EXPECT_EQ(told(file, "M-2", "KWH"),
              "3 06-01T07:15 1.5; 5 06-01T07:30 -N; 7 06-01T07:45 1.25; ");
}

TEST(ProfileReads, OffsetsTellTheHourThatComesTwiceApart) {
    const ReadsFile file = read_sample("csv-intervals", "autumn_day_with_offsets.csv", "M-1");
    ASSERT_TRUE(file.outcome.problems.empty()) << file.outcome.problems[0].message;
    EXPECT_EQ(told(file, "M-1", "KWH"),
              "2 11-01T08:00 0.5; 3 11-01T09:00 0.6; 4 11-01T10:00 0.7; 5 11-01T11:00 0.8; ");
}

TEST(ProfileReads, EachFaultIsNamedAtItsLineAndTheGoodRowsGoOn) {
    const struct {
        const char* format;
        const char* file;
        const char* rule;
        std::int64_t line;
        std::size_t good;
        std::size_t rejected;
    } cases[] = {
        {"csv-intervals", "decimal_comma_splits_a_cell.csv", "reads.field_count", 3, 2, 1},
        {"csv-intervals", "value_in_words.csv", "reads.value", 3, 2, 1},
        {"csv-intervals", "time_without_offset.csv", "reads.offset", 3, 2, 1},
        {"csv-intervals", "unknown_quality.csv", "reads.quality", 3, 2, 1},
        {"csv-intervals", "column_of_values_missing.csv", "reads.names", 1, 0, 0},
        {"csv-intervals", "stops_in_the_last_value.csv", "reads.line_cut", 3, 1, 1},
        {"csv-intervals", "quote_without_end.csv", "reads.quote", 3, 1, 1},
        {"csv-registers", "bad_rows.csv", "reads.date", 2, 1, 5},
        {"csv-registers", "bad_rows.csv", "reads.meter", 3, 1, 5},
        {"csv-registers", "bad_rows.csv", "reads.value", 4, 1, 5},
        {"csv-registers", "bad_rows.csv", "reads.quantity", 5, 1, 5},
        {"csv-registers", "bad_rows.csv", "reads.quality", 6, 1, 5},
        {"green-button-csv", "gas_in_therms.csv", "reads.unit", 8, 1, 1},
        {"green-button-csv", "interval_of_another_length.csv", "reads.end_time", 8, 2, 1},
        {"green-button-csv", "names_missing.csv", "reads.names", 1, 0, 0},
        {"mv90", "bad_rows.txt", "reads.date", 2, 1, 4},
        {"mv90", "bad_rows.txt", "reads.time", 3, 1, 4},
        {"mv90", "bad_rows.txt", "reads.field_count", 4, 1, 4},
        {"mv90", "bad_rows.txt", "reads.field_count", 5, 1, 4},
        {"mv90", "meter_line_without_meter.txt", "reads.meter_line", 1, 1, 2},
        {"mv90", "meter_line_without_meter.txt", "reads.meter", 2, 1, 2},
    };
    for (const auto& each : cases) {
        SCOPED_TRACE(std::string(each.file) + " " + each.rule);
        const ReadsFile file = read_sample(each.format, each.file);
        EXPECT_TRUE(has_rule(file.outcome.problems, each.rule, each.line))
            << to_text(totals_json(file));
        std::size_t good = 0;
        for (const CmepRow& row : file.rows) {
            if (row.units == "KWH" || row.units == "KWHREG") good += row.values.size();
        }
        EXPECT_EQ(good, each.good);
        EXPECT_EQ(file.outcome.rejected.size(), each.rejected);
        for (const Problem& problem : file.outcome.problems) EXPECT_FALSE(problem.remedy.empty());
    }
}

TEST(ProfileReads, ATimeOffTheStepIsNotTaken) {
    // The shortest time between rows is 15 seconds short of a quarter, which is no interval.
    const ReadsFile file = read_sample("csv-intervals", "time_off_the_step.csv");
    EXPECT_TRUE(has_rule(file.outcome.problems, "reads.step", 0));
    ReadProfile quarters = shipped_profile("csv-intervals");
    quarters.minutes = 15;
    const ReadsFile known =
        read_reads(sample_text("csv-intervals/time_off_the_step.csv"), quarters, {});
    EXPECT_TRUE(has_rule(known.outcome.problems, "reads.step", 4));
    EXPECT_EQ(known.outcome.rejected.size(), 1U);
    EXPECT_EQ(told(known, "", "KWH"),
              "2 06-01T07:15 0.482; 3 06-01T07:30 0.510; 5 06-01T08:00 0.300; ");
}

TEST(ProfileReads, RegistersAreReadAtTheMidnightThatBeginsTheirDay) {
    const ReadsFile file = read_sample("csv-registers", "three_reads.csv");
    ASSERT_TRUE(file.outcome.problems.empty()) << file.outcome.problems[0].message;
    EXPECT_EQ(told(file, "M-1", "KWHREG"), "2 06-01T07:00 4120; 3 07-01T07:00 4862.5E; ");
    EXPECT_EQ(told(file, "M-2", "GKWHREG"), "4 06-01T07:00 17; ");
}

TEST(ProfileReads, PortalsPreambleIsPassedOverAndTheirEndIsTheLastMinute) {
    const ReadsFile usage = read_sample("green-button-csv", "usage_with_units.csv", "M-1");
    ASSERT_TRUE(usage.outcome.problems.empty()) << usage.outcome.problems[0].message;
    EXPECT_EQ(usage.outcome.minutes, 60);
    EXPECT_EQ(told(usage, "M-1", "KWH"),
              "7 06-01T08:00 0.48; 8 06-01T09:00 0.51; 9 06-01T10:00 0.4; ");
    const ReadsFile both = read_sample("green-button-csv", "import_and_export.csv", "M-1");
    EXPECT_EQ(both.outcome.minutes, 15);
    EXPECT_EQ(told(both, "M-1", "KWH"), "7 06-01T07:15 0.12; 8 06-01T07:30 0.00; ");
    EXPECT_EQ(told(both, "M-1", "GKWH"), "7 06-01T07:15 0.00; 8 06-01T07:30 0.31; ");
}

TEST(ProfileReads, TheAutumnHourIsDoubledOrLostAsTheProfileSaysOrAProblem) {
    const auto zone = TimeZone::load("America/Los_Angeles");
    const std::string text = sample_text("green-button-csv/autumn_hour_written_twice.csv");
    const ReadProfile doubled = shipped_profile("green-button-csv");
    ReadProfile lost = doubled;
    lost.autumn = AutumnHour::lost;
    const ReadsFile twice = read_reads(text, doubled, {*zone, "M"});
    EXPECT_TRUE(twice.outcome.problems.empty());
    // The pair stands at the end, where it is known to be a pair.
    EXPECT_EQ(told(twice, "M", "KWH"),
              "7 11-01T08:00 0.1; 10 11-01T11:00 0.4; 8 11-01T09:00 0.2; 9 11-01T10:00 0.3; ");
    const ReadsFile once = read_reads(text, lost, {*zone, "M"});
    EXPECT_TRUE(has_rule(once.outcome.problems, "reads.autumn", 8));
    EXPECT_TRUE(has_rule(once.outcome.problems, "reads.autumn", 9));
    EXPECT_EQ(once.outcome.rejected.size(), 2U);
    EXPECT_EQ(told(once, "M", "KWH"), "7 11-01T08:00 0.1; 10 11-01T11:00 0.4; ");
    // Without its line 9 the file is one that lost the hour.
    std::string short_text = text;
    short_text.erase(short_text.find("Electric usage,2026-11-01,01:00,01:59,0.3"), 45);
    const ReadsFile short_lost = read_reads(short_text, lost, {*zone, "M"});
    EXPECT_TRUE(short_lost.outcome.problems.empty());
    EXPECT_TRUE(has_rule(short_lost.outcome.notes, "reads.autumn_lost", 0));
    EXPECT_EQ(told(short_lost, "M", "KWH"),
              "7 11-01T08:00 0.1; 9 11-01T11:00 0.4; 8 11-01T09:00 0.2; ");
    const ReadsFile contradicts = read_reads(short_text, doubled, {*zone, "M"});
    EXPECT_TRUE(has_rule(contradicts.outcome.problems, "reads.autumn", 8));
    // Where the zone is not known nothing is judged, and a note says so.
    const ReadsFile blind = read_reads(text, doubled, {});
    EXPECT_TRUE(blind.outcome.problems.empty());
    EXPECT_TRUE(has_rule(blind.outcome.notes, "reads.zone_unknown", 0));
}

TEST(ProfileReads, MetersOfALargeSiteEndTheirIntervals) {
    const ReadsFile file = read_sample("mv90", "two_meters.txt");
    ASSERT_TRUE(file.outcome.problems.empty()) << file.outcome.problems[0].message;
    EXPECT_EQ(told(file, "4711", "KWH"),
              "2 06-01T07:15 12.5; 3 06-01T07:30 13; 4 06-02T07:00 9.75; ");
    EXPECT_EQ(told(file, "4711", "KVARH"),
              "2 06-01T07:15 3.25; 3 06-01T07:30 3; 4 06-02T07:00 -N; ");
    EXPECT_EQ(told(file, "4712", "KWH"), "6 06-01T07:15 100; 7 06-01T07:30 -N; ");
}

TEST(ProfileReads, HourEndingAndSemicolonsAndDecimalCommas) {
    const ReadProfile profile = profile_of(
        R"({"delimiter":";","decimal_mark":",","columns":{"date":"Fecha","time":"Hora",
            "unit":"Unidad","multiplier":"Factor"},"values":[{"names":"Consumo"}],
            "time":{"date":"D/M/YYYY","clock":"H:mm","zone":"America/Los_Angeles",
                    "label":"start_plus_step","minutes":60}})");
    // 02:00 on 2026-03-08 is the hour from 01:00; the clock itself then shows 03:00.
    const ReadsFile file = read_reads(
        "Fecha;Hora;Consumo;Unidad;Factor\n"
        "8/3/2026;1:00;1,5;kWh;1\n8/3/2026;2:00;250;Wh;1\n8/3/2026;4:00;0,001;MWh;2,5\n"
        "8/3/2026;3:00;1;kWh;1\n",
        profile, {std::nullopt, "M"});
    EXPECT_EQ(told(file, "M", "KWH"),
              "2 03-08T09:00 1.5; 3 03-08T10:00 250; 4 03-08T11:00 0.001; ");
    ASSERT_EQ(file.rows.size(), 3U);
    EXPECT_EQ(file.rows[1].multiplier, Decimal(1, 3));
    EXPECT_EQ(file.rows[2].multiplier, Decimal(2500, 0));
    // The hour that ends at 3:00 would begin at 2:00, which the clock skips.
    EXPECT_TRUE(has_rule(file.outcome.problems, "reads.clock_gap", 5));
}

/// A row of a day with so many hours of 1, 2, 3, ...
std::string day_row(const std::string& date, int hours, const std::string& tail = "") {
    std::string row = "M," + date;
    for (int i = 1; i <= hours; ++i) row += "," + std::to_string(i);
    return row + tail + "\n";
}

TEST(ProfileReads, ADayInARowHasAsManyHoursAsTheDay) {
    const std::string text =
        R"({"names":false,"columns":{"meter":1,"date":2},"values":[{"number":3}],
            "wide":{"minutes":60},"time":{"date":"YYYY-MM-DD","zone":"America/Los_Angeles",
            "autumn":")";
    const ReadProfile doubled = profile_of(text + "doubled\"}}");
    const ReadProfile lost = profile_of(text + "lost\"}}");
    const auto hours = [&](const std::string& bytes, const ReadProfile& profile) {
        const ReadsFile file = read_reads(bytes, profile, {});
        std::size_t count = 0;
        for (const CmepRow& row : file.rows) count += row.values.size();
        return file.outcome.problems.empty() ? static_cast<int>(count) : -1;
    };
    EXPECT_EQ(hours(day_row("2026-06-01", 24), doubled), 24);
    EXPECT_EQ(hours(day_row("2026-06-01", 24, ","), doubled), 24);
    EXPECT_EQ(hours(day_row("2026-06-01", 25), doubled), -1);
    EXPECT_EQ(hours(day_row("2026-06-01", 23), doubled), -1);
    EXPECT_EQ(hours(day_row("2026-03-08", 23), doubled), 23);
    EXPECT_EQ(hours(day_row("2026-03-08", 23, ","), doubled), 23);
    EXPECT_EQ(hours(day_row("2026-03-08", 24), doubled), -1);
    EXPECT_EQ(hours(day_row("2026-11-01", 25), doubled), 25);
    EXPECT_EQ(hours(day_row("2026-11-01", 24), doubled), -1);
    // By the labels of the clock: the skipped hour is blank, the repeated one stands once.
    EXPECT_EQ(hours(day_row("2026-11-01", 24), lost), 24);
    EXPECT_EQ(hours(day_row("2026-03-08", 24), lost), -1);
    const std::string spring = "M,2026-03-08,1,2,,4" + std::string(20, ',') + "\n";
    const ReadsFile file = read_reads(spring, lost, {});
    ASSERT_TRUE(file.outcome.problems.empty()) << file.outcome.problems[0].message;
    EXPECT_EQ(told(file, "M", "KWH").substr(0, 51),
              "1 03-08T09:00 1; 1 03-08T10:00 2; 1 03-08T11:00 4; ");
    const ReadsFile autumn = read_reads(day_row("2026-11-01", 25), doubled, {});
    EXPECT_EQ(told(autumn, "M", "KWH").substr(0, 68),
              "1 11-01T08:00 1; 1 11-01T09:00 2; 1 11-01T10:00 3; 1 11-01T11:00 4; ");
}

TEST(ProfileReads, AMeterThatIsGivenMustBeTheFiles) {
    const ReadsFile file = read_sample("csv-intervals", "two_meters_in_turn.csv", "M-1");
    EXPECT_TRUE(has_rule(file.outcome.problems, "reads.meter_differs", 3));
    EXPECT_EQ(file.outcome.rejected.size(), 3U);
    EXPECT_EQ(told(file, "M-2", "KWH"), "");
}

TEST(ProfileReads, WhatIsNoTextOfReadsIsSaidToBeNone) {
    for (const std::string& bytes :
         {std::string(), std::string("\n\n"), std::string("\xFF\xFEs\0t\0", 6),
          std::string(100'000, ','), std::string(50'000, '"')}) {
        for (const char* name : {"csv-intervals", "csv-registers", "green-button-csv", "mv90"}) {
            const ReadsFile file = read_reads(bytes, shipped_profile(name), {});
            EXPECT_FALSE(file.outcome.problems.empty()) << name;
            EXPECT_TRUE(file.rows.empty());
        }
    }
}

TEST(ProfileReads, NumbersKeepTheirDigitsOrAreRefused) {
    const auto value = [](const std::string& cell) {
        const ReadsFile file =
            read_reads("start,kwh_delivered\n2026-06-01T00:00:00-07:00," + cell + "\n",
                       shipped_profile("csv-intervals"), {});
        return file.rows.empty() ? "none" : file.rows[0].values[0].value.to_string();
    };
    EXPECT_EQ(value("0.85116667"), "0.85116667");
    EXPECT_EQ(value("-.5"), "-0.5");
    EXPECT_EQ(value("+7."), "7");
    EXPECT_EQ(value("999999999999.999999"), "999999999999.999999");
    for (const char* cell : {"1e3", "0x10", "1 000", "--1", ".", "1000000000000", "0.1234567890123",
                             "99999999999999999999999", "NaN"}) {
        EXPECT_EQ(value(cell), "none") << cell;
    }
}

}  // namespace
}  // namespace watthour::formats
