// SPDX-License-Identifier: Apache-2.0
#include "formats/cmep.hpp"

#include "formats/test_files.hpp"

#include <gtest/gtest.h>

#include <random>

namespace watthour::formats {
namespace {

constexpr std::string_view head = "MEPMD01,20080501,AMI,U1,VEU,10000000019,202606100300,";

CmepFile read_row(const std::string& rest, const CmepOptions& options = {}) {
    return read_cmep(std::string(head) + rest + "\r\n", options);
}

std::string compact(Instant at) {
    std::string iso = to_iso_utc(at);  // 2011-09-20T00:02:00Z
    return iso.substr(0, 4) + iso.substr(5, 2) + iso.substr(8, 2) + iso.substr(11, 2) +
           iso.substr(14, 2);
}

TEST(Cmep, VendorSampleReadsAsExpected) {
    const CmepFile file = read_cmep(sample_text("cmep/sensus-mepmd01-a.cmep"));
    const auto rows = table_rows("cmep/EXPECT.tsv");
    ASSERT_TRUE(file.problems.empty());
    ASSERT_EQ(file.rows.size() + 1, rows.size());
    for (std::size_t i = 0; i < file.rows.size(); ++i) {
        const CmepRow& row = file.rows[i];
        const auto& told = rows[i + 1];
        EXPECT_EQ(std::to_string(row.line), told[1]);
        EXPECT_EQ(row.receiver_customer, told[2]);
        EXPECT_EQ(row.meter, told[2]) << "field 8 is empty, so field 6 names the meter";
        EXPECT_EQ(row.commodity, told[3]);
        EXPECT_EQ(row.units, told[4]);
        EXPECT_EQ(std::to_string(row.values.size()), told[5]);
        EXPECT_EQ(row.interval_seconds, 3600);
        const CmepValue& first = row.values.front();
        const CmepValue& last = row.values.back();
        EXPECT_EQ(compact(first.end + first.moved_seconds), told[6]);
        EXPECT_EQ(compact(last.end + last.moved_seconds), told[7]);
        EXPECT_EQ(first.value.to_string(), told[8]);
        EXPECT_EQ(last.value.to_string(), told[9]);
        EXPECT_EQ((last.value - first.value).to_string(), told[10]);
        int backwards = 0;
        for (std::size_t k = 1; k < row.values.size(); ++k) {
            backwards += row.values[k].value < row.values[k - 1].value ? 1 : 0;
        }
        EXPECT_EQ(std::to_string(backwards), told[11]);
    }
}

TEST(Cmep, EndTimesTwoMinutesOffTheHourAreSnappedAndMarked) {
    const CmepFile file = read_cmep(sample_text("cmep/sensus-mepmd01-a.cmep"));
    const CmepValue& value = file.rows[0].values[0];
    EXPECT_EQ(to_iso_utc(value.end), "2011-09-20T00:00:00Z");
    EXPECT_EQ(value.moved_seconds, 120);
    EXPECT_NE(value.flags & cmep_time_snapped, 0U);
    const CmepFile strict = read_cmep(sample_text("cmep/sensus-mepmd01-a.cmep"), {{}, 60});
    EXPECT_NE(strict.rows[0].values[0].flags & cmep_time_off_grid, 0U);
    EXPECT_EQ(to_iso_utc(strict.rows[0].values[0].end), "2011-09-20T00:02:00Z");
}

TEST(Cmep, ValuesWrittenInOtherWaysAmongPlainOnesKeepTheirOwnMeaning) {
    const CmepFile file = read_row(
        "M1,OK,E,KWH,,00000015,12,202606090015,R,1.250,,R,0.5,,R,.75,,R,+2,,R,-0.1,,E32,3.000,,E32,"
        "4,,,5,202606090230,R,6.0,,R,7, ,R, 8 ,,R,123456789012345678");
    ASSERT_EQ(file.rows.size(), 1U) << file.problems[0].message;
    const auto& values = file.rows[0].values;
    ASSERT_EQ(values.size(), 12U);
    const char* const written[] = {"1.250", "0.5", "0.75", "2", "-0.1", "3.000",
                                   "4",     "5",   "6.0",  "7", "8",    "123456789012345678"};
    for (std::size_t i = 0; i < values.size(); ++i) {
        EXPECT_EQ(values[i].value.to_string(), written[i]);
        const char quality = i == 5 || i == 6 ? 'E' : i == 7 ? '\0' : 'R';
        EXPECT_EQ(values[i].quality, quality) << i;
        EXPECT_EQ(values[i].flags, quality == 'E' ? 32U : 0U) << i;
    }
    EXPECT_EQ(to_iso_utc(values[7].end), "2026-06-09T02:00:00Z");
    EXPECT_EQ(to_iso_utc(values[11].end), "2026-06-09T03:15:00Z");
}

TEST(Cmep, AValueThatIsNoNumberAmongPlainOnesIsNamed) {
    for (const char* bad : {"1.2.3", "1.", ".", "1x", "1234567890123456789", "0.1234567890123"}) {
        const CmepFile file = read_row(
            std::string("M1,OK,E,KWH,,00000015,3,202606090015,R,1.250,,R,") + bad + ",,R,2");
        if (std::string_view(bad) == "1.") {  // as other readers of numbers do
            ASSERT_EQ(file.rows.size(), 1U);
            EXPECT_EQ(file.rows[0].values[1].value, Decimal(1, 0));
            continue;
        }
        ASSERT_EQ(file.problems.size(), 1U) << bad;
        EXPECT_EQ(file.problems[0].rule, "cmep.value");
        EXPECT_NE(file.problems[0].message.find("value 2 is"), std::string::npos) << bad;
    }
}

TEST(Cmep, WhatFollowsATimeOffTheGridIsOffTheGridToo) {
    const CmepFile file = read_row("M1,OK,E,KWH,,00000015,3,202606090017,R,1,,R,2,,R,3", {{}, 60});
    ASSERT_EQ(file.rows.size(), 1U);
    for (const CmepValue& value : file.rows[0].values) {
        EXPECT_NE(value.flags & cmep_time_off_grid, 0U);
    }
    EXPECT_EQ(to_iso_utc(file.rows[0].values[2].end), "2026-06-09T00:47:00Z");
}

TEST(Cmep, EmptyEndTimeIsThePreviousPlusTheInterval) {
    const CmepFile file = read_row("M1,OK,E,KWH,0.5,00000015,3,202606090015,,1.250,,E32,2,,N,");
    ASSERT_EQ(file.rows.size(), 1U) << file.problems[0].message;
    const auto& values = file.rows[0].values;
    EXPECT_EQ(to_iso_utc(values[1].end), "2026-06-09T00:30:00Z");
    EXPECT_EQ(to_iso_utc(values[2].end), "2026-06-09T00:45:00Z");
    EXPECT_EQ(values[0].quality, '\0');
    EXPECT_EQ(values[0].value.to_string(), "1.250");
    EXPECT_EQ(values[1].quality, 'E');
    EXPECT_EQ(values[1].flags, 32U);
    EXPECT_EQ(values[2].quality, 'N');
    EXPECT_EQ(file.rows[0].multiplier, Decimal(5, 1));
    EXPECT_EQ(file.rows[0].meter, "M1");
}

TEST(Cmep, QuotedFieldsMayHoldCommasAndQuotes) {
    const CmepFile file = read_cmep(
        "\"MEPMD01\",1,\"A, \"\"B\"\" Co\",,R,C,,M1,OK,E,\"KWHREG\",,00010000,1,"
        "202606090700,R,42\n");
    ASSERT_EQ(file.rows.size(), 1U);
    EXPECT_EQ(file.rows[0].sender, "A, \"B\" Co");
    EXPECT_EQ(file.rows[0].interval_seconds, 86'400);
    EXPECT_EQ(to_iso_utc(file.rows[0].values[0].end), "2026-06-09T07:00:00Z");
}

TEST(Cmep, CrcFieldIsAllowedAndAnythingElseThereIsNot) {
    EXPECT_TRUE(read_row("M1,OK,E,KWH,1,00000100,1,202606090100,R,1,H0A1f").problems.empty());
    EXPECT_TRUE(has_rule(read_row("M1,OK,E,KWH,1,00000100,1,202606090100,R,1,XYZ").problems,
                         "cmep.field_count", 1));
}

TEST(Cmep, LocalTimesBecomeUtcWithTheRepeatedHourTwice) {
    const auto zone = TimeZone::load("America/Los_Angeles");
    ASSERT_TRUE(zone.has_value());
    const CmepFile file =
        read_row("M1,OK,E,KWH,1,00000100,3,202611010100,R,1,202611010100,R,2,202611010200,R,3",
                 {*zone, 120});
    ASSERT_EQ(file.rows.size(), 1U);
    EXPECT_EQ(to_iso_utc(file.rows[0].values[0].end), "2026-11-01T08:00:00Z");
    EXPECT_EQ(to_iso_utc(file.rows[0].values[1].end), "2026-11-01T09:00:00Z");
    EXPECT_EQ(to_iso_utc(file.rows[0].values[2].end), "2026-11-01T10:00:00Z");
    const CmepFile gap = read_row("M1,OK,E,KWH,1,00000100,1,202603080230,R,1", {*zone, 120});
    EXPECT_TRUE(has_rule(gap.problems, "cmep.local_time", 1));
}

TEST(Cmep, AlarmRowsAreKeptAsSent) {
    const CmepFile file = read_cmep("MLA01,20080501,AMI,U1,VEU,C1,202606100300,M7,OK,E,4096\r\n");
    ASSERT_EQ(file.alarms.size(), 1U);
    EXPECT_EQ(file.alarms[0].meter, "M7");
    EXPECT_EQ(file.alarms[0].fields, (std::vector<std::string>{"OK", "E", "4096"}));
}

TEST(Cmep, EachBadFileIsNamedAtItsLineAndItsGoodRowsGoOn) {
    const struct {
        const char* file;
        const char* rule;
        std::size_t good_rows;
    } cases[] = {{"count_one_too_low", "cmep.field_count", 2},
                 {"cut_in_the_middle_of_a_line", "cmep.line_cut", 1},
                 {"cut_inside_the_header_of_a_line", "cmep.line_cut", 1},
                 {"end_time_on_september_31", "cmep.end_time", 2},
                 {"first_end_time_missing", "cmep.end_time", 2},
                 {"interval_in_words", "cmep.interval", 2},
                 {"no_meter_named", "cmep.field_missing", 2},
                 {"time_of_use_parts_off", "cmep.tou_sum", 1},
                 {"value_not_a_number_and_quality_unknown", "cmep.value", 2},
                 {"value_not_a_number_and_quality_unknown", "cmep.quality", 2}};
    for (const auto& each : cases) {
        SCOPED_TRACE(each.file);
        const CmepFile file = read_cmep(sample_text(std::string("cmep/") + each.file + ".cmep"));
        EXPECT_TRUE(has_rule(file.problems, each.rule, 2));
        EXPECT_EQ(file.rows.size(), each.good_rows);
        ASSERT_EQ(file.rejected.size(), 1U);
        EXPECT_EQ(file.rejected[0].line, 2);
        EXPECT_FALSE(file.rejected[0].raw.empty());
    }
}

TEST(Cmep, TimeOfUseRowsHoldTheirRegistersBySeason) {
    const CmepFile file = read_cmep(sample_text("cmep/time_of_use_registers.cmep"));
    ASSERT_TRUE(file.problems.empty()) << file.problems[0].message;
    ASSERT_EQ(file.tou_rows.size(), 1U);
    const CmepTouRow& row = file.tou_rows[0];
    EXPECT_EQ(row.meter, "M-1");
    EXPECT_EQ(row.units, "KWHREG");
    EXPECT_EQ(row.season, 'S');
    EXPECT_EQ(to_iso_utc(row.end), "2011-10-01T07:00:00Z");
    ASSERT_EQ(row.values.size(), 4U);
    EXPECT_EQ(row.values[1].label, "OFF-PEAK");
    EXPECT_EQ(row.values[1].value.to_string(), "250.5");
    EXPECT_EQ(row.values[2].quality, '\0');
    EXPECT_EQ(read_cmep(sample_text("cmep/time_of_use_record.cmep")).tou_rows.size(), 1U);
}

TEST(Cmep, EachFaultOfATimeOfUseRowIsNamed) {
    const std::string prefix = "MEPMD02,20080501,AMI,,R,C,,M1,OK,E,KWHREG,";
    const std::string period = "202606010700,202607010700,";
    const struct {
        std::string row;
        const char* rule;
    } cases[] = {
        {prefix + "S,1," + period + "2,ON-PEAK,,1,TOTAL,,1", ""},
        {prefix + ",," + period + "1,TOTAL,,1,H0A1f", ""},
        {prefix + "S,1," + period + "2,ON-PEAK,,1,TOTAL,N,", ""},
        {prefix + "F,1," + period + "1,TOTAL,,1", "cmep.season"},
        {prefix + "S,0," + period + "1,TOTAL,,1", "cmep.multiplier"},
        {prefix + "S,1,202607010700,202606010700,1,TOTAL,,1", "cmep.period"},
        {prefix + "S,1,202606310700,202607010700,1,TOTAL,,1", "cmep.end_time"},
        {prefix + "S,1," + period + "7,TOTAL,,1", "cmep.count"},
        {prefix + "S,1," + period + "2,TOTAL,,1", "cmep.field_count"},
        {prefix + "S,1," + period + "1,MID-PEAK,,1", "cmep.tou_label"},
        {prefix + "S,1," + period + "2,ON-PEAK,,1,ON-PEAK,,1", "cmep.tou_label"},
        {prefix + "S,1," + period + "1,TOTAL,Q,1", "cmep.quality"},
        {prefix + "S,1," + period + "1,TOTAL,,one", "cmep.value"},
        {prefix + "S,1," + period + "2,ON-PEAK,,1.5,TOTAL,,1.25", "cmep.tou_sum"},
    };
    for (const auto& each : cases) {
        const CmepFile file = read_cmep(each.row + "\r\n");
        if (*each.rule == '\0') {
            EXPECT_TRUE(file.problems.empty()) << each.row << file.problems[0].message;
            continue;
        }
        EXPECT_TRUE(has_rule(file.problems, each.rule, 1)) << each.row;
        EXPECT_TRUE(file.tou_rows.empty());
        EXPECT_EQ(file.rejected.size(), 1U);
    }
    // Cut in its last value, the sum tells; without parts to add only the line end does.
    const std::string whole = prefix + "S,1," + period + "2,ON-PEAK,,12,TOTAL,,12";
    EXPECT_TRUE(read_cmep(whole).problems.empty());
    EXPECT_FALSE(read_cmep(whole.substr(0, whole.size() - 1)).problems.empty());
    EXPECT_FALSE(read_cmep(prefix + "S,1," + period + "1,TOTAL,,12").problems.empty());
}

CmepRow random_row(std::mt19937& random) {
    const auto pick = [&](int most) {
        return static_cast<int>(random() % static_cast<unsigned>(most));
    };
    static constexpr int intervals[] = {300, 900, 1800, 3600, 86'400};
    static constexpr char qualities[] = {'\0', 'R', 'E', 'A'};
    CmepRow row;
    row.line = 1;
    row.sender = pick(3) == 0 ? "A, \"quoted\" name" : "AMI";
    row.receiver_customer = std::to_string(10'000'000'000 + pick(1000));
    row.meter = pick(4) == 0 ? row.receiver_customer : "M" + std::to_string(pick(100'000));
    row.units = pick(2) == 0 ? "KWH" : "KWHREG";
    row.multiplier = Decimal(1 + pick(400), pick(3));
    row.interval_seconds = intervals[pick(5)];
    const std::int64_t grid = std::min(row.interval_seconds, 3600);
    Instant end{(1'700'000'000 + pick(90'000'000)) / grid * grid};
    for (int i = 1 + pick(96); i > 0; --i) {
        CmepValue value;
        value.end = end;
        value.quality = qualities[pick(4)];
        value.flags = pick(5) == 0 ? static_cast<std::uint32_t>(pick(262'144)) : 0;
        value.value = Decimal(pick(1'000'000) - 1000, pick(4));
        if (pick(20) == 0) {
            value.moved_seconds = 60;
            value.flags |= cmep_time_snapped;
        }
        row.values.push_back(value);
        end = end + row.interval_seconds * (pick(10) == 0 ? 2 : 1);
    }
    return row;
}

TEST(Cmep, WrittenRowsReadBackEqual) {
    constexpr unsigned seed = 20'260'609;
    std::mt19937 random(seed);
    for (int i = 0, files = random_files(300); i < files; ++i) {
        const CmepRow row = random_row(random);
        std::string text;
        append_cmep_row(text, row);
        const CmepFile file = read_cmep(text);
        ASSERT_TRUE(file.problems.empty()) << "seed " << seed << ": " << file.problems[0].message;
        ASSERT_EQ(file.rows.size(), 1U);
        ASSERT_TRUE(file.rows[0] == row) << "seed " << seed << " row " << i << "\n" << text;
    }
}

}  // namespace
}  // namespace watthour::formats
