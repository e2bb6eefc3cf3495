// SPDX-License-Identifier: Apache-2.0
// Real files of other formats, brought in: the same reads give the same blocks, whatever the file.
#include "base/files.hpp"
#include "formats/as_cmep.hpp"
#include "stage.hpp"

#include <gtest/gtest.h>

#include <numeric>

namespace watthour::scenarios {
namespace {

/// A place with two meters of this interval; the second is called M-2.
void place(Stage& stage, const std::string& minutes, const std::string& from) {
    const std::string text =
        "today 2026-06-15\naccount 10000000017 \"Ana Ruiz\"\n"
        "point SP-1 cycle 05 route 05-01\npoint SP-2 cycle 05 route 05-01\n"
        "meter M-1 at SP-1 from " +
        from + " intervals " + minutes + "\nmeter M-2 at SP-2 from " + from + " intervals " +
        minutes + "\n";
    for (const Statement& statement : read_statements(text)) {
        Words words(statement);
        const std::string verb = words.text("a verb");
        ASSERT_TRUE(set_up(stage, verb, words)) << verb;
    }
}

metering::ChannelId channel_of(Stage& stage, const std::string& serial) {
    for (const auto& address : stage.office().meters().channel_addresses()) {
        if (address.serial == serial) return address.channel;
    }
    throw NotUnderstood("there is no meter " + serial);
}

std::vector<metering::StoredBlock> blocks_of(Stage& stage, const std::string& serial) {
    return stage.office().meters().blocks({channel_of(stage, serial)}, Date::ymd(2000, 1, 1),
                                          Date::ymd(2027, 1, 1));
}

std::int64_t total_wh(const std::vector<metering::StoredBlock>& blocks) {
    std::int64_t total = 0;
    for (const auto& block : blocks) {
        const auto series = metering::BlockView::open(block.bytes)->decode();
        total = std::accumulate(series.wh.begin(), series.wh.end(), total);
    }
    return total;
}

app::ImportOutcome import(Stage& stage, app::ImportRequest request) {
    request.date = stage.today;
    auto outcome = app::import_file(stage.office(), request);
    EXPECT_TRUE(outcome) << outcome.error().message();
    return outcome ? *std::move(outcome) : app::ImportOutcome{};
}

TEST(ImportReads, AYearOfGreenButtonGivesTheBlocksOfTheSameYearAsCmep) {
    const std::string path =
        "tests/formats/greenbutton/"
        "Coastal_Multi_Family_Jan_1_2011_to_Jan_1_2012_RetailCustomer_5.xml";
    Stage stage("reads-green-button", "");
    place(stage, "60", "2011-01-01");
    const auto feed = import(stage, {"green-button", path, {}, false, std::nullopt, "M-1"});
    EXPECT_EQ(feed.file.posted, 8760);
    EXPECT_TRUE(feed.problems.empty());
    std::string cmep;
    const auto rows = formats::as_cmep(formats::read_green_button(*read_file(path)), "M-2");
    for (const auto& row : rows) formats::append_cmep_row(cmep, row);
    EXPECT_EQ(import(stage, {"cmep", "year.cmep", {}, false, cmep, ""}).file.posted, 8760);
    const auto first = blocks_of(stage, "M-1");
    const auto second = blocks_of(stage, "M-2");
    ASSERT_EQ(first.size(), 12U);
    ASSERT_EQ(second.size(), 12U);
    for (std::size_t i = 0; i < 12; ++i) {
        EXPECT_EQ(first[i].month, second[i].month);
        EXPECT_EQ(first[i].bytes, second[i].bytes) << first[i].month.to_string();
    }
    // tests/formats/greenbutton/EXPECT.tsv
    EXPECT_EQ(total_wh(first), 4'425'305);
    // The same file for another meter is still the same file.
    const auto again = app::import_file(
        stage.office(), {"green-button", path, stage.today, false, std::nullopt, "M-2"});
    ASSERT_FALSE(again);
    EXPECT_EQ(again.error().slug(), "app.file_already_taken");
}

TEST(ImportReads, AFeedWithoutItsMeterIsRefused) {
    Stage stage("reads-no-meter", "");
    place(stage, "15", "2012-01-01");
    const auto refused = app::import_file(
        stage.office(),
        {"green-button", "tests/formats/greenbutton/test_usage_data_01.xml", stage.today, false});
    ASSERT_FALSE(refused);
    EXPECT_EQ(refused.error().slug(), "app.file_meter_missing");
}

TEST(ImportReads, Nem12FindsItsMeterAndKeepsWhatHasNoChannel) {
    Stage stage("reads-nem12", "");
    place(stage, "30", "2004-01-01");
    std::string text = *read_file("tests/formats/nem12/Example_NEM12_actual_interval.csv");
    for (auto at = text.find("METSER123"); at != std::string::npos; at = text.find("METSER123")) {
        text.replace(at, 9, "M-1");
    }
    const auto outcome = import(stage, {"nem12", "day.csv", {}, false, text, ""});
    // One day of energy lands; the day of reactive energy has no channel and is kept.
    EXPECT_EQ(outcome.file.posted, 48);
    EXPECT_EQ(outcome.file.rejected, 48);
    ASSERT_EQ(outcome.problems.size(), 1U);
    EXPECT_EQ(outcome.problems[0].line, 5);
    EXPECT_EQ(outcome.problems[0].rule, "cmep.units_not_metered");
    EXPECT_EQ(total_wh(blocks_of(stage, "M-1")), 53'328);
}

TEST(ImportReads, QualityOfEachIntervalIsKept) {
    Stage stage("reads-quality", "");
    place(stage, "30", "2005-01-01");
    std::string text = *read_file(
        "tests/formats/nem12/nem12-market-tests/NEM12_SCENARIO805040401_ENERGEXM_NEMMCO.csv");
    for (auto at = text.find("08144"); at != std::string::npos; at = text.find("08144")) {
        text.replace(at, 5, "M-1");
    }
    EXPECT_EQ(import(stage, {"nem12", "day.csv", {}, false, text, ""}).file.posted, 96);
    std::string letters;
    for (const auto& block : blocks_of(stage, "M-1")) {
        for (const auto status : metering::BlockView::open(block.bytes)->decode().status) {
            if (status != metering::IntervalStatus::missing) {
                letters += metering::status_letter(status);
            }
        }
    }
    ASSERT_EQ(letters.size(), 96U);
    // The first day is actual; of the second intervals 1 and 2 are, 3 to 14 are substituted.
    EXPECT_EQ(letters.substr(0, 48), std::string(48, 'A'));
    EXPECT_EQ(letters.substr(48, 14), "AAEEEEEEEEEEEE");
}

}  // namespace
}  // namespace watthour::scenarios
