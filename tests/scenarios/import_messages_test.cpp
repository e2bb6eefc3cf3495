// SPDX-License-Identifier: Apache-2.0
// Messages of a head-end, brought in on both engines: reads and intervals land, what was asked for
// counts before what came by itself, and events are counted.
#include "formats/as_cmep.hpp"
#include "stage.hpp"
#include "storage/event_rows.hpp"
#include "storage/test_database.hpp"

#include <fmt/format.h>
#include <gtest/gtest.h>

#include <algorithm>
#include <numeric>

namespace watthour::scenarios {
namespace {

metering::ChannelId channel(const std::string& serial, const std::string& code) {
    return {id_from_key("channel", serial + "|" + code)};
}

/// Two places with meters of quarter hours and a register; the first also measures what is given
/// back.
void place(Stage& stage) {
    const std::string text =
        "today 2026-06-15\naccount 10000000017 \"Ana Ruiz\"\n"
        "point SP-1 cycle 05 route 05-01\npoint SP-2 cycle 05 route 05-01\n"
        "meter M-1 at SP-1 from 2026-03-01 set 04000 intervals 15\n"
        "meter M-2 at SP-2 from 2026-03-01 set 00000 intervals 15\n";
    for (const Statement& statement : read_statements(text)) {
        Words words(statement);
        const std::string verb = words.text("a verb");
        ASSERT_TRUE(set_up(stage, verb, words)) << verb;
    }
    const metering::MeterId first{id_from_key("meter", "M-1")};
    stage.pending().channels.push_back({channel("M-1", "GKWH-REG"), first, "GKWH-REG", 0});
    stage.pending().channels.push_back({channel("M-1", "GKWH-INT"), first, "GKWH-INT", 15});
}

class Messages {
public:
    explicit Messages(Stage& stage) : stage_(stage) {}

    /// "posted 92 repeated 0 rejected 0 parked 0 corrections 0", and the rules of its notes.
    std::string bring(const std::string& format, const std::string& name) {
        app::ImportRequest request{format, "tests/formats/" + format + "/" + name, stage_.today};
        const auto outcome = app::import_file(stage_.office(), request);
        if (!outcome) return outcome.error().message();
        const auto& file = outcome->file;
        EXPECT_EQ(file.posted + file.repeated + file.rejected + file.parked, file.records);
        std::string told =
            fmt::format("posted {} repeated {} rejected {} parked {} corrections {}", file.posted,
                        file.repeated, file.rejected, file.parked, outcome->corrections);
        for (const Problem& note : outcome->notes) told += " " + note.rule;
        return told;
    }

    /// Wh of March and how many of its intervals have each status: "23000 A91 E1".
    std::string march(const std::string& serial, const std::string& code) {
        std::string told;
        for (const auto& block : stage_.office().meters().blocks(
                 {channel(serial, code)}, Date::ymd(2026, 3, 1), Date::ymd(2026, 3, 1))) {
            const auto series = metering::BlockView::open(block.bytes)->decode();
            told += std::to_string(
                std::accumulate(series.wh.begin(), series.wh.end(), std::int64_t{0}));
            for (const char letter : {'A', 'E', 'V', 'F', 'L'}) {
                const auto count =
                    std::count_if(series.status.begin(), series.status.end(),
                                  [&](auto one) { return metering::status_letter(one) == letter; });
                if (count > 0) told += fmt::format(" {}{}", letter, count);
            }
        }
        return told;
    }

    /// The latest first.
    std::string events(const std::string& serial) {
        std::string told;
        for (const auto& e : storage::EventRows(stage_.office().database())
                                 .of_meter({id_from_key("meter", serial)})) {
            told += fmt::format("{}{} {} {}", told.empty() ? "" : " | ", to_iso_utc(e.at), e.code,
                                e.name.empty() ? "-" : e.name);
        }
        return told;
    }

    std::string read(const std::string& serial, const std::string& code, Date date) {
        const auto reads =
            stage_.office().meters().reads({channel(serial, code)}, {date, date + 1});
        return reads.empty() ? "none" : reads[0].type + " " + reads[0].reading;
    }

private:
    Stage& stage_;
};

/// What the scenarios below ask, on one engine.
void play(const std::string& name, const std::string& url) {
    Stage stage(name, url);
    place(stage);
    Messages messages(stage);
    const Date june = Date::ymd(2026, 6, 15);

    // The 92 quarter hours of the day on which the clock goes forward: 23 kWh, one estimated.
    EXPECT_EQ(messages.bring("iec61968", "quarter_hours_of_a_short_day.xml"),
              "posted 92 repeated 0 rejected 0 parked 0 corrections 0");
    EXPECT_EQ(messages.march("M-1", "KWH-INT"), "23000 A91 E1");

    // The same day over MultiSpeak: late reads replace the estimate, and 6 kWh were given back. The
    // second meter's quarter with a status of the vendor's is kept as failed; 1.5 + 2.25 + 3 kWh.
    EXPECT_EQ(messages.bring("multispeak", "quarter_hours_of_a_short_day_v41.xml"),
              "posted 98 repeated 91 rejected 1 parked 0 corrections 2");
    EXPECT_EQ(messages.march("M-1", "KWH-INT"), "23000 A91 L1");
    EXPECT_EQ(messages.march("M-1", "GKWH-INT"), "6000 A92");
    EXPECT_EQ(messages.march("M-2", "KWH-INT"), "6750 A2 F1");
    EXPECT_EQ(messages.read("M-1", "KWH-REG", Date::ymd(2026, 3, 9)), "actual_ami 4885");

    // Register reads of midnight; the second meter's was asked for.
    EXPECT_EQ(messages.bring("iec61968", "two_meters_and_one_unknown.xml"),
              "posted 3 repeated 0 rejected 0 parked 0 corrections 0 iec61968.reply");
    EXPECT_EQ(messages.read("M-1", "KWH-REG", june), "actual_ami 4862");
    EXPECT_EQ(messages.read("M-1", "GKWH-REG", june), "actual_ami 731.5");
    EXPECT_EQ(messages.read("M-2", "KWH-REG", june), "on_demand 120.5");

    // An answer to a request counts before what came by itself. What has no channel is kept: the
    // demand, three values of rate periods, the volts, and what the second meter gave back.
    EXPECT_EQ(messages.bring("multispeak", "readings_of_two_meters_v3.xml"),
              "posted 2 repeated 1 rejected 6 parked 0 corrections 0 multispeak.error");
    EXPECT_EQ(messages.read("M-1", "KWH-REG", june), "on_demand 4862");
    EXPECT_EQ(messages.read("M-1", "GKWH-REG", june), "on_demand 731");

    // A net register made of two swapped codes finds no channel; nor does code 19 as a kind.
    EXPECT_EQ(messages.bring("iec61968", "direction_and_accumulation_swapped.xml"),
              "posted 0 repeated 1 rejected 2 parked 0 corrections 0");

    // Four events have a moment; the fifth is kept to be repaired. What the table does not know
    // is kept under the code that was sent.
    EXPECT_EQ(messages.bring("iec61968", "events_of_two_meters.xml"),
              "posted 4 repeated 0 rejected 1 parked 0 corrections 0 iec61968.event_unknown");
    EXPECT_EQ(messages.events("M-2"),
              "2026-06-15T07:55:00Z 3.99.7.7 - | 2026-06-15T07:50:00Z 3.12.29.212 cover_removed");
    // The same power failure over MultiSpeak has the code 3.26.0.85 too: it is the same event.
    EXPECT_EQ(messages.bring("multispeak", "meter_events_v41.xml"),
              "posted 1 repeated 1 rejected 1 parked 0 corrections 0 multispeak.event_unknown");
    EXPECT_EQ(messages.events("M-1"),
              "2026-06-15T07:44:40Z 3.26.0.216 power_restored | 2026-06-15T07:41:12Z 3.26.0.85 "
              "power_failed");
    EXPECT_EQ(messages.bring("multispeak", "switches_v3.xml"),
              "posted 0 repeated 0 rejected 1 parked 0 corrections 0 import.controls_not_kept");
}

TEST(ImportMessages, ReadsAndIntervalsLandOnSqlite) { play("messages-sqlite", ""); }

TEST(ImportMessages, ReadsAndIntervalsLandOnPostgresql) {
    const std::string url = storage::fresh_database(storage::TestEngine::postgresql);
    if (url.empty()) GTEST_SKIP() << "played on SQLite alone; see tests/postgres.sh";
    play("messages-postgresql", url);
}

/// Alarms of CMEP: one is kept, one is sent twice, one has no moment, one is of a meter nobody has.
void play_alarms(const std::string& name, const std::string& url) {
    Stage stage(name, url);
    place(stage);
    Messages messages(stage);
    const auto bring = [&](const std::string& file, const std::string& text) {
        const auto outcome =
            app::import_file(stage.office(), {"cmep", file, stage.today, false, text, ""});
        if (!outcome) return outcome.error().message();
        return fmt::format("records {} posted {} repeated {} rejected {} parked {} events {}",
                           outcome->file.records, outcome->file.posted, outcome->file.repeated,
                           outcome->file.rejected, outcome->file.parked, outcome->events);
    };
    const std::string alarm = "MLA01,20080501,AMI,U1,VEU,C1,202606100300,M-1,OK,E,3.12.66.242\r\n";
    EXPECT_EQ(bring("one.cmep", alarm + alarm +
                                    "MLA01,20080501,AMI,U1,VEU,C1,yesterday,M-1,OK,E,4096\r\n"
                                    "MLA01,20080501,AMI,U1,VEU,C1,202606100300,M-9,OK,E,4096\r\n"),
              "records 4 posted 1 repeated 1 rejected 1 parked 1 events 1");
    EXPECT_EQ(bring("two.cmep", "\r\n" + alarm),
              "records 1 posted 0 repeated 1 rejected 0 parked 0 events 0");
    EXPECT_EQ(messages.events("M-1"), "2026-06-10T03:00:00Z OK,E,3.12.66.242 magnetic_field");
}

TEST(ImportMessages, AlarmsAreKeptOnceOnSqlite) { play_alarms("alarms-sqlite", ""); }

TEST(ImportMessages, AlarmsAreKeptOnceOnPostgresql) {
    const std::string url = storage::fresh_database(storage::TestEngine::postgresql);
    if (url.empty()) GTEST_SKIP() << "played on SQLite alone; see tests/postgres.sh";
    play_alarms("alarms-postgresql", url);
}

TEST(ImportMessages, ARequestedReadInTheDayKeepsItsTimeAndCountsAfterMidnights) {
    Stage stage("messages-midday", "");
    place(stage);
    const std::string text =
        "<ReadingChangedNotification><changedMeterReads><meterRead><meterNo>M-1</meterNo>"
        "<readingDate>2026-06-14T13:20:00-07:00</readingDate><posKWh>4850</posKWh></meterRead>"
        "</changedMeterReads><transactionID>7</transactionID></ReadingChangedNotification>";
    const auto outcome =
        app::import_file(stage.office(), {"multispeak", "read.xml", stage.today, false, text, ""});
    ASSERT_TRUE(outcome);
    EXPECT_EQ(outcome->file.posted, 1);
    const Date day = Date::ymd(2026, 6, 14);
    const auto reads = stage.office().meters().reads({channel("M-1", "KWH-REG")}, {day, day + 1});
    ASSERT_EQ(reads.size(), 1U);
    EXPECT_EQ(reads[0].type, "on_demand");
    EXPECT_EQ(reads[0].second_of_day, 13 * 3'600 + 20 * 60);
    // What came by itself and not at midnight is still no read.
    std::string unasked = text;
    unasked.erase(unasked.find("<transactionID>"),
                  std::string("<transactionID>7</transactionID>").size());
    const auto second = app::import_file(
        stage.office(), {"multispeak", "unasked.xml", stage.today, false, unasked, ""});
    ASSERT_TRUE(second);
    EXPECT_EQ(second->file.rejected, 1);
    EXPECT_EQ(second->problems.at(0).rule, "metering.read_not_at_midnight");
    // The read of midnight comes later and counts.
    std::string midnight = unasked;
    midnight.replace(midnight.find("13:20"), 5, "00:00");
    midnight.replace(midnight.find("4850"), 4, "4846");
    ASSERT_TRUE(app::import_file(stage.office(),
                                 {"multispeak", "midnight.xml", stage.today, false, midnight, ""}));
    EXPECT_EQ(Messages(stage).read("M-1", "KWH-REG", day), "actual_ami 4846");
}

TEST(ImportMessages, ATimeWithoutOffsetIsTheUtilitysClock) {
    Stage stage("messages-local", "");
    place(stage);
    const std::string text =
        "<ReadingChangedNotification><changedMeterReads><meterRead><meterNo>M-1</meterNo>"
        "<readingDate>2026-06-15T00:00:00</readingDate><posKWh>4862</posKWh></meterRead>"
        "</changedMeterReads></ReadingChangedNotification>";
    const auto outcome =
        app::import_file(stage.office(), {"multispeak", "read.xml", stage.today, false, text, ""});
    ASSERT_TRUE(outcome);
    EXPECT_EQ(outcome->file.posted, 1);
    EXPECT_EQ(Messages(stage).read("M-1", "KWH-REG", Date::ymd(2026, 6, 15)), "actual_ami 4862");
}

}  // namespace
}  // namespace watthour::scenarios
