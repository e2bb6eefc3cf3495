// SPDX-License-Identifier: Apache-2.0
// Real files of other formats, brought in: the same reads give the same blocks, whatever the file.
#include "base/files.hpp"
#include "formats/as_cmep.hpp"
#include "stage.hpp"
#include "storage/test_database.hpp"

#include <fmt/format.h>
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

/// Wh of each hour of a real home (data/interval) from 1 August 2016, half a Wh rounded up.
std::vector<std::int64_t> hours_of_home(int home) {
    const auto text = read_file(fmt::format("data/interval/fontana-building_{}.csv", home));
    EXPECT_TRUE(text);
    std::vector<std::int64_t> wh;
    for (std::size_t at = text->find('\n') + 1; at < text->size(); at = text->find('\n', at) + 1) {
        std::string_view kwh = std::string_view(*text).substr(at, text->find(',', at) - at);
        const std::size_t point = std::min(kwh.find('.'), kwh.size());
        std::int64_t tenths = 0;  // of a Wh: four places, the rest is nothing to the rounding
        for (std::size_t i = 0; i <= point + 4; ++i) {
            if (i != point) tenths = tenths * 10 + (i < kwh.size() ? kwh[i] - '0' : 0);
        }
        wh.push_back((tenths + 5) / 10);
    }
    return wh;
}

/// The year as csv-intervals by local time with its offset.
std::string as_csv(const std::vector<std::int64_t>& wh, Instant first, const TimeZone& zone) {
    std::string text = "start,kwh_delivered\n";
    for (std::size_t i = 0; i < wh.size(); ++i) {
        const Instant at = first + static_cast<std::int64_t>(i) * 3600;
        text += fmt::format("{}T{:02}:00:00-{:02}:00,{}.{:03}\n", zone.date_of(at).to_string(),
                            zone.wall_second_of(at) / 3600, -zone.offset_at(at) / 3600,
                            wh[i] / 1000, wh[i] % 1000);
    }
    return text;
}

/// The year as CMEP, a row a day of UTC.
std::string as_cmep_text(const std::vector<std::int64_t>& wh, Instant first) {
    std::string text;
    for (std::size_t i = 0; i < wh.size(); i += 24) {
        formats::CmepRow row;
        row.meter = "M-2";
        row.units = "KWH";
        row.interval_seconds = 3600;
        for (std::size_t j = i; j < std::min(i + 24, wh.size()); ++j) {
            formats::CmepValue value;
            value.end = first + static_cast<std::int64_t>(j + 1) * 3600;
            value.value = Decimal(wh[j], 3);
            row.values.push_back(value);
        }
        formats::append_cmep_row(text, row);
    }
    return text;
}

void three_homes(const std::string& name, storage::TestEngine engine) {
    for (const int home : {1, 2, 4}) {
        SCOPED_TRACE(home);
        const bool server = engine == storage::TestEngine::postgresql;
        const std::string url = server ? storage::fresh_database(engine) : "";
        if (server && url.empty()) GTEST_SKIP() << "played on SQLite alone; see tests/postgres.sh";
        Stage stage(fmt::format("{}-{}", name, home), url);
        place(stage, "60", "2016-07-01");
        const auto wh = hours_of_home(home);
        ASSERT_EQ(wh.size(), 8760U);
        const TimeZone& zone = stage.office().zone();
        const Instant first = zone.start_of(Date::ymd(2016, 8, 1));
        const std::string csv = as_csv(wh, first, zone);
        const auto taken = import(stage, {"csv-intervals", "home.csv", {}, false, csv, "M-1"});
        EXPECT_EQ(taken.file.posted, 8760);
        EXPECT_TRUE(taken.problems.empty());
        const std::string cmep = as_cmep_text(wh, first);
        EXPECT_EQ(import(stage, {"cmep", "home.cmep", {}, false, cmep, ""}).file.posted, 8760);
        const auto from_csv = blocks_of(stage, "M-1");
        const auto from_cmep = blocks_of(stage, "M-2");
        ASSERT_EQ(from_csv.size(), 12U);
        ASSERT_EQ(from_cmep.size(), 12U);
        for (std::size_t i = 0; i < 12; ++i) {
            EXPECT_EQ(from_csv[i].month, from_cmep[i].month);
            EXPECT_EQ(from_csv[i].bytes, from_cmep[i].bytes) << from_csv[i].month.to_string();
        }
        EXPECT_EQ(total_wh(from_csv), std::accumulate(wh.begin(), wh.end(), std::int64_t{0}));
    }
}

TEST(ImportReads, ThreeHomesAsCsvGiveTheBlocksOfTheSameReadsAsCmep) {
    three_homes("reads-csv", storage::TestEngine::sqlite);
    three_homes("reads-csv-pg", storage::TestEngine::postgresql);
}

TEST(ImportReads, RowsOfATextFileAreKeptWithTheirOwnLines) {
    Stage stage("reads-csv-lines", "");
    place(stage, "15", "2026-05-01");
    // 2.5 Wh are no whole watt-hour; the meter has no received channel; a bad number is kept.
    const std::string csv =
        "meter,start,kwh_delivered,kwh_received\n"
        "M-1,2026-06-01T00:00:00-07:00,0.250,0\n"
        "M-1,2026-06-01T00:15:00-07:00,0.0025,0\n"
        "M-1,2026-06-01T00:30:00-07:00,0.x,0\n"
        "M-1,2026-06-01T00:45:00-07:00,,0\n";
    const auto outcome = import(stage, {"csv-intervals", "q.csv", {}, false, csv, ""});
    EXPECT_EQ(outcome.file.posted, 2);
    std::string told;
    for (const Problem& problem : outcome.problems) {
        told += fmt::format("{} {}; ", problem.line, problem.rule);
    }
    EXPECT_EQ(told,
              "3 metering.interval_off_grid; 2 cmep.units_not_metered; 3 cmep.units_not_metered; "
              "5 cmep.units_not_metered; 4 reads.value; ");
    EXPECT_EQ(outcome.raw.back(), "M-1,2026-06-01T00:30:00-07:00,0.x,0");
    EXPECT_EQ(total_wh(blocks_of(stage, "M-1")), 250);
}

TEST(ImportReads, AProfileReadsASitesOwnColumnsByTheUtilitysClock) {
    Stage stage("reads-csv-profile", "");
    place(stage, "60", "2026-10-01");
    stage.today = Date::ymd(2026, 11, 2);  // nothing is measured before its time (R1.20)
    const std::string profile =
        R"({"delimiter":";","decimal_mark":",","columns":{"meter":"Medidor","date":"Fecha",
            "time":"Hora"},"values":[{"names":"Consumo","unit":"Wh"}],
            "time":{"date":"DD/MM/YYYY","clock":"H:mm","zone":"local","autumn":"doubled"}})";
    const std::string text =
        "Medidor;Fecha;Hora;Consumo\n"
        "M-1;01/11/2026;0:00;1\nM-1;01/11/2026;1:00;2\nM-1;01/11/2026;1:00;4\n"
        "M-1;01/11/2026;2:00;8\n";
    app::ImportRequest request{"csv-intervals", "q.csv", {}, false, text, ""};
    request.profile = profile;
    EXPECT_EQ(import(stage, request).file.posted, 4);
    const auto blocks = blocks_of(stage, "M-1");
    ASSERT_EQ(blocks.size(), 1U);
    const auto series = metering::BlockView::open(blocks[0].bytes)->decode();
    EXPECT_EQ(std::vector<std::int64_t>(series.wh.begin(), series.wh.begin() + 5),
              (std::vector<std::int64_t>{1, 2, 4, 8, 0}));
    request.format = "cmep";
    const auto refused = app::import_file(stage.office(), request);
    ASSERT_FALSE(refused);
    EXPECT_EQ(refused.error().slug(), "app.format_without_profile");
    const auto nobody = app::import_file(
        stage.office(), {"csv-intervals", "n.csv", stage.today, false,
                         "start,kwh_delivered\n2026-11-02T00:00:00-08:00,1\n", ""});
    ASSERT_FALSE(nobody);
    EXPECT_EQ(nobody.error().slug(), "app.file_meter_missing");
}

TEST(ImportReads, TimeOfUseRegistersFindTheirOwnChannelsAlone) {
    Stage stage("reads-tou", "");
    place(stage, "60", "2011-09-01");
    const metering::MeterId meter{id_from_key("meter", "M-1")};
    for (const char* code : {"KWH-ON", "KWH-OFF", "KWH-REG"}) {
        stage.pending().channels.push_back(
            {{id_from_key("channel", std::string("M-1|") + code)}, meter, code, 0});
    }
    const std::string path = "tests/formats/cmep/time_of_use_registers.cmep";
    const auto outcome = import(stage, {"cmep", path, {}, false, std::nullopt, ""});
    EXPECT_EQ(outcome.file.records, 4);
    EXPECT_EQ(outcome.file.posted, 3);
    ASSERT_EQ(outcome.problems.size(), 1U);
    EXPECT_EQ(outcome.problems[0].rule, "cmep.tou_register_not_metered");
    EXPECT_NE(outcome.problems[0].message.find("KWH-PART"), std::string::npos);
    const auto value_of = [&](const char* code) {
        for (const auto& address : stage.office().meters().channel_addresses()) {
            if (address.serial != "M-1" || address.code != code) continue;
            const auto reads = stage.office().meters().reads(
                {address.channel}, {Date::ymd(2011, 1, 1), Date::ymd(2012, 1, 1)});
            return reads.size() == 1 ? reads[0].reading : std::string("none");
        }
        return std::string("no channel");
    };
    EXPECT_EQ(value_of("KWH-ON"), "100");
    EXPECT_EQ(value_of("KWH-OFF"), "250.5");
    EXPECT_EQ(value_of("KWH-REG"), "400");
}

}  // namespace
}  // namespace watthour::scenarios
