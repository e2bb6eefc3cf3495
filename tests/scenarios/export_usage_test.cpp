// SPDX-License-Identifier: Apache-2.0
// What was used, written as a file: each customer's own days, and the same blocks when read back.
#include "app/export_usage.hpp"

#include "formats/green_button.hpp"
#include "stage.hpp"
#include "storage/test_database.hpp"

#include <fmt/format.h>
#include <gtest/gtest.h>

namespace watthour::scenarios {
namespace {

/// SP-1 is Ana's until 9 March 2026, the day after the clock changes, and Ben's from then on.
void set_up_place(Stage& stage) {
    const std::string text =
        "today 2026-06-15\naccount 10000000017 \"Ana Ruiz\"\naccount 10000000026 \"Ben Ward\"\n"
        "point SP-1 cycle 05 route 05-01\npoint SP-2 cycle 05 route 05-01\n"
        "agreement SA-1 account 10000000017 at SP-1 from 2026-01-01 until 2026-03-09 schedule R-1 "
        "option B\n"
        "agreement SA-2 account 10000000026 at SP-1 from 2026-03-09 schedule R-1 option B\n"
        "meter M-77 at SP-1 from 2026-01-01 intervals 60\n"
        "meter M-78 at SP-2 from 2026-01-01 intervals 60\n";
    for (const Statement& statement : read_statements(text)) {
        Words words(statement);
        const std::string verb = words.text("a verb");
        ASSERT_TRUE(set_up(stage, verb, words)) << verb;
    }
}

/// Hours from 7 March 00:00 local until 10 March: hour i used i + 1 Wh; the third is estimated
/// and the fifth is missing.
std::string three_days() {
    std::string text = "start,kwh_delivered,quality\n";
    // Midnight of 7 March is 08:00 UTC; of the 71 hours the clock skips none in UTC.
    for (int i = 0; i < 71; ++i) {
        const Instant at = Instant{Date::ymd(2026, 3, 7).days() * 86'400LL} + (8 + i) * 3600LL;
        text += fmt::format("{},{},{}\n", to_iso_utc(at),
                            i == 4 ? "" : fmt::format("{}.{:03}", (i + 1) / 1000, (i + 1) % 1000),
                            i == 2 ? "E" : "A");
    }
    return text;
}

app::ImportOutcome import(Stage& stage, app::ImportRequest request) {
    request.date = stage.today;
    auto outcome = app::import_file(stage.office(), request);
    EXPECT_TRUE(outcome) << outcome.error().message();
    return outcome ? *std::move(outcome) : app::ImportOutcome{};
}

std::string export_of(Stage& stage, const std::string& account, const std::string& format,
                      std::int64_t intervals) {
    const auto exported = app::export_usage(
        stage.office(), {account, "", format, {Date::ymd(2026, 3, 1), Date::ymd(2026, 4, 1)}});
    EXPECT_TRUE(exported) << exported.error().message();
    if (!exported) return {};
    EXPECT_EQ(exported->points, 1);
    EXPECT_EQ(exported->intervals, intervals);
    return exported->bytes;
}

std::vector<metering::StoredBlock> blocks_of(Stage& stage, const std::string& serial) {
    for (const auto& address : stage.office().meters().channel_addresses()) {
        if (address.serial != serial) continue;
        return stage.office().meters().blocks({address.channel}, Date::ymd(2026, 1, 1),
                                              Date::ymd(2027, 1, 1));
    }
    return {};
}

void play_export(const std::string& name, const std::string& url) {
    Stage stage(name, url);
    set_up_place(stage);
    const auto taken = import(stage, {"csv-intervals", "q.csv", {}, false, three_days(), "M-77"});
    EXPECT_EQ(taken.file.posted, 71);
    // Ana: 24 hours and the 23 of 8 March, one missing. Ben: the 24 of 9 March.
    const std::string anas = export_of(stage, "10000000017", "green-button", 46);
    const std::string bens = export_of(stage, "10000000026", "green-button", 24);
    for (const char* told : {"Ana", "Ruiz", "10000000017", "M-77", "SP-1", "Calle"}) {
        EXPECT_EQ(anas.find(told), std::string::npos) << told;
    }
    const auto feed = formats::read_green_button(anas);
    ASSERT_EQ(feed.blocks.size(), 2U);
    EXPECT_EQ(feed.blocks[0].readings.size(), 23U);
    EXPECT_EQ(feed.blocks[1].readings.size(), 23U);
    EXPECT_EQ(feed.blocks[0].readings[2].quality, 8);
    EXPECT_EQ(feed.blocks[0].readings[0].value, 1);
    EXPECT_EQ(feed.blocks[1].readings.back().value, 47);
    // The same point has the same name in both feeds.
    EXPECT_EQ(feed.usage_points, formats::read_green_button(bens).usage_points);
    // Both feeds on another meter make the block that the file made.
    EXPECT_EQ(import(stage, {"green-button", "a.xml", {}, false, anas, "M-78"}).file.posted, 46);
    EXPECT_EQ(import(stage, {"green-button", "b.xml", {}, false, bens, "M-78"}).file.posted, 24);
    const auto from_file = blocks_of(stage, "M-77");
    const auto from_feeds = blocks_of(stage, "M-78");
    ASSERT_EQ(from_file.size(), 1U);
    ASSERT_EQ(from_feeds.size(), 1U);
    EXPECT_EQ(from_file[0].bytes, from_feeds[0].bytes);
}

TEST(ExportUsage, EachCustomerGetsHerOwnDaysAndTheyReadBackEqual) {
    play_export("export-usage", "");
    const std::string url = storage::fresh_database(storage::TestEngine::postgresql);
    if (url.empty()) GTEST_SKIP() << "played on SQLite alone; see tests/postgres.sh";
    play_export("export-usage-pg", url);
}

TEST(ExportUsage, TextFilesHoldTheSameUse) {
    Stage stage("export-usage-text", "");
    set_up_place(stage);
    import(stage, {"csv-intervals", "q.csv", {}, false, three_days(), "M-77"});
    const std::string rows = export_of(stage, "10000000026", "csv-intervals", 24);
    EXPECT_TRUE(rows.starts_with(
        "meter,start,kwh_delivered,quality\nM-77,2026-03-09T00:00:00-07:00,0.048,A\n"))
        << rows;
    const std::string sheet = export_of(stage, "10000000017", "green-button-csv", 46);
    EXPECT_NE(sheet.find("\r\nElectric usage,2026-03-07,02:00,02:59,0.003,kWh,,Estimated\r\n"),
              std::string::npos)
        << sheet;
    EXPECT_EQ(sheet.find("2026-03-08,02:"), std::string::npos);
    EXPECT_EQ(sheet.find("Ruiz"), std::string::npos);
    EXPECT_EQ(import(stage, {"green-button-csv", "s.csv", {}, false, sheet, "M-78"}).file.posted,
              46);
}

TEST(ExportUsage, WhatCannotBeExportedIsRefused) {
    Stage stage("export-usage-refused", "");
    set_up_place(stage);
    const DateRange march{Date::ymd(2026, 3, 1), Date::ymd(2026, 4, 1)};
    const auto slug = [&](app::UsageExportRequest request) {
        const auto exported = app::export_usage(stage.office(), request);
        return exported ? std::string("exported") : std::string(exported.error().slug());
    };
    const std::string other = std::to_string(id_from_key("service-point", "nowhere"));
    EXPECT_EQ(slug({"10000000017", "", "green-button", march}), "app.usage_not_recorded");
    EXPECT_EQ(slug({"10000000017", "", "xlsx", march}), "app.usage_format_unknown");
    EXPECT_EQ(slug({"10000000099", "", "green-button", march}), "app.account_unknown");
    EXPECT_EQ(slug({"", other, "green-button", march}), "app.point_unknown");
    EXPECT_EQ(slug({"", "first", "green-button", march}), "app.point_unknown");
}

}  // namespace
}  // namespace watthour::scenarios
