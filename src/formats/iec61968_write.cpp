// SPDX-License-Identifier: Apache-2.0
#include "formats/iec61968_write.hpp"

#include "formats/xml_write.hpp"

#include <string_view>

namespace watthour::formats {

namespace {

constexpr std::string_view soap = "http://schemas.xmlsoap.org/soap/envelope/";
constexpr std::string_view wsse =
    "http://docs.oasis-open.org/wss/2004/01/oasis-200401-wss-wssecurity-secext-1.0.xsd";
constexpr std::string_view message_space = "http://iec.ch/TC57/2011/schema/message";

class Writer {
public:
    Writer(const IecMessage& message, const MessageLogin& login)
        : message_(message), login_(login) {}

    std::string write() {
        xml_.open("soap:Envelope", {{"xmlns:soap", soap}});
        put_login();
        xml_.open("soap:Body");
        xml_.open(message_.kind, {{"xmlns", message_space}});
        put_header();
        const bool asks = message_.header.verb == "get";
        if (asks) {
            xml_.open("Request");
            put_asked();
            put_controls();
            xml_.close();
        }
        put_reply();
        put_payload(asks);
        xml_.close();
        xml_.close();
        xml_.close();
        return xml_.take();
    }

private:
    void put_login() {
        if (login_.user.empty()) return;
        xml_.open("soap:Header");
        xml_.open("wsse:Security", {{"xmlns:wsse", wsse}});
        xml_.open("wsse:UsernameToken");
        xml_.leaf("wsse:Username", login_.user);
        xml_.leaf("wsse:Password", login_.password);
        xml_.close();
        xml_.close();
        xml_.close();
    }

    void put_header() {
        const IecHeader& header = message_.header;
        xml_.open("Header");
        xml_.leaf("Verb", header.verb);
        xml_.leaf("Noun", header.noun);
        xml_.leaf_if("Revision", header.revision);
        xml_.leaf_if("Timestamp", header.timestamp);
        xml_.leaf_if("Source", header.source);
        xml_.leaf("AsyncReplyFlag", header.wants_later_answer ? "true" : "false");
        xml_.leaf_if("ReplyAddress", header.reply_address);
        xml_.leaf_if("MessageID", header.message_id);
        xml_.leaf_if("CorrelationID", header.correlation_id);
        xml_.close();
    }

    void put_name(std::string_view element, std::string_view name) {
        if (name.empty()) return;
        xml_.open(element);
        xml_.open("Names");
        xml_.leaf("name", name);
        xml_.close();
        xml_.close();
    }

    void put_asked() {
        if (message_.asked_meters.empty() && message_.asked_types.empty()) return;
        xml_.open("GetMeterReadings", {{"xmlns", "http://iec.ch/TC57/2011/GetMeterReadings#"}});
        for (const std::string& meter : message_.asked_meters) put_name("EndDevice", meter);
        for (const std::string& type : message_.asked_types) put_name("ReadingType", type);
        xml_.close();
    }

    void put_reply() {
        if (!message_.reply) return;
        xml_.open("Reply");
        xml_.leaf("Result", message_.reply->result);
        for (const IecError& error : message_.reply->errors) {
            xml_.open("Error");
            xml_.leaf_if("code", error.code);
            xml_.leaf_if("level", error.level);
            xml_.leaf_if("reason", error.reason);
            xml_.leaf_if("ID", error.object);
            xml_.close();
        }
        xml_.close();
    }

    void put_payload(bool asks) {
        const bool controls = !asks && !message_.controls.empty();
        if (message_.series.empty() && message_.events.empty() && !controls) return;
        xml_.open("Payload");
        put_series();
        put_events();
        if (controls) put_controls();
        xml_.close();
    }

    void put_series() {
        if (message_.series.empty()) return;
        xml_.open("MeterReadings", {{"xmlns", "http://iec.ch/TC57/2011/MeterReadings#"}});
        for (const IecSeries& series : message_.series) {
            xml_.open("MeterReading");
            put_name("Meter", series.meter);
            for (const IecReading& reading : series.readings) put_reading(series, reading);
            put_name("UsagePoint", series.usage_point);
            xml_.close();
        }
        xml_.close();
    }

    void put_reading(const IecSeries& series, const IecReading& reading) {
        xml_.open("Readings");
        xml_.leaf_if("reason", series.reason);
        xml_.leaf("timeStamp", shown_time(reading.at));
        xml_.leaf("value", reading.value.to_string());
        // A type without a length says it by the period.
        if (series.type.kind == ReadingKind::interval && series.type.minutes == 0) {
            const XmlTime start{reading.at.at + -std::int64_t{series.minutes} * 60,
                                reading.at.is_local};
            xml_.open("timePeriod");
            xml_.leaf("start", shown_time(start));
            xml_.leaf("end", shown_time(reading.at));
            xml_.close();
        }
        for (const std::string& quality : reading.qualities) {
            xml_.open("ReadingQualities");
            xml_.leaf("ReadingQualityType", "", {{"ref", quality}});
            xml_.close();
        }
        xml_.leaf("ReadingType", "", {{"ref", series.reading_type}});
        xml_.close();
    }

    void put_events() {
        if (message_.events.empty()) return;
        xml_.open("EndDeviceEvents", {{"xmlns", "http://iec.ch/TC57/2011/EndDeviceEvents#"}});
        for (const IecEvent& event : message_.events) {
            xml_.open("EndDeviceEvent");
            xml_.leaf("createdDateTime", shown_time(event.created));
            xml_.leaf_if("reason", event.reason);
            xml_.leaf_if("severity", event.severity);
            if (!event.status.empty()) {
                xml_.open("status");
                xml_.leaf("value", event.status);
                xml_.close();
            }
            put_name("Assets", event.meter);
            xml_.leaf("EndDeviceEventType", "", {{"ref", event.code}});
            put_name("UsagePoint", event.usage_point);
            xml_.close();
        }
        xml_.close();
    }

    void put_controls() {
        if (message_.controls.empty()) return;
        xml_.open("EndDeviceControls", {{"xmlns", "http://iec.ch/TC57/2011/EndDeviceControls#"}});
        for (const IecControl& control : message_.controls) {
            xml_.open("EndDeviceControl");
            xml_.leaf("EndDeviceControlType", "", {{"ref", control.code}});
            put_name("EndDevices", control.meter);
            put_name("UsagePoint", control.usage_point);
            xml_.close();
        }
        xml_.close();
    }

    const IecMessage& message_;
    const MessageLogin& login_;
    XmlWriter xml_;
};

}  // namespace

std::string write_iec61968(const IecMessage& message, const MessageLogin& login) {
    return Writer(message, login).write();
}

}  // namespace watthour::formats
