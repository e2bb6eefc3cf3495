// SPDX-License-Identifier: Apache-2.0
#include "formats/green_button.hpp"

#include "formats/test_files.hpp"

#include <gtest/gtest.h>

#include <string>

namespace watthour::formats {
namespace {

TEST(GreenButton, CountsAndSumsAreThoseOfTheIndependentChecker) {
    int read = 0;
    for (const auto& row : table_rows("greenbutton/EXPECT.tsv")) {
        if (row.size() < 11 || row[0] == "file") continue;
        SCOPED_TRACE(row[0]);
        const GreenButtonFile file = read_green_button(sample_text("greenbutton/" + row[0]));
        EXPECT_TRUE(file.problems.empty()) << file.problems[0].message;
        EXPECT_EQ(std::to_string(file.usage_points.size()), row[1]);
        EXPECT_EQ(std::to_string(file.meter_readings.size()), row[2]);
        EXPECT_EQ(std::to_string(file.blocks.size()), row[3]);
        std::int64_t readings = 0;
        std::int64_t values = 0;
        std::int64_t costs = 0;
        std::int64_t first = 0;
        std::int64_t last = 0;
        for (const GreenButtonBlock& block : file.blocks) {
            EXPECT_EQ(block.type, 0);
            for (const GreenButtonReading& one : block.readings) {
                first = readings == 0 ? one.start : std::min(first, one.start);
                last = readings == 0 ? one.start : std::max(last, one.start);
                ++readings;
                values += one.value;
                costs += one.cost.value_or(0);
            }
        }
        EXPECT_EQ(std::to_string(readings), row[4]);
        EXPECT_EQ(std::to_string(values), row[5]);
        EXPECT_EQ(std::to_string(costs), row[6]);
        if (readings > 0) {
            EXPECT_EQ(std::to_string(first) + ".." + std::to_string(last), row[7]);
        }
        ++read;
    }
    EXPECT_EQ(read, 11);
}

TEST(GreenButton, CodesOfTheReadingTypeAreKept) {
    const GreenButtonFile file =
        read_green_button(sample_text("greenbutton/test_usage_data_01.xml"));
    ASSERT_EQ(file.types.size(), 1U);
    EXPECT_EQ(file.types[0].accumulation, 4);
    EXPECT_EQ(file.types[0].flow, 1);
    EXPECT_EQ(file.types[0].power_of_ten, 0);
    EXPECT_EQ(file.types[0].unit, 72);
    EXPECT_EQ(file.service_kind, 0);
    EXPECT_EQ(read_green_button(sample_text("greenbutton/gas_direct.xml")).service_kind, 1);
}

/// A feed of one block with these readings.
std::string feed(const std::string& readings, const std::string& before = "") {
    return before + R"(<feed xmlns="http://www.w3.org/2005/Atom">
<entry><link rel="self" href="/MR/1"/><link rel="related" href="/MR/1/IB"/>
<link rel="related" href="/RT/1"/><content><MeterReading xmlns="http://naesb.org/espi"/></content>
</entry><entry><link rel="self" href="/RT/2"/><content><ReadingType><uom>38</uom></ReadingType>
</content></entry><entry><link rel="self" href="/RT/1"/><content><ReadingType>
<flowDirection>19</flowDirection><uom>72</uom></ReadingType></content></entry>
<entry><link rel="self" href="/MR/1/IB/1"/><link rel="up" href="/MR/1/IB"/><content>
<IntervalBlock>)" +
           readings + "</IntervalBlock></content></entry></feed>";
}

std::string reading(const std::string& start, const std::string& value) {
    return "<IntervalReading><ReadingQuality><quality>8</quality></ReadingQuality><timePeriod>"
           "<duration>900</duration><start>" +
           start + "</start></timePeriod><value>" + value + "</value></IntervalReading>";
}

TEST(GreenButton, LinksDecideWhichTypeHoldsNotTheOrder) {
    const GreenButtonFile file = read_green_button(feed(reading("1330578000.0", "12")));
    ASSERT_TRUE(file.problems.empty()) << file.problems[0].message;
    ASSERT_EQ(file.blocks.size(), 1U);
    EXPECT_EQ(file.types[static_cast<std::size_t>(file.blocks[0].type)].flow, 19);
    const GreenButtonReading& one = file.blocks[0].readings.at(0);
    EXPECT_EQ(one.start, 1'330'578'000);
    EXPECT_EQ(one.duration, 900);
    EXPECT_EQ(one.quality, 8);
}

TEST(GreenButton, ABadReadingIsToldWithItsLineAndTheOthersGoOn) {
    const GreenButtonFile file =
        read_green_button(feed(reading("1330578000", "12") + reading("noon", "13") + "\n" +
                               reading("1330579800", "") + reading("1330580700", "14")));
    ASSERT_EQ(file.problems.size(), 2U);
    EXPECT_EQ(file.problems[0].rule, "greenbutton.start");
    EXPECT_EQ(file.problems[1].rule, "greenbutton.value");
    EXPECT_EQ(file.problems[0].line, 8);
    EXPECT_EQ(file.problems[1].line, 9);
    EXPECT_EQ(file.blocks.at(0).readings.size(), 2U);
}

TEST(GreenButton, DocumentTypesAndEntitiesAreRefused) {
    const std::string bomb =
        "<!DOCTYPE feed [<!ENTITY a \"1111111111\"><!ENTITY b \"&a;&a;&a;&a;\">]>\n";
    const GreenButtonFile file = read_green_button(feed(reading("&b;", "1"), bomb));
    ASSERT_EQ(file.problems.size(), 1U);
    EXPECT_EQ(file.problems[0].rule, "greenbutton.forbidden");
    EXPECT_TRUE(file.blocks.empty());
}

TEST(GreenButton, ACutFarDownIsToldWithItsLine) {
    std::string text = "<feed>";
    for (int i = 0; i < 70'000; ++i) text += "<a>1</a>\n";
    const GreenButtonFile file = read_green_button(text + "<timePe");
    ASSERT_EQ(file.problems.size(), 1U);
    EXPECT_EQ(file.problems[0].line, 70'001);
}

TEST(GreenButton, AFileThatIsCutSaysSo) {
    const std::string whole = feed(reading("1330578000", "12"));
    const GreenButtonFile file = read_green_button(whole.substr(0, whole.size() - 20));
    ASSERT_EQ(file.problems.size(), 1U);
    EXPECT_EQ(file.problems[0].rule, "greenbutton.xml");
    EXPECT_EQ(read_green_button("").problems.at(0).rule, "greenbutton.xml");
    EXPECT_EQ(read_green_button("<html></html>").problems.at(0).rule, "greenbutton.root");
}

}  // namespace
}  // namespace watthour::formats
