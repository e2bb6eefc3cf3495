// SPDX-License-Identifier: Apache-2.0
#include "formats/nem12.hpp"

#include "formats/as_cmep.hpp"
#include "formats/test_files.hpp"

#include <gtest/gtest.h>

#include <map>
#include <set>

namespace watthour::formats {
namespace {

/// "NMI/E1/KWH/30=53.328; .." as the sums of a file.
std::map<std::string, Decimal> expected_sums(const std::string& text) {
    std::map<std::string, Decimal> sums;
    for (std::size_t from = 0; from < text.size();) {
        const std::size_t end = std::min(text.find("; ", from), text.size());
        const std::string one = text.substr(from, end - from);
        const std::size_t equals = one.find('=');
        if (equals != std::string::npos) {
            sums[one.substr(0, equals)] = *Decimal::parse(one.substr(equals + 1));
        }
        from = end + 2;
    }
    return sums;
}

TEST(Nem12, SumsAreThoseOfTheIndependentChecker) {
    int read = 0;
    for (const auto& row : table_rows("nem12/EXPECT.tsv")) {
        if (row.size() < 6 || row[0] == "file" || row[0].starts_with("invalid/")) continue;
        SCOPED_TRACE(row[0]);
        const NemFile file = read_nem12(sample_text("nem12/" + row[0]));
        EXPECT_TRUE(file.problems.empty()) << file.problems[0].message;
        EXPECT_EQ(file.has_header, row[1] == "yes");
        EXPECT_EQ(file.has_trailer, row[2] == "yes");
        std::size_t days = 0;
        for (const NemChannel& channel : file.channels) days += channel.days.size();
        EXPECT_EQ(std::to_string(days), row[3]);
        EXPECT_EQ(std::to_string(file.accumulations.size()), row[4]);
        std::map<std::string, Decimal> found;
        for (const auto& [key, sum] : nem_sums(file)) {
            found[key] = *Decimal::parse(sum.to_string());
        }
        EXPECT_EQ(found, expected_sums(row[5]));
        ++read;
    }
    EXPECT_EQ(read, 25);
}

/// The rules that a file breaks.
std::set<std::string> rules_of(const NemFile& file) {
    std::set<std::string> rules;
    for (const Problem& problem : file.problems) rules.insert(problem.rule);
    return rules;
}

TEST(Nem12, InvalidFilesFailForTheirReason) {
    const std::map<std::string, std::set<std::string>> reasons = {
        {"Example_NEM12_15min_200_30min_300.csv", {"nem12.values"}},
        {"Example_NEM12_15min_200_30min_400.csv", {"nem12.ranges"}},
        {"Example_NEM12_30min_200_15min_300.csv", {"nem12.values"}},
        {"Example_NEM12_missing_header.csv", {"nem12.header"}},
        {"Example_NEM12_powercor_missing_fields.csv", {"nem12.header"}},
        {"Example_empty_file.csv", {"nem12.empty", "nem12.header", "nem12.trailer"}}};
    for (const auto& [name, rules] : reasons) {
        EXPECT_EQ(rules_of(read_nem12(sample_text("nem12/invalid/" + name))), rules) << name;
    }
}

std::string day(const std::string& date, const std::string& quality) {
    std::string text = "300," + date;
    for (int i = 0; i < 48; ++i) text += ",0.5";
    return text + "," + quality + ",,,20260610120000,\n";
}

TEST(Nem12, GoodDaysGoOnBesideBadOnes) {
    const std::string text = "100,NEM12,202606100000,A,B\n200,NMI1,E1,1,E1,N1,S1,kWh,30,\n" +
                             day("20260601", "A") + day("20260631", "A") + day("20260602", "X") +
                             day("20260603", "V") + "400,1,20,A,,\n400,22,48,S14,,\n" +
                             day("20260604", "V") + "400,1,20,A,,\n400,21,48,S14,89,Estimated\n" +
                             "900\n";
    const NemFile file = read_nem12(text);
    EXPECT_EQ(rules_of(file),
              (std::set<std::string>{"nem12.date", "nem12.quality", "nem12.ranges"}));
    ASSERT_EQ(file.channels.size(), 1U);
    const auto& days = file.channels[0].days;
    ASSERT_EQ(days.size(), 2U);
    EXPECT_EQ(days[0].date, Date::ymd(2026, 6, 1));
    EXPECT_EQ(days[1].ranges[1], (NemRange{21, 48, "S14", "89", "Estimated"}));
    EXPECT_EQ(file.rejected.size(), 3U);
}

TEST(Nem12, ADayWithoutItsChannelIsNotGuessed) {
    const NemFile file = read_nem12("100,NEM12,202606100000,A,B\n200,NMI1,E1,1,E1,N1,S1,kWh,20,\n" +
                                    day("20260601", "A") + "900\n");
    EXPECT_EQ(rules_of(file), (std::set<std::string>{"nem12.interval", "nem12.order"}));
    EXPECT_EQ(file.rejected.size(), 2U);
}

TEST(Nem12, ReadsOfARegisterThatDisagreeWithTheirUseAreNoted) {
    const std::string text =
        "100,NEM13,202606100000,A,B\n250,NMI2,11,1,11,11,S1,E,99990,20260501,A,,,00010,20260601,A,,"
        ",20,kWh,,20260602,\n900\n";
    const NemFile file = read_nem12(text);
    EXPECT_TRUE(file.problems.empty());
    ASSERT_EQ(file.notes.size(), 1U);
    EXPECT_EQ(file.notes[0].rule, "nem12.quantity");
    EXPECT_EQ(file.accumulations[0].quantity, Decimal(20, 0));
}

// A register of 12,345.600 kWh that was sent in Wh is read as the dials show it.
TEST(Nem12, ReadsOfARegisterInWattHoursAreBroughtToItsDials) {
    const NemFile file = read_nem12(
        "100,NEM13,202606100000,A,B\n250,NMI2,11,1,11,11,S1,E,12345600,20260501,A,,,12345700,"
        "20260601,A,,,100,Wh,,20260602,\n900\n");
    const auto rows = as_cmep(file);
    ASSERT_EQ(rows.size(), 2U);
    EXPECT_EQ(rows[0].units, "KWHREG");
    EXPECT_EQ(rows[0].multiplier, Decimal(1, 0));
    EXPECT_EQ(rows[0].values[0].value.to_string(), "12345.6");
    EXPECT_EQ(rows[1].values[0].value.to_string(), "12345.7");
}

}  // namespace
}  // namespace watthour::formats
