// SPDX-License-Identifier: Apache-2.0
// What the writers of messages write, the readers read back equal; a login is never among it.
#include "formats/format_json.hpp"
#include "formats/iec61968_write.hpp"
#include "formats/multispeak_write.hpp"
#include "formats/test_files.hpp"

#include <gtest/gtest.h>

#include <string>

namespace watthour::formats {
namespace {

XmlTime utc(const std::string& text) { return {parse_iso_instant(text).value(), false}; }

/// The records as JSON, without the lines on which they stood.
json::value without_lines(json::value value) {
    if (value.is_object()) {
        value.as_object().erase("line");
        for (auto& pair : value.as_object()) pair.value() = without_lines(pair.value());
    } else if (value.is_array()) {
        for (auto& one : value.as_array()) one = without_lines(one);
    }
    return value;
}

std::string told(const IecMessage& message) {
    return to_text(without_lines(records_json(IecFile{{message}, {}, {}, {}})));
}

std::string told(const MultiSpeakMessage& message) {
    return to_text(without_lines(records_json(MultiSpeakFile{{message}, {}, {}, {}})));
}

void expect_back(const IecMessage& message) {
    const std::string bytes = write_iec61968(message, {"billing", "open&sesame<"});
    const IecFile file = read_iec61968(bytes);
    EXPECT_TRUE(file.problems.empty()) << file.problems.front().message << bytes;
    ASSERT_EQ(file.messages.size(), 1U) << bytes;
    EXPECT_EQ(told(file.messages[0]), told(message)) << bytes;
    EXPECT_NE(bytes.find("open&amp;sesame&lt;"), std::string::npos);
    EXPECT_EQ(told(file.messages[0]).find("sesame"), std::string::npos);
}

void expect_back(const MultiSpeakMessage& message) {
    const std::string bytes = write_multispeak(message, {"billing", "open&sesame<"});
    const MultiSpeakFile file = read_multispeak(bytes);
    EXPECT_TRUE(file.problems.empty()) << file.problems.front().message << bytes;
    ASSERT_EQ(file.messages.size(), 1U) << bytes;
    EXPECT_EQ(told(file.messages[0]), told(message)) << bytes;
    EXPECT_NE(bytes.find("open&amp;sesame&lt;"), std::string::npos);
    EXPECT_EQ(told(file.messages[0]).find("sesame"), std::string::npos);
}

IecMessage iec(const std::string& kind, const std::string& verb, const std::string& noun) {
    IecMessage message;
    message.kind = kind;
    message.header = {verb,     noun,      "2.0", "2026-06-15T20:20:00Z",
                      "wh & <", "m\"17\"", "c17", "https://cis.example/head-end/iec61968",
                      true};
    return message;
}

TEST(WriteIec61968, ARequestForReadingsComesBackEqual) {
    IecMessage message = iec("RequestMessage", "get", "MeterReadings");
    message.asked_meters = {"M-1", "5f3c1c9e-7a41-4d0c-9b57-3a4f3b1f0001"};
    message.asked_types = {"0.0.0.1.1.1.12.0.0.0.0.0.0.0.0.3.72.0"};
    expect_back(message);
}

TEST(WriteIec61968, ControlsComeBackEqualWhetherTheyAskOrExecute) {
    for (const auto& [verb, code, name] :
         {std::tuple{"create", "3.31.0.23", "disconnect"},
          std::tuple{"create", "3.31.0.18", "reconnect"}, std::tuple{"get", "3.31.6.42", ""}}) {
        IecMessage message = iec("RequestMessage", verb, "EndDeviceControls");
        message.controls.push_back({0, code, name, "M-1", ""});
        expect_back(message);
    }
}

TEST(WriteIec61968, AnswersComeBackEqual) {
    IecMessage message = iec("ResponseMessage", "reply", "MeterReadings");
    message.reply = IecReply{0, "PARTIAL", {{0, "2.4", "WARNING", "no such meter", "M-404"}}};
    ReadingTypeFault fault;
    for (const char* type :
         {"0.0.0.1.1.1.12.0.0.0.0.0.0.0.0.3.72.0", "0.0.2.4.1.1.12.0.0.0.0.0.0.0.0.0.72.0",
          "0.0.0.4.19.1.12.0.0.0.0.0.0.0.0.3.72.0"}) {
        IecSeries series;
        series.meter = "M-1";
        series.usage_point = "SP-1";
        series.reading_type = type;
        series.type = parse_reading_type(type, fault).value();
        series.minutes = series.type.minutes;
        if (series.type.kind == ReadingKind::interval && series.minutes == 0) series.minutes = 30;
        series.reason = "inquiry";
        series.readings = {
            {0, utc("2026-06-15T20:15:00Z"), *Decimal::parse("4862.5"), {"1.4.5", "2.0.0"}}};
        message.series.push_back(series);
    }
    expect_back(message);
    IecMessage events = iec("EventMessage", "created", "EndDeviceEvents");
    events.events.push_back({0, "3.31.0.68", "disconnected", "M-1", "SP-1",
                             utc("2026-06-15T20:15:00Z"), "done", "asked for", "info"});
    expect_back(events);
}

MultiSpeakMessage multispeak(const std::string& version, const std::string& method) {
    MultiSpeakMessage message;
    message.method = method;
    message.header = {version,          "Watthour", "0.1",
                      "Valdoro & Sons", "m\"17\"",  "2026-06-15T20:20:00Z"};
    return message;
}

TEST(WriteMultiSpeak, RequestsComeBackEqualInBothVersions) {
    for (const std::string version : {"3.0", "4.1"}) {
        expect_back(multispeak(version, "PingURL"));
        auto read = multispeak(version, std::string(read_method(version)));
        read.asked_meters = {"M-1", "M<2"};
        read.response_url = "https://cis.example/head-end/multispeak/open-door";
        read.transaction = "wh-17";
        read.expiration = "900";
        expect_back(read);
        auto state = multispeak(version, "InitiateOutageDetectionEventRequest");
        state.asked_meters = {"M-1"};
        state.asked_at = utc("2026-06-15T20:20:00Z");
        state.transaction = "wh-18";
        expect_back(state);
        auto cut = multispeak(version, "InitiateConnectDisconnect");
        cut.transaction = "wh-19";
        cut.expiration = "900";
        cut.switches.push_back(
            {0, "M-1", "10000000017", "Disconnect", "NonPayment", "182.40", {}, ""});
        expect_back(cut);
    }
    EXPECT_EQ(soap_action(multispeak("4.1", "PingURL")),
              "http://www.multispeak.org/Version_4.1_Release/PingURL");
}

TEST(WriteMultiSpeak, AnswersComeBackEqualInBothVersions) {
    for (const std::string version : {"3.0", "4.1"}) {
        const bool is_4 = version == "4.1";
        auto errors = multispeak(version, "InitiateConnectDisconnectResponse");
        expect_back(errors);
        errors.errors.push_back(
            {0, "M-404", "no such \"meter\"", "meter", utc("2026-06-15T20:20:00Z")});
        expect_back(errors);
        auto reads = multispeak(version, "ReadingChangedNotification");
        reads.transaction = "wh-17";
        MultiSpeakReading reading{0,
                                  "M-1",
                                  "",
                                  "posKWh",
                                  "KWH",
                                  ReadingKind::register_read,
                                  0,
                                  0,
                                  *Decimal::parse("4862.5"),
                                  utc("2026-06-15T20:15:00Z"),
                                  {},
                                  {}};
        if (is_4) reading.qualities = {"1.0.0"};
        reads.readings.push_back(reading);
        reading.field = "negKWh";
        reading.quantity = "GKWH";
        if (is_4) reading.power = -3;
        reads.readings.push_back(reading);
        expect_back(reads);
        auto state = multispeak(
            version, is_4 ? "CDStatesChangedNotification" : "CDStateChangedNotification");
        state.transaction = "wh-19";
        state.switches.push_back(
            {0, "M-1", "", "Disconnect", "", "", utc("2026-06-15T20:15:00Z"), ""});
        expect_back(state);
        auto there = multispeak(version, "ODEventNotification");
        there.transaction = "wh-18";
        there.events.push_back(
            {0, "M-1", "", "PowerOn", "power_restored", utc("2026-06-15T20:15:00Z")});
        expect_back(there);
    }
}

TEST(WriteMultiSpeak, WhatXmlCannotHoldDoesNotBreakTheMessage) {
    auto read = multispeak("3.0", "InitiateMeterReadByMeterNumber");
    read.asked_meters = {std::string("M\x01-1")};
    const auto file = read_multispeak(write_multispeak(read));
    EXPECT_TRUE(file.problems.empty());
    EXPECT_EQ(file.messages.at(0).asked_meters.at(0), "M?-1");
}

}  // namespace
}  // namespace watthour::formats
