// SPDX-License-Identifier: Apache-2.0
#include "formats/iec61968.hpp"

#include "formats/as_cmep.hpp"
#include "formats/format.hpp"
#include "formats/test_files.hpp"

#include <gtest/gtest.h>

#include <string>

namespace watthour::formats {
namespace {

Instant utc(const std::string& text) { return parse_iso_instant(text).value(); }

IecFile sample(const std::string& name) { return read_iec61968(sample_text("iec61968/" + name)); }

/// A bare message with what stands in one MeterReading of M-1.
std::string message(const std::string& content) {
    return "<EventMessage>\n<Header><Verb>created</Verb><Noun>MeterReadings</Noun></Header>\n"
           "<Payload><MeterReadings><MeterReading>\n<Meter><mRID>M-1</mRID></Meter>\n" +
           content + "\n</MeterReading></MeterReadings></Payload></EventMessage>";
}

const std::string quarter = "0.0.2.4.1.1.12.0.0.0.0.0.0.0.0.3.72.0";
const std::string delivered = "0.0.0.1.1.1.12.0.0.0.0.0.0.0.0.3.72.0";

std::string single(const std::string& inner, const std::string& type = delivered) {
    return "<Readings>" + inner + "<ReadingType ref=\"" + type + "\"/></Readings>";
}

TEST(Iec61968, AShortDayHasNinetyTwoQuarterHours) {
    const IecFile file = sample("quarter_hours_of_a_short_day.xml");
    ASSERT_TRUE(file.problems.empty()) << file.problems[0].message;
    ASSERT_EQ(file.messages.size(), 1U);
    const IecMessage& one = file.messages[0];
    EXPECT_EQ(one.kind, "EventMessage");
    EXPECT_EQ(one.header.verb, "created");
    EXPECT_EQ(one.header.message_id, "b7f3a1c2-0001");
    ASSERT_EQ(one.series.size(), 1U);
    const IecSeries& series = one.series[0];
    EXPECT_EQ(series.meter, "M-1");
    EXPECT_EQ(series.usage_point, "SP-1");
    EXPECT_EQ(series.minutes, 15);
    ASSERT_EQ(series.readings.size(), 92U);
    // 0.1 + 0.2 + 0.3 + 0.4 and 88 times 0.25 are 23 kWh.
    WideSum sum;
    for (const IecReading& reading : series.readings) sum.add(reading.value);
    EXPECT_EQ(sum.to_string(), "23");
    // The day begins at 08:00 UTC and ends 23 hours later; stamps are ends.
    EXPECT_EQ(series.readings.front().at.at, utc("2026-03-08T08:15:00Z"));
    EXPECT_EQ(series.readings.back().at.at, utc("2026-03-09T07:00:00Z"));
    const auto rows = as_cmep(file);
    ASSERT_EQ(rows.size(), 1U);
    EXPECT_EQ(rows[0].units, "KWH");
    EXPECT_EQ(rows[0].interval_seconds, 900);
    EXPECT_EQ(rows[0].multiplier, Decimal(1, 0));
    EXPECT_EQ(rows[0].values[10].quality, 'E');
    EXPECT_EQ(rows[0].values[11].quality, '\0');
}

TEST(Iec61968, APartialReplyGivesItsReadingsAndNamesWhatIsMissing) {
    const IecFile file = sample("two_meters_and_one_unknown.xml");
    ASSERT_TRUE(file.problems.empty()) << file.problems[0].message;
    const IecMessage& one = file.messages.at(0);
    EXPECT_EQ(one.header.correlation_id, "request-17");
    EXPECT_TRUE(one.header.wants_later_answer);
    EXPECT_EQ(one.header.reply_address, "https://cis.example/replies");
    ASSERT_TRUE(one.reply);
    EXPECT_EQ(one.reply->result, "PARTIAL");
    ASSERT_EQ(one.reply->errors.size(), 1U);
    EXPECT_EQ(one.reply->errors[0].code, "2.4");
    EXPECT_EQ(one.reply->errors[0].object, "M-404");
    ASSERT_EQ(file.notes.size(), 1U);
    EXPECT_EQ(file.notes[0].rule, "iec61968.reply");
    EXPECT_EQ(file.notes[0].message, "the answer is PARTIAL: 2.4 no such meter (\"M-404\")");
    const auto rows = as_cmep(file);
    ASSERT_EQ(rows.size(), 3U);
    // An mRID that is a UUID gives way to the name on the meter.
    EXPECT_EQ(rows[0].meter, "M-1");
    EXPECT_EQ(rows[0].units, "KWHREG");
    EXPECT_EQ(rows[0].values.at(0).value.to_string(), "4862");
    EXPECT_EQ(rows[0].values[0].end, utc("2026-06-15T07:00:00Z"));
    // 731,500 Wh received are 731.5 kWh.
    EXPECT_EQ(rows[1].units, "GKWHREG");
    EXPECT_EQ(rows[1].values.at(0).value.to_string(), "731.5");
    EXPECT_EQ(rows[1].multiplier, Decimal(1, 0));
    // The type is defined behind the readings.
    EXPECT_EQ(rows[2].meter, "M-2");
    EXPECT_EQ(rows[2].units, "KWHREG");
    EXPECT_EQ(rows[2].read_type, "on_demand");
    EXPECT_EQ(rows[0].read_type, "");
}

TEST(Iec61968, SwappedCodesOfATypeNeverBecomeTheTotal) {
    const IecFile file = sample("direction_and_accumulation_swapped.xml");
    ASSERT_EQ(file.problems.size(), 1U);
    EXPECT_EQ(file.problems[0].rule, "iec61968.reading_type_code");
    EXPECT_EQ(file.problems[0].line, 7);
    ASSERT_EQ(file.rejected.size(), 1U);
    EXPECT_NE(file.rejected[0].raw.find("1200"), std::string::npos);
    const auto rows = as_cmep(file);
    ASSERT_EQ(rows.size(), 2U);
    EXPECT_EQ(rows[0].values.at(0).value, Decimal(4862, 0));
    // 4 and 1 changed places make a net register of it, which the meter does not have.
    EXPECT_EQ(rows[1].units, "NKWHREG");
}

TEST(Iec61968, AnOlderTypeIsRefusedAndTheOtherReadingGoesOn) {
    const IecFile file = sample("reading_type_of_eleven_fields.xml");
    ASSERT_EQ(file.problems.size(), 1U);
    EXPECT_EQ(file.problems[0].rule, "iec61968.reading_type_fields");
    EXPECT_EQ(reading_count(file.messages.at(0)), 1U);
}

TEST(Iec61968, EventsHaveOurNamesAndAnUnknownCodeIsKept) {
    const IecFile file = sample("events_of_two_meters.xml");
    const auto& events = file.messages.at(0).events;
    ASSERT_EQ(events.size(), 4U);
    EXPECT_EQ(events[0].name, "power_failed");
    EXPECT_EQ(events[0].created.at, utc("2026-06-15T07:41:12Z"));
    EXPECT_EQ(events[1].name, "power_restored");
    EXPECT_EQ(events[2].name, "cover_removed");
    EXPECT_EQ(events[2].meter, "M-2");
    EXPECT_EQ(events[2].reason, "seal");
    EXPECT_EQ(events[2].status, "OPEN");
    EXPECT_EQ(events[3].name, "");
    EXPECT_EQ(events[3].code, "3.99.7.7");
    ASSERT_EQ(file.notes.size(), 1U);
    EXPECT_EQ(file.notes[0].rule, "iec61968.event_unknown");
    EXPECT_EQ(file.notes[0].line, 22);
    // The last one says no time.
    ASSERT_EQ(file.problems.size(), 1U);
    EXPECT_EQ(file.problems[0].rule, "iec61968.time");
    EXPECT_EQ(file.problems[0].line, 27);
}

TEST(Iec61968, MessagesOfHeadEndsInUseAreRead) {
    const IecFile event = sample("lg-EndDeviceEvents-created-POWER_FAIL.xml");
    EXPECT_TRUE(event.problems.empty());
    EXPECT_TRUE(event.notes.empty());
    const IecEvent& one = event.messages.at(0).events.at(0);
    EXPECT_EQ(one.code, "6.20.1.185");
    EXPECT_EQ(one.name, "power_failed");
    EXPECT_EQ(one.meter, "abcde");
    EXPECT_EQ(one.created.at, utc("2017-10-11T19:19:12Z"));
    EXPECT_EQ(event.messages[0].header.source, "ElectSolve");

    const IecFile request = sample("cim-EndDeviceControls-1-request.xml");
    EXPECT_TRUE(request.problems.empty());
    EXPECT_EQ(request.messages.at(0).header.verb, "get");
    EXPECT_EQ(request.messages[0].controls.at(0).meter, "Meter123");
    EXPECT_EQ(request.messages[0].controls[0].code, "3.31.6.42");

    const IecFile response = sample("cim-EndDeviceControls-1-response.xml");
    EXPECT_TRUE(response.problems.empty());
    EXPECT_EQ(response.messages.at(0).reply.value().result, "OK");
    EXPECT_EQ(response.messages[0].header.correlation_id, "7455ff0c-2149-4e31-b5b8-9b55ad73218b");
}

TEST(Iec61968, PasswordsAndUsersReachNothingThatIsPrinted) {
    for (const std::string& name : sample_names("iec61968")) {
        const std::string text = sample_text(name);
        for (const std::size_t size : {text.size(), text.size() / 2, std::size_t{600}}) {
            const std::string_view part = std::string_view(text).substr(0, size);
            const Format* format = find_format("iec61968");
            const std::string told =
                to_text(format->read(part)) + to_text(to_json(format->check(part), "x"));
            for (const char* secret :
                 {"open-sesame", "clerk-of-the-head-end", "username\"", ">password", "UserName"}) {
                EXPECT_EQ(told.find(secret), std::string::npos) << name << " tells " << secret;
            }
        }
    }
}

TEST(Iec61968, AFaultInsideAPasswordDoesNotTellIt) {
    const IecFile file =
        read_iec61968("<Envelope><Header><Password>a&open-sesame;b</Password></Header></Envelope>");
    ASSERT_EQ(file.problems.size(), 1U);
    EXPECT_EQ(file.problems[0].message.find("open-sesame"), std::string::npos);
}

TEST(Iec61968, DocumentTypesAreRefused) {
    const IecFile file = sample("document_type.xml");
    ASSERT_EQ(file.problems.size(), 1U);
    EXPECT_EQ(file.problems[0].rule, "iec61968.forbidden");
    EXPECT_TRUE(file.messages.empty());
}

TEST(Iec61968, ACutMessageKeepsWholeMetersAndSaysWhatItLost) {
    const std::string text = sample_text("iec61968/quarter_hours_of_a_short_day.xml");
    // The meter stands behind its intervals, so those of a cut message belong to nobody.
    const IecFile cut =
        read_iec61968(std::string_view(text).substr(0, text.find("m:ReadingType ")));
    ASSERT_EQ(cut.problems.size(), 1U);
    EXPECT_EQ(cut.problems[0].rule, "iec61968.xml");
    EXPECT_NE(cut.problems[0].message.find("92 readings"), std::string::npos);
    EXPECT_EQ(cut.rejected.size(), 92U);
    EXPECT_TRUE(as_cmep(cut).empty());
    const std::string two = sample_text("iec61968/two_meters_and_one_unknown.xml");
    const IecFile first = read_iec61968(std::string_view(two).substr(0, two.find("120.5")));
    EXPECT_EQ(first.problems.size(), 1U);
    EXPECT_EQ(as_cmep(first).size(), 2U);
}

TEST(Iec61968, ABadReadingIsToldWithItsLineAndTheOthersGoOn) {
    const std::string stamp = "<timeStamp>2026-06-15T07:00:00Z</timeStamp>";
    const std::string bad_quality =
        "<ReadingQualities><ReadingQualityType ref=\"1.9.0\"/></ReadingQualities>";
    const IecFile file = read_iec61968(message(
        single(stamp + "<value>4862</value>") + "\n" + single(stamp + "<value>48x62</value>") +
        "\n" + single(stamp) + "\n" + single("<value>1</value>") + "\n" +
        single("<timeStamp>yesterday</timeStamp><value>1</value>") + "\n" +
        single(stamp + "<value>2</value>" + bad_quality) + "\n" +
        single(stamp + "<value>1000000000</value>", "0.0.0.1.1.1.12.0.0.0.0.0.0.0.0.9.72.0")));
    std::vector<std::string> rules;
    for (const Problem& problem : file.problems) {
        rules.push_back(problem.rule + " " + std::to_string(problem.line));
        EXPECT_FALSE(problem.remedy.empty());
    }
    EXPECT_EQ(rules, (std::vector<std::string>{"iec61968.value 6", "iec61968.value 7",
                                               "iec61968.time 8", "iec61968.time 9",
                                               "iec61968.quality 10", "iec61968.value 11"}));
    EXPECT_EQ(file.rejected.size(), 6U);
    EXPECT_EQ(reading_count(file.messages.at(0)), 1U);
}

TEST(Iec61968, AMissingValueIsAReadingWithoutAValue) {
    const IecFile file =
        read_iec61968(message(single("<timeStamp>2026-06-15T07:15:00Z</timeStamp><ReadingQualities>"
                                     "<ReadingQualityType ref=\"2.5.259\"/></ReadingQualities>",
                                     quarter)));
    ASSERT_TRUE(file.problems.empty()) << file.problems[0].message;
    EXPECT_EQ(as_cmep(file).at(0).values.at(0).quality, 'N');
}

TEST(Iec61968, QualitiesBecomeLettersAndMarks) {
    const auto value_of = [](const std::string& qualities) {
        return as_cmep(
                   read_iec61968(message(single(
                       "<timeStamp>2026-06-15T07:15:00Z</timeStamp><value>1</value>" + qualities,
                       quarter))))
            .at(0)
            .values.at(0);
    };
    const auto quality = [](const std::string& code) {
        return "<ReadingQualities><ReadingQualityType ref=\"" + code + "\"/></ReadingQualities>";
    };
    EXPECT_EQ(value_of(quality("1.0.0")).quality, '\0');
    EXPECT_EQ(value_of(quality("3.7.2")).quality, 'A');
    EXPECT_EQ(value_of(quality("3.10.0")).quality, 'R');
    EXPECT_EQ(value_of(quality("3.7.2") + quality("3.8.0")).quality, 'E');
    EXPECT_EQ(value_of(quality("1.2.32")).flags, 2U);
    EXPECT_EQ(value_of(quality("1.4.5")).flags, 4096U);
    EXPECT_EQ(value_of(quality("3.6.3")).flags, cmep_value_doubtful);
    // What the first generation wrote.
    EXPECT_EQ(value_of("<ReadingQualities><quality>1.8.0</quality></ReadingQualities>").quality,
              'E');
}

TEST(Iec61968, ThePeriodSaysWhereAnIntervalEnds) {
    const auto with = [](const std::string& times, const std::string& type) {
        return read_iec61968(message("<IntervalBlocks><IntervalReadings>" + times +
                                     "<value>1</value></IntervalReadings><ReadingType ref=\"" +
                                     type + "\"/></IntervalBlocks>"));
    };
    const std::string period =
        "<timePeriod><end>2026-06-15T07:15:00Z</end><start>2026-06-15T07:00:00Z</start></"
        "timePeriod>";
    const auto end_of = [](const IecFile& file) {
        return file.messages.at(0).series.at(0).readings.at(0).at.at;
    };
    // A stamp at the start of the interval gives way to the period.
    EXPECT_EQ(end_of(with("<timeStamp>2026-06-15T07:00:00Z</timeStamp>" + period, quarter)),
              utc("2026-06-15T07:15:00Z"));
    EXPECT_EQ(end_of(with("<timePeriod><start>2026-06-15T07:00:00Z</start></timePeriod>", quarter)),
              utc("2026-06-15T07:15:00Z"));
    // A type without a length takes it from the period; one with another length disagrees.
    const std::string no_length = "0.0.0.4.1.1.12.0.0.0.0.0.0.0.0.3.72.0";
    EXPECT_EQ(with(period, no_length).messages.at(0).series.at(0).minutes, 15);
    const std::string hour = "0.0.7.4.1.1.12.0.0.0.0.0.0.0.0.3.72.0";
    EXPECT_EQ(with(period, hour).problems.at(0).rule, "iec61968.time_period");
    EXPECT_EQ(with("<timeStamp>2026-06-15T07:00:00Z</timeStamp>", no_length).problems.at(0).rule,
              "iec61968.interval");
}

TEST(Iec61968, TimesWithoutOffsetAreLocalUntilAZoneIsGiven) {
    const std::string text =
        message(single("<timeStamp>2026-06-15T00:00:00</timeStamp><value>4862</value>"));
    const IecFile unplaced = read_iec61968(text);
    EXPECT_TRUE(unplaced.problems.empty());
    ASSERT_EQ(unplaced.notes.size(), 1U);
    EXPECT_EQ(unplaced.notes[0].rule, "iec61968.local_time");
    EXPECT_TRUE(unplaced.messages.at(0).series.at(0).readings.at(0).at.is_local);
    const IecFile placed = read_iec61968(text, {TimeZone::load("America/Los_Angeles").value()});
    EXPECT_TRUE(placed.notes.empty());
    EXPECT_EQ(as_cmep(placed).at(0).values.at(0).end, utc("2026-06-15T07:00:00Z"));
    const IecFile twice =
        read_iec61968(message(single("<timeStamp>2026-11-01T01:30:00</timeStamp><value>1</value>")),
                      {TimeZone::load("America/Los_Angeles").value()});
    EXPECT_EQ(twice.problems.at(0).rule, "iec61968.local_time");
}

TEST(Iec61968, HeaderAndPayloadMustAgree) {
    const std::string controls =
        "<m><Header><Verb>created</Verb><Noun>MeterReadings</Noun></Header></m>";
    EXPECT_EQ(read_iec61968(controls).problems.at(0).rule, "iec61968.root");
    const IecFile file = read_iec61968(
        "<RequestMessage><Header><Verb>create</Verb><Noun>MeterReadings</Noun></Header><Payload>"
        "<EndDeviceControls><EndDeviceControl><EndDeviceControlType ref=\"3.31.0.23\"/>"
        "<EndDevices><mRID>M-1</mRID></EndDevices></EndDeviceControl></EndDeviceControls>"
        "</Payload></RequestMessage>");
    ASSERT_EQ(file.problems.size(), 1U);
    EXPECT_EQ(file.problems[0].rule, "iec61968.noun");
    EXPECT_EQ(file.messages.at(0).controls.at(0).name, "disconnect");
    const IecFile reply = read_iec61968(
        "<ResponseMessage><Header><Verb>reply</Verb></Header><Reply><Result>OK</Result><Error>"
        "<code>2.4</code></Error></Reply></ResponseMessage>");
    EXPECT_TRUE(has_rule(reply.problems, "iec61968.header", 1));
    EXPECT_TRUE(has_rule(reply.problems, "iec61968.reply", 1));
    EXPECT_EQ(read_iec61968("<Envelope><Body/></Envelope>").problems.at(0).rule, "iec61968.empty");
    EXPECT_EQ(read_iec61968("").problems.at(0).rule, "iec61968.xml");
}

TEST(Iec61968, TotalsCountMessagesMetersReadingsAndEvents) {
    const FormatCheck check =
        find_format("iec61968")->check(sample_text("iec61968/two_meters_and_one_unknown.xml"));
    EXPECT_TRUE(check.ok);
    EXPECT_EQ(to_text(check.totals),
              "{\"messages\":1,\"meters\":2,\"readings\":3,\"events\":0,"
              "\"controls\":0,\"errors\":1,\"rejected\":0}");
}

}  // namespace
}  // namespace watthour::formats
