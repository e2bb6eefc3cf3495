// SPDX-License-Identifier: Apache-2.0
// The settings of head-ends, who stands at the door, and what messages say to us.
#include "app/errors.hpp"
#include "app/head_end_messages.hpp"

#include <gtest/gtest.h>

namespace watthour::app {
namespace {

using metering::AnswerKind;
using metering::HeadEndAnswer;
using metering::HeadEndKind;
using metering::HeadEndRequest;

constexpr Instant noon{1'781'000'000};

std::string settings_with(const std::string& fields) {
    return R"({"systems": [{"name": "north", "protocol": "multispeak",)"
           R"("url": "https://ami.example/MR")" +
           fields + "}]}";
}

TEST(HeadEndSettings, EveryFieldIsTaken) {
    const auto settings = parse_head_end_settings(
        settings_with(R"(, "version": "4.1", "user": "cis", "password": "open sesame",
            "reply_url": "https://cis.example/", "reply_secret": "sixteen-letters-1",
            "serial_prefixes": ["V1", "V2"], "answer_seconds": 30, "expires_seconds": 120,
            "most_attempts": 5)"),
        "x");
    ASSERT_TRUE(settings);
    const HeadEndSystem& north = settings->systems.at(0);
    EXPECT_EQ(north.version, "4.1");
    EXPECT_EQ(north.reply_user, "north");
    EXPECT_EQ(north.reply_address(), "https://cis.example/head-end/multispeak/sixteen-letters-1");
    EXPECT_EQ(north.patience.answer_seconds, 30);
    EXPECT_EQ(north.patience.expires_seconds, 120);
    EXPECT_EQ(north.patience.most_attempts, 5);
    EXPECT_EQ(settings->of_meter("V2-17"), &north);
    EXPECT_EQ(settings->of_meter("W2-17"), nullptr);
    EXPECT_EQ(settings->find("north"), &north);
    EXPECT_EQ(settings->find("south"), nullptr);
}

TEST(HeadEndSettings, AFaultIsNamedAndNoSecretIsShown) {
    struct Case {
        std::string text;
        const char* why;
    };
    const std::string one =
        R"({"name": "a", "protocol": "iec61968", "url": "http://127.0.0.1:1/"})";
    const Case cases[] = {
        {"{\"password\": \"open sesame", "it is no JSON"},
        {"[]", "it has no list of systems"},
        {R"({"systems": []})", "it has no list of systems"},
        {R"({"systems": [1]})", "a system is no object"},
        {settings_with(R"(, "pasword": "open sesame")"), "there is no field pasword"},
        {settings_with(R"(, "password": 7)"), "password is no text"},
        {settings_with(R"(, "version": "5.0")"), "version is neither 3.0 nor 4.1"},
        {settings_with(R"(, "reply_secret": "sesame")"), "reply_secret has not 16 letters"},
        {settings_with(R"(, "reply_secret": "open/sesame-open/sesame")"), "an address cannot hold"},
        {settings_with(R"(, "reply_password": "sesame")"), "reply_password has not 16 letters"},
        {settings_with(R"(, "most_attempts": 0)"), "most_attempts is not 1 to 20"},
        {settings_with(R"(, "reply_url": "cis.example")"), "reply_url is no address"},
        {settings_with(R"(, "serial_prefixes": [1])"), "something else than texts"},
        {R"({"systems": [{"name": "a", "protocol": "dlms", "url": "https://x"}]})",
         "protocol is neither"},
        {R"({"systems": [{"name": "", "protocol": "iec61968", "url": "https://x"}]})",
         "name is not"},
        {R"({"systems": [{"name": "a", "protocol": "iec61968", "url": "ftp://x"}]})",
         "url is no address"},
        {"{\"systems\": [" + one + "," + one + "]}", "two systems have the name a"},
    };
    for (const Case& one_case : cases) {
        SCOPED_TRACE(one_case.text);
        const auto settings = parse_head_end_settings(one_case.text, "the-file");
        ASSERT_FALSE(settings);
        EXPECT_TRUE(settings.error().is(errors::head_end_settings_malformed));
        EXPECT_NE(settings.error().message().find(one_case.why), std::string::npos)
            << settings.error().message();
        EXPECT_EQ(settings.error().message().find("sesame"), std::string::npos);
    }
}

TEST(HeadEndSettings, WhoAnswersIsKnownByAddressOrByHeader) {
    HeadEndSettings settings;
    HeadEndSystem north;
    north.name = "north";
    north.reply_secret = "sixteen-letters-1";
    HeadEndSystem south;
    south.name = "south";
    south.protocol = HeadEndProtocol::iec61968;
    south.reply_user = "Aladdin";
    south.reply_password = "open sesame";
    settings.systems = {north, south};
    using enum HeadEndProtocol;
    // RFC 7617, section 2: Aladdin and open sesame.
    const std::string basic = "Basic QWxhZGRpbjpvcGVuIHNlc2FtZQ==";
    EXPECT_EQ(basic_authorization("Aladdin", "open sesame"), basic);
    EXPECT_EQ(who_answers(settings, multispeak, "sixteen-letters-1", ""), &settings.systems[0]);
    EXPECT_EQ(who_answers(settings, iec61968, "", basic), &settings.systems[1]);
    EXPECT_EQ(who_answers(settings, multispeak, "", basic), nullptr);
    EXPECT_EQ(who_answers(settings, iec61968, "sixteen-letters-1", ""), nullptr);
    EXPECT_EQ(who_answers(settings, multispeak, "", ""), nullptr);
    EXPECT_EQ(who_answers(settings, multispeak, "sixteen-letters-2", ""), nullptr);
    // One without a password lets nobody in by an empty one.
    EXPECT_EQ(who_answers(settings, multispeak, "", basic_authorization("", "")), nullptr);
}

HeadEndSystem system_of(HeadEndProtocol protocol, const std::string& version = "3.0") {
    HeadEndSystem system;
    system.name = "north";
    system.protocol = protocol;
    system.version = version;
    system.user = "cis";
    system.password = "open sesame";
    system.reply_url = "https://cis.example";
    system.reply_secret = "sixteen-letters-1";
    return system;
}

HeadEndRequest asked(HeadEndKind kind) {
    HeadEndRequest request;
    request.id = {17};
    request.kind = kind;
    request.serial = "M-1";
    return begin(request, {60, 900, 3}, noon);
}

TEST(HeadEndMessages, ARequestIsWrittenForItsProtocol) {
    const auto holds = [](const HeadEndLetter& letter, std::initializer_list<const char*> parts) {
        for (const char* part : parts) {
            EXPECT_NE(letter.bytes.find(part), std::string::npos) << part << "\n" << letter.bytes;
        }
    };
    const auto old = system_of(HeadEndProtocol::multispeak);
    const auto read = letter_of(old, asked(HeadEndKind::read), "Valdoro", noon + 60);
    EXPECT_EQ(read.soap_action,
              "http://www.multispeak.org/Version_3.0/InitiateMeterReadByMeterNumber");
    holds(read, {"UserID=\"cis\"", "Pwd=\"open sesame\"", "<string>M-1</string>",
                 "<transactionID>wh-17</transactionID>",
                 "<responseURL>https://cis.example/head-end/multispeak/sixteen-letters-1<",
                 "<expirationTime>840</expirationTime>"});
    const auto fresh = system_of(HeadEndProtocol::multispeak, "4.1");
    holds(letter_of(fresh, asked(HeadEndKind::read), "Valdoro", noon),
          {"InitiateMeterReadingsByMeterID", "<meterID meterNo=\"M-1\">",
           "<expTime units=\"Seconds\">900</expTime>"});
    holds(letter_of(old, asked(HeadEndKind::ping), "Valdoro", noon),
          {"InitiateOutageDetectionEventRequest", "<requestDate>"});
    holds(letter_of(old, asked(HeadEndKind::disconnect), "Valdoro", noon),
          {"<loadActionCode>Disconnect</loadActionCode>"});
    const auto iec = system_of(HeadEndProtocol::iec61968);
    holds(letter_of(iec, asked(HeadEndKind::read), "Valdoro", noon),
          {"<Verb>get</Verb>", "<Noun>MeterReadings</Noun>", "<CorrelationID>wh-17</CorrelationID>",
           "<wsse:Username>cis</wsse:Username>", "<EndDevice><Names><name>M-1</name>"});
    holds(letter_of(iec, asked(HeadEndKind::disconnect), "Valdoro", noon),
          {"<Verb>execute</Verb>", "<EndDeviceControlType ref=\"3.31.0.23\"/>"});
    holds(letter_of(iec, asked(HeadEndKind::connect), "Valdoro", noon),
          {"<EndDeviceControlType ref=\"3.31.0.18\"/>"});
    holds(*ping_of(old, "Valdoro", noon), {"<PingURL"});
    EXPECT_FALSE(ping_of(iec, "Valdoro", noon));
}

std::string multispeak_text(const std::string& body) {
    return "<Envelope><Body>" + body + "</Body></Envelope>";
}

std::string iec_text(const std::string& verb, const std::string& noun, const std::string& rest) {
    return "<ResponseMessage><Header><Verb>" + verb + "</Verb><Noun>" + noun +
           "</Noun><CorrelationID>wh-17</CorrelationID></Header>" + rest + "</ResponseMessage>";
}

TEST(HeadEndMessages, WhatAnAnswerSaysIsTakenFromIt) {
    using enum HeadEndProtocol;
    const TimeZone zone = *TimeZone::load("America/Los_Angeles");
    struct Case {
        const char* name;
        HeadEndProtocol protocol;
        std::string text;
        CameBy came;
        HeadEndAnswer wanted;
    };
    const std::string events =
        "<Payload><EndDeviceEvents><EndDeviceEvent><createdDateTime>2026-06-15T20:20:00Z"
        "</createdDateTime><Assets><mRID>M-1</mRID></Assets><EndDeviceEventType "
        "ref=\"3.31.0.68\"/></EndDeviceEvent></EndDeviceEvents></Payload>";
    const std::string failed =
        "<Reply><Result>FAILED</Result><Error><code>2.4</code><ID>M-1</ID></Error></Reply>";
    const Case cases[] = {
        {"taken up",
         multispeak,
         multispeak_text("<InitiateConnectDisconnectResponse/>"),
         CameBy::same_line,
         {AnswerKind::accepted, {}, {}, true, {}, ""}},
        {"refused",
         multispeak,
         multispeak_text("<XResponse><XResult><errorObject objectID=\"M-1\" errorString=\"no such "
                         "meter\" nounType=\"meter\"/></XResult></XResponse>"),
         CameBy::same_line,
         {AnswerKind::refused, {}, {"M-1"}, true, {}, "no such meter"}},
        {"a fault",
         multispeak,
         multispeak_text("<Fault><faultcode>Server</faultcode><faultstring>busy</faultstring>"
                         "</Fault>"),
         CameBy::same_line,
         {AnswerKind::refused, {}, {}, true, {}, "busy"}},
        {"a read",
         multispeak,
         multispeak_text("<ReadingChangedNotification><meterRead><meterNo>M-1</meterNo>"
                         "<readingDate>2026-06-15T13:20:00</readingDate><posKWh>4862</posKWh>"
                         "</meterRead></ReadingChangedNotification>"),
         CameBy::itself,
         {AnswerKind::result,
          HeadEndKind::read,
          {"M-1"},
          true,
          {},
          "posKWh 4862 at 2026-06-15T20:20:00Z"}},
        {"switched off",
         multispeak,
         multispeak_text("<CDStateChangedNotification><meterNo>M-1</meterNo><stateChange>Disconnect"
                         "</stateChange></CDStateChangedNotification>"),
         CameBy::itself,
         {AnswerKind::result, {}, {"M-1"}, true, false, "Disconnect"}},
        {"not switched",
         multispeak,
         multispeak_text("<CDStateChangedNotification><meterNo>M-1</meterNo><errorString>jammed"
                         "</errorString></CDStateChangedNotification>"),
         CameBy::itself,
         {AnswerKind::refused, {}, {"M-1"}, true, {}, "jammed"}},
        {"no response",
         multispeak,
         multispeak_text(
             "<ODEventNotification><outageDetectionEvent><eventTime>2026-06-15T20:20:00Z"
             "</eventTime><outageEventType>NoResponse</outageEventType><outageLocation>"
             "<meterNo>M-1</meterNo></outageLocation></outageDetectionEvent>"
             "</ODEventNotification>"),
         CameBy::itself,
         {AnswerKind::result, HeadEndKind::ping, {"M-1"}, false, {}, "NoResponse"}},
        {"taken up",
         iec61968,
         iec_text("reply", "EndDeviceControls", "<Reply><Result>OK</Result></Reply>"),
         CameBy::same_line,
         {AnswerKind::accepted, {}, {}, true, {}, ""}},
        {"taken up, told later",
         iec61968,
         iec_text("reply", "EndDeviceControls", "<Reply><Result>OK</Result></Reply>"),
         CameBy::itself,
         {AnswerKind::accepted, {}, {}, true, {}, ""}},
        {"carried out",
         iec61968,
         iec_text("executed", "EndDeviceControls", "<Reply><Result>OK</Result></Reply>"),
         CameBy::itself,
         {AnswerKind::result, {}, {}, true, {}, ""}},
        {"refused",
         iec61968,
         iec_text("reply", "MeterReadings", failed),
         CameBy::same_line,
         {AnswerKind::refused, {}, {"M-1"}, true, {}, "no such meter"}},
        {"refused later",
         iec61968,
         iec_text("created", "EndDeviceControls", failed),
         CameBy::itself,
         {AnswerKind::refused, {}, {"M-1"}, true, {}, "no such meter"}},
        {"switched off",
         iec61968,
         iec_text("created", "EndDeviceEvents", events),
         CameBy::itself,
         {AnswerKind::result, {}, {"M-1"}, true, false, "disconnected"}},
    };
    for (const Case& one : cases) {
        SCOPED_TRACE(one.name);
        const auto words = words_of(one.protocol, one.text, zone, one.came);
        ASSERT_TRUE(words) << words.error().message();
        EXPECT_EQ(words->answer, one.wanted) << words->answer.words;
        EXPECT_EQ(words->transaction, one.protocol == iec61968 ? "wh-17" : "");
    }
}

TEST(HeadEndMessages, WhatIsNoAnswerIsTold) {
    const TimeZone zone = *TimeZone::load("America/Los_Angeles");
    const auto read = [&](HeadEndProtocol protocol, const std::string& text) {
        const auto words = words_of(protocol, text, zone, CameBy::itself);
        return words ? std::string("taken") : words.error().message();
    };
    using enum HeadEndProtocol;
    EXPECT_NE(read(multispeak, "hello"), "taken");
    EXPECT_NE(read(iec61968, ""), "taken");
    EXPECT_NE(
        read(multispeak, multispeak_text("<MeterAddNotification/>")).find("answers no request"),
        std::string::npos);
    const std::string two = multispeak_text("<XResponse/><YResponse/>");
    EXPECT_NE(read(multispeak, two).find("2 messages"), std::string::npos);
    EXPECT_NE(
        read(multispeak, "<!DOCTYPE x [<!ENTITY e SYSTEM \"file:///etc/passwd\">]><x>&e;</x>"),
        "taken");
}

}  // namespace
}  // namespace watthour::app
