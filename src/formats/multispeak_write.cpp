// SPDX-License-Identifier: Apache-2.0
#include "formats/multispeak_write.hpp"

#include "base/text.hpp"
#include "formats/xml_write.hpp"

namespace watthour::formats {

namespace {

constexpr std::string_view soap = "http://schemas.xmlsoap.org/soap/envelope/";
constexpr std::string_view space_of_3 = "http://www.multispeak.org/Version_3.0";
constexpr std::string_view space_of_4 = "http://www.multispeak.org/Version_4.1_Release";

bool is_4(std::string_view version) { return version.starts_with("4"); }

class Writer {
public:
    Writer(const MultiSpeakMessage& message, const MessageLogin& login)
        : message_(message), login_(login), is_4_(is_4(message.header.version)) {}

    std::string write() {
        const std::string_view space = is_4_ ? space_of_4 : space_of_3;
        xml_.open("soap:Envelope", {{"xmlns:soap", soap}});
        xml_.open("soap:Header");
        put_header(space);
        xml_.close();
        xml_.open("soap:Body");
        xml_.open(message_.method, {{"xmlns", space}});
        put_body();
        xml_.close();
        xml_.close();
        xml_.close();
        return xml_.take();
    }

private:
    void put_header(std::string_view space) {
        const MultiSpeakHeader& header = message_.header;
        XmlWriter::Attributes attributes;
        if (is_4_) {
            attributes = {{"MajorVersion", "4"}, {"MinorVersion", "1"}};
        } else {
            attributes = {{"Version", header.version}};
        }
        const std::pair<std::string_view, std::string_view> rest[] = {
            {"UserID", login_.user},         {"Pwd", login_.password},
            {"AppName", header.app_name},    {"AppVersion", header.app_version},
            {"Company", header.company},     {"MessageID", header.message_id},
            {"TimeStamp", header.timestamp}, {"xmlns", space}};
        for (const auto& [name, value] : rest) {
            if (!value.empty()) attributes.emplace_back(name, value);
        }
        xml_.leaf("MultiSpeakMsgHeader", "", attributes);
    }

    void put_body() {
        if (message_.method == "CDStateChangedNotification") {
            for (const MultiSpeakSwitch& one : message_.switches) put_state(one);
        } else if (message_.method.ends_with("Response")) {
            put_errors();
        } else {
            put_asked();
            put_readings();
            put_events();
            put_switches();
        }
        xml_.leaf_if("responseURL", message_.response_url);
        xml_.leaf_if("transactionID", message_.transaction);
        if (message_.expiration.empty()) return;
        if (is_4_) {
            xml_.leaf("expTime", message_.expiration, {{"units", "Seconds"}});
        } else {
            xml_.leaf("expirationTime", message_.expiration);
        }
    }

    void put_meter(std::string_view meter) {
        if (is_4_) {
            xml_.leaf("meterID", meter, {{"meterNo", meter}});
        } else {
            xml_.leaf("meterNo", meter);
        }
    }

    void put_asked() {
        if (message_.asked_meters.empty()) return;
        xml_.open(is_4_ ? "meterIDs" : "meterNos");
        for (const std::string& meter : message_.asked_meters) {
            if (is_4_) {
                put_meter(meter);
            } else {
                xml_.leaf("string", meter);
            }
        }
        xml_.close();
        if (message_.asked_at) xml_.leaf("requestDate", shown_time(*message_.asked_at));
    }

    void put_readings() {
        if (message_.readings.empty()) return;
        xml_.open("changedMeterReads");
        for (const MultiSpeakReading& one : message_.readings) {
            xml_.open(is_4_ ? "meterReading" : "meterRead");
            put_meter(one.meter);
            xml_.leaf_if("deviceID", one.device);
            if (is_4_) {
                xml_.open("readingValues");
                put_value(one);
                xml_.close();
            } else {
                xml_.leaf("readingDate", shown_time(one.at));
                xml_.leaf(one.field, one.value.to_string());
                if (one.peak_at) xml_.leaf("kWDateTime", shown_time(*one.peak_at));
            }
            xml_.close();
        }
        xml_.close();
    }

    void put_value(const MultiSpeakReading& one) {
        xml_.open("readingValue");
        xml_.leaf("fieldName", one.field);
        xml_.leaf("timeStamp", shown_time(one.at));
        xml_.leaf("value", one.value.to_string());
        const bool is_energy = one.quantity.ends_with("WH");
        const bool is_kilo = one.power == 0;
        xml_.leaf("units", is_energy ? (is_kilo ? "kWh" : "Wh") : (is_kilo ? "kW" : "W"));
        if (!one.qualities.empty()) {
            const auto parts = split_text(one.qualities.front(), '.');
            if (parts.size() == 3) {
                xml_.leaf("readingStatusCode", "",
                          {{"originatingSystemID", parts[0]},
                           {"codeCategory", parts[1]},
                           {"codeIndex", parts[2]}});
            }
        }
        xml_.close();
    }

    void put_events() {
        if (message_.events.empty()) return;
        xml_.open("ODEvents");
        for (const MultiSpeakEvent& one : message_.events) {
            xml_.open("outageDetectionEvent");
            xml_.leaf("eventTime", shown_time(one.at));
            xml_.leaf("outageEventType", one.text);
            xml_.open("outageLocation");
            put_meter(one.meter);
            xml_.close();
            xml_.close();
        }
        xml_.close();
    }

    void put_switches() {
        if (message_.switches.empty()) return;
        const bool moved = message_.method == "CDStatesChangedNotification";
        xml_.open(moved ? "stateChanges" : "cdEvents");
        for (const MultiSpeakSwitch& one : message_.switches) {
            xml_.open(moved ? "CDStateChange" : "connectDisconnectEvent");
            if (moved) {
                put_state(one);
            } else {
                xml_.leaf_if("accountNumber", one.account);
                xml_.leaf_if("loadActionCode", one.action);
                xml_.leaf_if("reasonCode", one.reason);
                xml_.leaf_if("amountDue", one.amount_due);
                put_meter(one.meter);
            }
            xml_.close();
        }
        xml_.close();
    }

    void put_state(const MultiSpeakSwitch& one) {
        put_meter(one.meter);
        xml_.leaf_if("stateChange", one.action);
        if (one.at) xml_.leaf("timestamp", shown_time(*one.at));
        xml_.leaf_if("errorString", one.error);
    }

    void put_errors() {
        const std::string method =
            message_.method.substr(0, message_.method.size() - std::string_view("Response").size());
        xml_.open(method + "Result");
        for (const MultiSpeakError& one : message_.errors) {
            const std::string at = one.at ? shown_time(*one.at) : std::string();
            XmlWriter::Attributes attributes = {{"objectID", one.object},
                                                {"errorString", one.text}};
            if (!one.noun.empty()) attributes.emplace_back("nounType", one.noun);
            if (!at.empty()) attributes.emplace_back("eventTime", at);
            xml_.leaf("errorObject", "", attributes);
        }
        xml_.close();
    }

    const MultiSpeakMessage& message_;
    const MessageLogin& login_;
    bool is_4_;
    XmlWriter xml_;
};

}  // namespace

std::string write_multispeak(const MultiSpeakMessage& message, const MessageLogin& login) {
    return Writer(message, login).write();
}

std::string_view read_method(std::string_view version) {
    return is_4(version) ? "InitiateMeterReadingsByMeterID" : "InitiateMeterReadByMeterNumber";
}

std::string soap_action(const MultiSpeakMessage& message) {
    return std::string(is_4(message.header.version) ? space_of_4 : space_of_3) + "/" +
           message.method;
}

}  // namespace watthour::formats
