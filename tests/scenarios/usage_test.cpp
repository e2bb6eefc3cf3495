// SPDX-License-Identifier: Apache-2.0
// Old intervals go into archive files and come back; usage by bills; what is refused.
#include "app/check_books.hpp"
#include "app/retire_usage.hpp"
#include "app/usage_known.hpp"
#include "base/files.hpp"
#include "stage.hpp"
#include "storage/test_database.hpp"

#include <fmt/format.h>
#include <gtest/gtest.h>

namespace watthour::scenarios {
namespace {

void tell(Stage& stage, const std::string& text) {
    for (const Statement& statement : read_statements(text)) {
        Words words(statement);
        const std::string verb = words.text("a verb");
        ASSERT_TRUE(set_up(stage, verb, words) || work_through(stage, verb, words)) << verb;
    }
}

/// Two homes with intervals of January and February 2022 and of May 2026.
void old_city(Stage& stage) {
    tell(stage,
         "today 2026-06-15\naccount 10000000017 \"Ana Ruiz\"\n"
         "point SP-1 cycle 05 route 05-01\npoint SP-2 cycle 05 route 05-01\n"
         "agreement SA-1 account 10000000017 at SP-1 from 2022-01-01 schedule R-TOU\n"
         "meter M-77 at SP-1 from 2022-01-01 intervals 60\n"
         "meter M-78 at SP-2 from 2022-01-01 intervals 60\n"
         "intervals M-77 from 2022-01-01 until 2022-03-01 wh 500\n"
         "intervals M-77 from 2026-05-01 until 2026-06-01 wh 500\n"
         "intervals M-78 from 2022-01-01 until 2022-02-01 wh 300\n");
}

std::vector<metering::StoredBlock> blocks(Stage& stage) {
    std::vector<metering::ChannelId> channels;
    for (const auto& address : stage.office().meters().channel_addresses()) {
        channels.push_back(address.channel);
    }
    return stage.office().meters().blocks(channels, Date::ymd(2000, 1, 1), Date::ymd(2027, 1, 1));
}

std::string violations(Stage& stage) {
    std::string all;
    for (const auto& result : app::check_books(stage.office())) {
        for (const auto& one : result.violations) all += one.invariant + " " + one.what + "\n";
    }
    return all;
}

void expect_same(const std::vector<metering::StoredBlock>& a,
                 const std::vector<metering::StoredBlock>& b) {
    ASSERT_EQ(a.size(), b.size());
    for (std::size_t i = 0; i < a.size(); ++i) {
        EXPECT_EQ(a[i].channel, b[i].channel);
        EXPECT_EQ(a[i].month, b[i].month);
        EXPECT_EQ(a[i].bytes, b[i].bytes);
    }
}

void play_retirement(const std::string& name, const std::string& url) {
    Stage stage(name, url);
    old_city(stage);
    const auto before = blocks(stage);
    ASSERT_EQ(before.size(), 4U);
    app::RetireRequest request;
    request.out = stage.path_of("archive");
    request.dry_run = true;
    // 36 whole months before June 2026: what lies before June 2023 may go.
    const auto preview = app::retire_usage(stage.office(), request);
    ASSERT_TRUE(preview) << preview.error().message();
    EXPECT_EQ(preview->before, Date::ymd(2023, 6, 1));
    EXPECT_EQ(preview->blocks, 3);
    EXPECT_EQ(preview->channels, 2);
    EXPECT_EQ(preview->intervals, 744 + 672 + 744);
    EXPECT_TRUE(preview->files.empty());
    EXPECT_EQ(blocks(stage).size(), 4U);

    request.dry_run = false;
    const auto done = app::retire_usage(stage.office(), request);
    ASSERT_TRUE(done) << done.error().message();
    EXPECT_EQ(done->blocks, 3);
    ASSERT_EQ(done->files.size(), 1U);
    EXPECT_EQ(blocks(stage).size(), 1U);
    EXPECT_EQ(violations(stage), "");
    const auto again = app::retire_usage(stage.office(), request);
    ASSERT_TRUE(again);
    EXPECT_EQ(again->blocks, 0);
    EXPECT_TRUE(again->files.empty());

    const auto restored = app::restore_usage(stage.office(), done->files[0].file, false);
    ASSERT_TRUE(restored) << restored.error().message();
    EXPECT_EQ(restored->restored, 3);
    expect_same(blocks(stage), before);
    EXPECT_EQ(violations(stage), "");
    EXPECT_EQ(app::restore_usage(stage.office(), done->files[0].file, false)->restored, 0);
}

TEST(RetireUsage, GoesIntoAnArchiveAndComesBackByteForByte) {
    play_retirement("retire-usage", "");
    const std::string url = storage::fresh_database(storage::TestEngine::postgresql);
    if (url.empty()) GTEST_SKIP() << "played on SQLite alone; see tests/postgres.sh";
    play_retirement("retire-usage-pg", url);
}

TEST(RetireUsage, NeverTakesWhatABillMayStillRestOn) {
    Stage stage("retire-billed", "");
    old_city(stage);
    // A bill of February 2022 that, by a long period, ended after the limit of June 2023.
    storage::Transaction transaction(stage.office().database());
    stage.office().database().execute(
        fmt::format("INSERT INTO bill_segments VALUES (10000000017, {}, '2022-02-15', "
                    "'2023-06-02', 1, 1, 'R-TOU', '', 'frozen', 0, NULL, NULL, 0, '')",
                    stage.agreements["SA-1"].value));
    transaction.commit();
    app::RetireRequest request;
    request.out = stage.path_of("archive");
    request.dry_run = true;
    const auto done = app::retire_usage(stage.office(), request);
    ASSERT_TRUE(done) << done.error().message();
    EXPECT_EQ(done->blocks, 2);  // January of both; February of M-77 stays
    EXPECT_EQ(done->billed, 1);
}

TEST(RetireUsage, IsRefusedBeforeItsTime) {
    Stage stage("retire-early", "");
    old_city(stage);
    app::RetireRequest request;
    request.before = Date::ymd(2023, 7, 1);
    request.dry_run = true;
    const auto refused = app::retire_usage(stage.office(), request);
    ASSERT_FALSE(refused);
    EXPECT_EQ(refused.error().slug(), "app.retention_too_early");
}

TEST(RetireUsage, ADamagedArchiveIsNotTaken) {
    Stage stage("retire-damaged", "");
    old_city(stage);
    app::RetireRequest request;
    request.out = stage.path_of("archive");
    const auto done = app::retire_usage(stage.office(), request);
    ASSERT_TRUE(done);
    const std::string text = *read_file(done->files.at(0).file);
    const std::string path = stage.path_of("damaged.txt");
    for (std::size_t at = 0; at < text.size(); at += 97) {
        std::string other = text;
        other[at] = other[at] == '0' ? '1' : '0';
        write_file(path, other);
        const auto refused = app::restore_usage(stage.office(), path, true);
        ASSERT_FALSE(refused) << at;
        EXPECT_EQ(refused.error().slug(), "app.archive_malformed");
    }
}

TEST(UsageKnown, WhatCannotBeAskedIsRefused) {
    Stage stage("usage-refused", "");
    old_city(stage);
    app::UsageQuestion question;
    question.meter = "M-77";
    question.step = "day";
    question.from = stage.office().zone().start_of(Date::ymd(2026, 5, 1));
    question.until = stage.office().zone().start_of(Date::ymd(2026, 6, 1));
    const auto slug = [&](const app::UsageQuestion& asked) {
        const auto usage = app::usage_known(stage.office(), asked);
        return usage ? std::string("known") : std::string(usage.error().slug());
    };
    EXPECT_EQ(slug(question), "known");
    auto other = question;
    other.step = "year";
    EXPECT_EQ(slug(other), "app.usage_step_unknown");
    other = question;
    other.meter.clear();
    EXPECT_EQ(slug(other), "app.usage_place_missing");
    other = question;
    other.step = "bill";
    EXPECT_EQ(slug(other), "app.usage_place_missing");
    other = question;
    other.until = other.from;
    EXPECT_EQ(slug(other), "app.usage_range_empty");
    other = question;
    other.meter = "M-99";
    EXPECT_EQ(slug(other), "app.meter_unknown");
    other = question;
    other.from = stage.office().zone().start_of(Date::ymd(2024, 5, 1));
    other.until = stage.office().zone().start_of(Date::ymd(2024, 6, 1));
    EXPECT_EQ(slug(other), "app.usage_not_recorded");
    const auto reversed =
        app::usage_changes(stage.office(), question, Date::ymd(2026, 6, 2), Date::ymd(2026, 6, 1));
    ASSERT_FALSE(reversed);
    EXPECT_EQ(reversed.error().slug(), "app.usage_days_reversed");
}

}  // namespace
}  // namespace watthour::scenarios
