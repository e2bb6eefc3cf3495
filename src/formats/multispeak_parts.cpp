// SPDX-License-Identifier: Apache-2.0
#include "formats/multispeak_parts.hpp"

#include "base/text.hpp"

#include <fmt/format.h>

#include <algorithm>

namespace watthour::formats::multispeak {

namespace {

constexpr std::string_view methods[] = {"ReadingChangedNotification",
                                        "IntervalDataNotification",
                                        "MeterEventNotification",
                                        "CDStateChangedNotification",
                                        "CDStatesChangedNotification",
                                        "InitiateConnectDisconnect",
                                        "ODEventNotification",
                                        "InitiateMeterReadByMeterNumber",
                                        "InitiateMeterReadingsByMeterID",
                                        "InitiateOutageDetectionEventRequest",
                                        "PingURL"};

/// loadActionCode of 3.0 and of 4.1.
constexpr std::string_view actions[] = {"Connect",
                                        "Disconnect",
                                        "InitiatePowerLimitation",
                                        "CancelPowerLimitation",
                                        "Open",
                                        "Opened",
                                        "Close",
                                        "Closed",
                                        "Arm",
                                        "Armed",
                                        "Enable",
                                        "Enabled",
                                        "Disable",
                                        "Disabled",
                                        "Unknown"};

enum class Direction { none, delivered, received, net };

const char* word_of(Direction direction) {
    switch (direction) {
        case Direction::received: return "received";
        case Direction::net: return "net";
        default: return "delivered";
    }
}

/// By the name that both versions give the two registers of a meter.
Direction by_field(std::string_view field) {
    const std::string name = lower_case(field);
    if (name.starts_with("neg")) return Direction::received;
    if (name.starts_with("pos")) return Direction::delivered;
    if (name.starts_with("net")) return Direction::net;
    return Direction::none;
}

Direction by_flow(std::string_view flow) {
    const std::string name = lower_case(flow);
    if (name == "19" || name == "reverse" || name == "received") return Direction::received;
    if (name == "1" || name == "forward" || name == "delivered") return Direction::delivered;
    if (name == "4" || name == "net") return Direction::net;
    return Direction::none;
}

Direction by_kind(std::string_view kind) {
    if (kind == "Negative Energy") return Direction::received;
    return kind == "Energy" ? Direction::delivered : Direction::none;
}

Direction by_quantity(std::string_view quantity) {
    if (quantity.starts_with('G')) return Direction::received;
    if (quantity.starts_with('N')) return Direction::net;
    return Direction::delivered;
}

std::string field_of(const XmlNode& node) {
    const std::string_view field = node.value("fieldName");
    return std::string(field.empty() ? node.value("name") : field);
}

/// The reading type of 18 fields, wherever it stands; "" = there is none.
std::string_view dotted_type(const XmlNode& node) {
    for (const char* name : {"readingTypeCode", "readingType"}) {
        const std::string_view text = node.value(name);
        if (std::count(text.begin(), text.end(), '.') > 2) return text;
    }
    return {};
}

/// Directions that the parts of a value state; a fault where two differ.
Direction direction_of(const XmlNode& node, Meaning& meaning, Direction stated) {
    const XmlNode* type = node.child("readingTypeCode");
    const Direction others[] = {
        by_field(field_of(node)), by_kind(node.value("readingValueType")),
        type == nullptr ? Direction::none : by_flow(type->attribute("flowDirection"))};
    for (const Direction other : others) {
        if (other == Direction::none) continue;
        if (stated == Direction::none) stated = other;
        if (stated == other) continue;
        meaning.rule = "direction";
        meaning.message = fmt::format("one part of the value says {}, another {}", word_of(stated),
                                      word_of(other));
        meaning.remedy = "Ask the head-end which way the energy went.";
    }
    return stated;
}

void put_suffixes(const XmlNode& node, Meaning& meaning) {
    const std::string_view period = node.value("ratePeriod");
    if (!period.empty()) meaning.quantity += fmt::format("/TOU{}", ascii_columns(period));
    if (node.value("measurementPeriod").starts_with("Previous")) meaning.quantity += "/PREVIOUS";
}

ReadingKind kind_of(const XmlNode& node, bool is_energy) {
    if (is_energy) return ReadingKind::register_read;
    const std::string_view kind = node.value("readingValueType");
    if (kind.starts_with("Max")) return ReadingKind::register_read;
    // Both versions call the demand register kW.
    const bool named = kind.empty() && lower_case(field_of(node)) == "kw";
    return named ? ReadingKind::register_read : ReadingKind::snapshot;
}

}  // namespace

Meaning meaning_of(const XmlNode& node) {
    Meaning meaning;
    if (const std::string_view dotted = dotted_type(node); !dotted.empty()) {
        ReadingTypeFault fault;
        const auto type = parse_reading_type(dotted, fault);
        if (!type) {
            meaning.rule = fault.rule;
            meaning.message = fault.message;
            meaning.remedy = fault.remedy;
            return meaning;
        }
        meaning.quantity = type->quantity;
        meaning.kind = type->kind;
        meaning.power = type->power;
        if (type->kind == ReadingKind::interval) meaning.minutes = type->minutes;
        meaning.has_direction = type->has_direction;
        const auto unit = parse_meter_unit(node.value("units"));
        if (unit && unit->power != type->power) {
            meaning.rule = "units";
            meaning.message = fmt::format("the reading type {} and the units {} differ", dotted,
                                          shown(node.value("units")));
            meaning.remedy = "Ask the head-end which unit the value has.";
        }
        if (type->has_direction) direction_of(node, meaning, by_quantity(type->quantity));
        put_suffixes(node, meaning);
        return meaning;
    }
    const auto unit = parse_meter_unit(node.value("units"));
    if (!unit) {
        meaning.quantity = fmt::format("UOM:{}", ascii_columns(node.value("units")));
        meaning.kind = ReadingKind::snapshot;
        return meaning;
    }
    const Direction direction = direction_of(node, meaning, Direction::none);
    meaning.has_direction = direction != Direction::none || !unit->is_energy;
    meaning.quantity = direction == Direction::received ? "G"
                       : direction == Direction::net    ? "N"
                                                        : "";
    meaning.quantity += unit->quantity;
    meaning.power = unit->power;
    meaning.kind = kind_of(node, unit->is_energy);
    put_suffixes(node, meaning);
    return meaning;
}

namespace {

/// Whole minutes of an interval; 0 = it has none.
int minutes_of(const XmlNode* length) {
    if (length == nullptr) return 0;
    const auto number = parse_xml_number(length->text);
    const std::string units = lower_case(length->attribute("units"));
    const int seconds = units == "seconds"                    ? 1
                        : units == "minutes" || units.empty() ? 60
                        : units == "hours"                    ? 3'600
                        : units == "days"                     ? 86'400
                                                              : 0;
    if (!number || seconds == 0 || number->scale() > 6) return 0;
    const i128 scale = power_of_ten(number->scale());
    const i128 whole = i128{number->units()} * seconds;
    if (whole <= 0 || whole % (scale * 60) != 0 || whole / scale > 86'400) return 0;
    return static_cast<int>(whole / (scale * 60));
}

}  // namespace

Profile profile_of(const XmlNode& node) {
    Profile profile;
    const XmlNode* length = node.child("intervalLength");
    profile.minutes = minutes_of(length);
    if (profile.minutes == 0) {
        profile.fault = fmt::format("its interval length is {}",
                                    shown(length == nullptr ? "" : trimmed(length->text)));
    }
    const XmlNode* channels = node.child("channels");
    if (channels == nullptr || channels->children.empty()) {
        profile.fault = "it has no channels";
        return profile;
    }
    for (const XmlNode& each : channels->children) {
        const auto index = parse_digits(each.value("index"));
        if (!index) {
            profile.fault = fmt::format("a channel has the index {}", shown(each.value("index")));
            continue;
        }
        Meaning meaning = meaning_of(each);
        if (!meaning.rule.empty()) profile.fault = meaning.message;
        profile.channels[*index] = {field_of(each), std::move(meaning.quantity), meaning.power};
    }
    return profile;
}

std::string meter_of(const XmlNode& node) {
    if (const std::string_view number = node.value("meterNo"); !number.empty()) {
        return std::string(number);
    }
    const XmlNode* id = node.child("meterID");
    if (id == nullptr) return "";
    const std::string_view number = id->attribute("meterNo");
    return std::string(number.empty() ? trimmed(id->text) : number);
}

MultiSpeakHeader header_of(const XmlNode& node) {
    MultiSpeakHeader header;
    header.version = node.attribute("Version");
    if (header.version.empty()) header.version = node.attribute("BuildString");
    if (header.version.empty() && !node.attribute("MajorVersion").empty()) {
        header.version =
            fmt::format("{}.{}", node.attribute("MajorVersion"), node.attribute("MinorVersion"));
    }
    header.app_name = node.attribute("AppName");
    header.app_version = node.attribute("AppVersion");
    header.company = node.attribute("Company");
    header.message_id = node.attribute("MessageID");
    header.timestamp = node.attribute("TimeStamp");
    return header;
}

std::string event_code_of(const XmlNode& node) {
    if (const std::string_view code = node.attribute("codeString"); !code.empty()) {
        return std::string(code);
    }
    std::string code;
    for (const char* name : {"domain", "domainPart", "type", "index", "value"}) {
        const std::string_view part = node.attribute(name);
        if (part.empty()) break;
        if (!code.empty()) code += '.';
        code += part;
    }
    return code;
}

std::string quality_of(const XmlNode& node) {
    const XmlNode* status = node.child("readingStatusCode");
    if (status == nullptr) return "";
    const std::string_view category = status->attribute("codeCategory");
    const std::string_view index = status->attribute("codeIndex");
    if (category.empty() || index.empty()) return std::string(trimmed(status->text));
    const std::string_view system = status->attribute("originatingSystemID");
    return fmt::format("{}.{}.{}", system.empty() ? "0" : system, category, index);
}

bool is_method(std::string_view name) {
    return std::find(std::begin(methods), std::end(methods), name) != std::end(methods);
}

bool is_action(std::string_view name) {
    return std::find(std::begin(actions), std::end(actions), name) != std::end(actions);
}

std::vector<std::string_view> cut(std::string_view text, std::string_view delimiter) {
    std::vector<std::string_view> parts;
    for (std::size_t from = 0;;) {
        const std::size_t at = text.find(delimiter, from);
        parts.push_back(trimmed(text.substr(from, at - from)));
        if (at == std::string_view::npos) return parts;
        from = at + delimiter.size();
    }
}

}  // namespace watthour::formats::multispeak
