// SPDX-License-Identifier: Apache-2.0
#include "formats/multispeak.hpp"

#include "formats/as_cmep.hpp"
#include "formats/format.hpp"
#include "formats/test_files.hpp"

#include <gtest/gtest.h>

#include <string>

namespace watthour::formats {
namespace {

Instant utc(const std::string& text) { return parse_iso_instant(text).value(); }

MultiSpeakFile sample(const std::string& name) {
    return read_multispeak(sample_text("multispeak/" + name));
}

TEST(MultiSpeak, AMalformedTimestampIsAProblemWithItsLine) {
    const MultiSpeakFile file = sample("01-CDStateChangedNotification.xml");
    ASSERT_EQ(file.problems.size(), 1U);
    EXPECT_EQ(file.problems[0].rule, "multispeak.time");
    EXPECT_EQ(file.problems[0].field, "timestamp");
    EXPECT_NE(file.problems[0].message.find("2017-10-09T053947PM-5"), std::string::npos);
    EXPECT_EQ(file.problems[0].line, 10);
    ASSERT_EQ(file.rejected.size(), 1U);
    EXPECT_NE(file.rejected[0].raw.find("meterNo=\"100\""), std::string::npos);
}

TEST(MultiSpeak, ARequestToSwitchIsRead) {
    const MultiSpeakFile file = sample("02-InitiateConnectDisconnect.xml");
    EXPECT_TRUE(file.problems.empty());
    const MultiSpeakMessage& one = file.messages.at(0);
    EXPECT_EQ(one.method, "InitiateConnectDisconnect");
    EXPECT_EQ(one.transaction, "0525376f-291f-423b-93ec-1f92b4535468");
    EXPECT_EQ(one.header.version, "3.0AC");
    EXPECT_EQ(one.header.app_name, "MultiSpeakClient30ac");
    EXPECT_EQ(one.header.company, "FakeCISMSpeak3");
    ASSERT_EQ(one.switches.size(), 1U);
    EXPECT_EQ(one.switches[0].meter, "F07DF930");
    // What is to become of it the sender does not say.
    ASSERT_EQ(file.notes.size(), 1U);
    EXPECT_EQ(file.notes[0].rule, "multispeak.action");

    const MultiSpeakFile made = sample("switches_v3.xml");
    ASSERT_EQ(made.messages.at(0).switches.size(), 1U);
    const MultiSpeakSwitch& cut = made.messages[0].switches[0];
    EXPECT_EQ(cut.action, "Disconnect");
    EXPECT_EQ(cut.reason, "NonPayment");
    EXPECT_EQ(cut.amount_due, "182.40");
    EXPECT_EQ(cut.account, "10000000017");
    EXPECT_EQ(made.messages[0].response_url, "http://cis.example/CB_Server");
    ASSERT_EQ(made.problems.size(), 1U);
    EXPECT_EQ(made.problems[0].rule, "multispeak.action");
}

TEST(MultiSpeak, ReadingsOfVersion3HaveOneElementForEachRegister) {
    const MultiSpeakFile file = sample("readings_of_two_meters_v3.xml");
    ASSERT_TRUE(file.problems.empty()) << file.problems[0].message;
    const MultiSpeakMessage& one = file.messages.at(0);
    EXPECT_TRUE(is_on_demand(one));
    ASSERT_EQ(one.readings.size(), 9U);
    EXPECT_EQ(one.readings[0].device, "MOD-77");
    EXPECT_EQ(one.readings[2].quantity, "KW");
    EXPECT_EQ(one.readings[2].peak_at->at, utc("2026-06-04T00:15:00Z"));
    // The third meter did not answer.
    ASSERT_EQ(one.errors.size(), 1U);
    EXPECT_EQ(one.errors[0].object, "M-3");
    EXPECT_EQ(one.errors[0].text, "meter does not answer");
    ASSERT_EQ(file.notes.size(), 1U);
    EXPECT_EQ(file.notes[0].rule, "multispeak.error");

    std::vector<std::string> told;
    for (const CmepRow& row : as_cmep(file)) {
        EXPECT_EQ(row.values.size(), 1U);
        EXPECT_EQ(row.read_type, "on_demand");
        EXPECT_EQ(row.values[0].end, utc("2026-06-15T07:00:00Z"));
        told.push_back(row.meter + " " + row.units + " " + row.values[0].value.to_shortest());
    }
    EXPECT_EQ(told, (std::vector<std::string>{
                        "M-1 KWHREG 4862", "M-1 GKWHREG 731", "M-1 KWREG 7.25",
                        "M-1 KWH/TOU1REG 3000", "M-1 KW/TOU1REG 7.25", "M-1 KWH/TOU2REG 1862",
                        "M-2 KWHREG 120.5", "M-2 GKWHREG 9", "M-2 UOM:V/NOW 241.3"}));
}

TEST(MultiSpeak, DirectionsThatDisagreeAreNotGuessed) {
    const MultiSpeakFile file = sample("directions_disagree_v41.xml");
    const auto& readings = file.messages.at(0).readings;
    ASSERT_EQ(readings.size(), 1U);
    EXPECT_EQ(readings[0].value, Decimal(4862, 0));
    EXPECT_EQ(readings[0].qualities, std::vector<std::string>{"2.8.0"});
    EXPECT_FALSE(is_on_demand(file.messages[0]));
    EXPECT_EQ(as_cmep(file).at(0).values.at(0).quality, 'E');
    ASSERT_EQ(file.problems.size(), 2U);
    EXPECT_EQ(file.problems[0].rule, "multispeak.direction");
    EXPECT_EQ(file.problems[0].line, 12);
    EXPECT_EQ(file.problems[1].rule, "multispeak.value");
    EXPECT_EQ(file.problems[1].line, 13);
    EXPECT_EQ(file.rejected.size(), 2U);
}

TEST(MultiSpeak, AShortDayOfIntervalDataHasNinetyTwoQuarterHours) {
    const MultiSpeakFile file = sample("quarter_hours_of_a_short_day_v41.xml");
    const auto& blocks = file.messages.at(0).blocks;
    ASSERT_EQ(blocks.size(), 3U);
    ASSERT_EQ(blocks[0].intervals.size(), 92U);
    // 0.1 + 0.2 + 0.3 + 0.4 and 88 times 0.25 are 23 kWh; twelve times 0.5 were given back.
    WideSum in;
    WideSum out;
    for (const auto& one : blocks[0].intervals) in.add(*one.value);
    for (const auto& one : blocks[1].intervals) out.add(*one.value);
    EXPECT_EQ(in.to_string(), "23");
    EXPECT_EQ(out.to_string(), "6");
    const auto rows = as_cmep(file);
    ASSERT_EQ(rows.size(), 4U);
    EXPECT_EQ(rows[0].units, "KWHREG");
    EXPECT_EQ(rows[0].values.at(0).end, utc("2026-03-09T07:00:00Z"));
    EXPECT_EQ(rows[1].units, "KWH");
    EXPECT_EQ(rows[1].values.front().end, utc("2026-03-08T08:15:00Z"));
    EXPECT_EQ(rows[1].values.back().end, utc("2026-03-09T07:00:00Z"));
    EXPECT_EQ(rows[2].units, "GKWH");
    // Of the second meter the second value is missing and the third has a status of the vendor's.
    const auto& second = rows[3].values;
    ASSERT_EQ(second.size(), 4U);
    EXPECT_EQ(second[0].flags, 0U);
    EXPECT_EQ(second[1].quality, 'N');
    EXPECT_EQ(second[2].flags, cmep_value_doubtful);
    EXPECT_EQ(second[2].value, Decimal(225, 2));
    // Its other block needs a profile that the message does not have.
    ASSERT_EQ(file.problems.size(), 1U);
    EXPECT_EQ(file.problems[0].rule, "multispeak.profile");
    EXPECT_EQ(file.problems[0].line, 42);
}

/// One block of M-1 with this interval length and these values.
std::string block(const std::string& length, const std::string& values, const std::string& start) {
    return "<IntervalDataNotification><intervalReads><profiles><profile profileID=\"P\">\n" +
           length +
           "<channels><channel><index>1</index><fieldName>posKWh</fieldName><units>Wh</units>"
           "</channel></channels></profile></profiles><blocks><block><profileID>P</profileID>"
           "<meterNo>M-1</meterNo><intervalStart>" +
           start + "</intervalStart><dB><chs><ch><idx>1</idx><d>" + values +
           "</d></ch></chs></dB></block></blocks></intervalReads></IntervalDataNotification>";
}

TEST(MultiSpeak, LengthsOfIntervalsAreMinutesUnlessTheySayOtherwise) {
    const std::string start = "2026-06-15T07:00:00Z";
    const auto minutes = [&](const std::string& length) {
        const auto file = read_multispeak(block(length, "250,300", start));
        return file.problems.empty() ? file.messages.at(0).blocks.at(0).minutes : 0;
    };
    EXPECT_EQ(minutes("<intervalLength>15</intervalLength>"), 15);
    EXPECT_EQ(minutes("<intervalLength units=\"Hours\">0.25</intervalLength>"), 15);
    EXPECT_EQ(minutes("<intervalLength units=\"Seconds\">3600</intervalLength>"), 60);
    EXPECT_EQ(minutes("<intervalLength units=\"Days\">1</intervalLength>"), 1440);
    EXPECT_EQ(minutes("<intervalLength units=\"Months\">1</intervalLength>"), 0);
    EXPECT_EQ(minutes("<intervalLength>0</intervalLength>"), 0);
    EXPECT_EQ(minutes("<intervalLength>7.1</intervalLength>"), 0);
    EXPECT_EQ(minutes(""), 0);
    const auto rows =
        as_cmep(read_multispeak(block("<intervalLength>15</intervalLength>", "250,300", start)));
    EXPECT_EQ(rows.at(0).multiplier, Decimal(1, 3));
    // Values are known by their places, so one that is no number spoils the column.
    const auto bad =
        read_multispeak(block("<intervalLength>15</intervalLength>", "250,3oo,1", start));
    EXPECT_EQ(bad.problems.at(0).rule, "multispeak.value");
    EXPECT_TRUE(bad.messages.at(0).blocks.empty());
}

TEST(MultiSpeak, TimesWithoutOffsetAreLocalUntilAZoneIsGiven) {
    const std::string text =
        block("<intervalLength>15</intervalLength>", "1,2", "2026-06-15T00:00:00");
    const auto unplaced = read_multispeak(text);
    EXPECT_TRUE(unplaced.problems.empty());
    EXPECT_EQ(unplaced.notes.at(0).rule, "multispeak.local_time");
    const auto placed = read_multispeak(text, {TimeZone::load("America/Los_Angeles").value()});
    EXPECT_TRUE(placed.notes.empty());
    EXPECT_EQ(placed.messages.at(0).blocks.at(0).start.at, utc("2026-06-15T07:00:00Z"));
}

TEST(MultiSpeak, AReadingTypeMakesAnIntervalOfAValue) {
    const auto file = read_multispeak(
        "<ReadingChangedNotification><changedMeterReads><meterReading><meterID meterNo=\"M-1\"/>"
        "<readingValues><readingValue><units>Wh</units><value>250</value>"
        "<timeStamp>2026-06-15T07:15:00Z</timeStamp><readingTypeCode>"
        "0.0.2.4.1.1.12.0.0.0.0.0.0.0.0.0.72.0</readingTypeCode></readingValue></readingValues>"
        "</meterReading></changedMeterReads></ReadingChangedNotification>");
    ASSERT_TRUE(file.problems.empty()) << file.problems[0].message;
    const auto rows = as_cmep(file);
    EXPECT_EQ(rows.at(0).units, "KWH");
    EXPECT_EQ(rows[0].interval_seconds, 900);
    EXPECT_EQ(rows[0].multiplier, Decimal(1, 3));
    EXPECT_EQ(rows[0].values.at(0).end, utc("2026-06-15T07:15:00Z"));
}

TEST(MultiSpeak, AFaultIsAnAnswer) {
    const auto file = read_multispeak(
        "<Envelope><Body><Fault><faultcode>Server</faultcode><faultstring>no meter head"
        "</faultstring></Fault></Body></Envelope>");
    EXPECT_EQ(file.messages.at(0).errors.at(0).text, "no meter head");
    EXPECT_EQ(file.notes.at(0).rule, "multispeak.error");
}

TEST(MultiSpeak, EventsHaveOurNamesAndAnUnknownCodeIsKept) {
    const MultiSpeakFile file = sample("meter_events_v41.xml");
    const auto& events = file.messages.at(0).events;
    ASSERT_EQ(events.size(), 2U);
    EXPECT_EQ(events[0].code, "3.26.0.85");
    EXPECT_EQ(events[0].name, "power_failed");
    EXPECT_EQ(events[0].text, "Power down");
    EXPECT_EQ(events[1].code, "7.7.7.7.1");
    EXPECT_EQ(events[1].name, "");
    EXPECT_EQ(file.notes.at(0).rule, "multispeak.event_unknown");
    EXPECT_EQ(file.problems.at(0).rule, "multispeak.time");
    const MultiSpeakFile outages = sample("outage_events_v3.xml");
    EXPECT_TRUE(outages.problems.empty());
    EXPECT_EQ(outages.messages.at(0).events.at(0).name, "power_failed");
    EXPECT_EQ(outages.messages[0].events[0].meter, "M-1");
    EXPECT_EQ(outages.messages[0].events.at(1).name, "power_restored");
}

TEST(MultiSpeak, ErrorsInsideAReplyAreKept) {
    const MultiSpeakFile file = sample("errors_in_the_reply_v3.xml");
    const auto& errors = file.messages.at(0).errors;
    ASSERT_EQ(errors.size(), 2U);
    EXPECT_EQ(errors[0].object, "M-404");
    EXPECT_EQ(errors[0].noun, "meter");
    EXPECT_EQ(errors[0].at->at, utc("2026-06-15T07:20:00Z"));
    EXPECT_EQ(file.notes.size(), 2U);
    ASSERT_EQ(file.problems.size(), 1U);
    EXPECT_EQ(file.problems[0].rule, "multispeak.time");
}

TEST(MultiSpeak, UserAndPasswordReachNothingThatIsPrinted) {
    for (const std::string& name : sample_names("multispeak")) {
        const std::string text = sample_text(name);
        for (const std::size_t size : {text.size(), text.size() / 2, std::size_t{250}}) {
            const std::string_view part = std::string_view(text).substr(0, size);
            const Format* format = find_format("multispeak");
            const std::string told =
                to_text(format->read(part)) + to_text(to_json(format->check(part), "x"));
            for (const char* secret :
                 {"open-sesame", "reader-of-the-coop", "****", "Pwd", "UserID"}) {
                EXPECT_EQ(told.find(secret), std::string::npos) << name << " tells " << secret;
            }
        }
    }
}

TEST(MultiSpeak, WhatIsNoMessageIsTold) {
    EXPECT_EQ(read_multispeak("").problems.at(0).rule, "multispeak.xml");
    EXPECT_EQ(read_multispeak("<html></html>").problems.at(0).rule, "multispeak.root");
    EXPECT_EQ(read_multispeak("<Envelope><Body/></Envelope>").problems.at(0).rule,
              "multispeak.empty");
    EXPECT_EQ(read_multispeak("<!DOCTYPE a [<!ENTITY b \"c\">]><Envelope>&b;</Envelope>")
                  .problems.at(0)
                  .rule,
              "multispeak.forbidden");
    const auto other =
        read_multispeak("<Envelope><Body><PoleChangedNotification/></Body></Envelope>");
    EXPECT_TRUE(other.problems.empty());
    EXPECT_EQ(other.notes.at(0).rule, "multispeak.method");
    const std::string text = sample_text("multispeak/readings_of_two_meters_v3.xml");
    const auto cut = read_multispeak(std::string_view(text).substr(0, text.find("120.5")));
    EXPECT_EQ(cut.problems.at(0).rule, "multispeak.xml");
    EXPECT_EQ(cut.messages.at(0).readings.size(), 6U);
}

TEST(MultiSpeak, BytesThatAreNotInTheEncodingNamedAreToldAndNotPrinted) {
    const std::string text = sample_text("multispeak/readings_of_two_meters_v3.xml");
    testing::internal::CaptureStderr();
    for (const char* encoding :
         {"UTF-8", "ASCII", "UTF-16", "UTF-7", "UTF-32", "UCS-4", "BIG5", "ISO-2022-JP", "EUC-JP",
          "SHIFT_JIS", "HTML", "EBCDIC-US", "none"}) {
        std::string bad =
            std::string("<?xml version=\"1.0\" encoding=\"") + encoding + "\"?>" + text;
        bad[bad.find("4862") - 3] = '\xFF';
        bad.insert(bad.find("731"), "\xE9");
        EXPECT_FALSE(read_multispeak(bad).problems.empty()) << encoding;
    }
    EXPECT_EQ(testing::internal::GetCapturedStderr(), "");
}

TEST(MultiSpeak, TotalsCountMessagesMetersReadingsAndEvents) {
    const FormatCheck check =
        find_format("multispeak")->check(sample_text("multispeak/readings_of_two_meters_v3.xml"));
    EXPECT_TRUE(check.ok);
    EXPECT_EQ(to_text(check.totals),
              "{\"messages\":1,\"meters\":2,\"readings\":9,\"events\":0,"
              "\"switches\":0,\"errors\":1,\"rejected\":0}");
}

}  // namespace
}  // namespace watthour::formats
