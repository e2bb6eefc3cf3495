// SPDX-License-Identifier: Apache-2.0
#include "formats/iec61968_parts.hpp"

#include "base/text.hpp"
#include "formats/event_codes.hpp"

#include <fmt/format.h>

#include <algorithm>

namespace watthour::formats::iec61968 {

namespace {

constexpr std::size_t uuid_length = 36;
constexpr std::string_view uuid_prefix = "urn:uuid:";

bool is_uuid(std::string_view text) {
    if (text.starts_with(uuid_prefix)) text.remove_prefix(uuid_prefix.size());
    if (text.size() != uuid_length) return false;
    for (std::size_t i = 0; i < text.size(); ++i) {
        const bool dash = i == 8 || i == 13 || i == 18 || i == 23;
        const char c = text[i];
        const bool hex = (c >= '0' && c <= '9') || (c >= 'a' && c <= 'f') || (c >= 'A' && c <= 'F');
        if (dash ? c != '-' : !hex) return false;
    }
    return true;
}

/// Categories of the standard; 9 is not used.
constexpr int categories[] = {0, 1, 2, 3, 4, 5, 6, 7, 8, 10, 11, 12};

bool is_quality(std::string_view text) {
    const auto parts = split_text(text, '.');
    if (parts.size() != 3) return false;
    const auto numbers = std::all_of(parts.begin(), parts.end(), [](std::string_view part) {
        return part.size() <= 5 && all_digits(part);
    });
    if (!numbers) return false;
    const auto category = *parse_digits(parts[1]);
    return std::any_of(std::begin(categories), std::end(categories),
                       [&](int one) { return one == category; });
}

/// The code of one quality element: 2011 refers to it, earlier generations write it.
std::string quality_of(const XmlNode& node) {
    if (const XmlNode* type = node.child("ReadingQualityType")) {
        const std::string_view reference = type->attribute("ref");
        return std::string(reference.empty() ? trimmed(type->text) : reference);
    }
    if (const std::string_view reference = node.attribute("ref"); !reference.empty()) {
        return std::string(reference);
    }
    const std::string_view inner = node.value("quality");
    return std::string(inner.empty() ? trimmed(node.text) : inner);
}

}  // namespace

std::string identity_of(const XmlNode& node, bool avoid_uuid) {
    const std::string_view id = node.value("mRID");
    std::string_view name = node.value("name");
    if (const XmlNode* names = node.child("Names"); names != nullptr && name.empty()) {
        name = names->value("name");
    }
    if (id.empty() || (avoid_uuid && is_uuid(id) && !name.empty())) return std::string(name);
    return std::string(id);
}

std::string identity_in(const XmlNode& node, const std::string_view* names, std::size_t count,
                        const std::string& otherwise) {
    for (std::size_t i = 0; i < count; ++i) {
        const XmlNode* found = node.child(names[i]);
        if (found == nullptr) continue;
        std::string identity = identity_of(*found, true);
        // An inner element of the same meaning: EndDevices/EndDevice, Assets/Asset.
        if (identity.empty()) identity = identity_in(*found, names, count, "");
        if (!identity.empty()) return identity;
    }
    return otherwise;
}

std::string reference_of(const XmlNode& node) {
    if (const std::string_view reference = node.attribute("ref"); !reference.empty()) {
        return std::string(reference);
    }
    if (std::string inner = identity_of(node, true); !inner.empty()) return inner;
    return std::string(trimmed(node.text));
}

std::string dotted_name_of(const XmlNode& node) {
    for (const XmlNode& each : node.children) {
        if (each.name != "Names") continue;
        const std::string_view name = each.value("name");
        if (std::count(name.begin(), name.end(), '.') > 1) return std::string(name);
    }
    return "";
}

std::string code_of(const XmlNode& node, std::string_view type_element) {
    if (const XmlNode* type = node.child(type_element)) {
        if (std::string reference = reference_of(*type); !reference.empty()) return reference;
    }
    for (const char* name : {"type", "category"}) {
        if (const std::string_view text = node.value(name); !text.empty()) return std::string(text);
    }
    return "";
}

bool take_qualities(const XmlNode& node, PendingReading& reading, std::string& bad) {
    for (const XmlNode& child : node.children) {
        if (child.name != "ReadingQualities" && child.name != "ReadingQuality" &&
            child.name != "Quality") {
            continue;
        }
        std::string code = quality_of(child);
        if (!is_quality(code)) {
            bad = std::move(code);
            return false;
        }
        reading.qualities.push_back(std::move(code));
    }
    return true;
}

bool is_missing(const std::vector<std::string>& qualities) {
    return std::any_of(qualities.begin(), qualities.end(), [](const std::string& one) {
        const std::string_view code = std::string_view(one).substr(one.find('.') + 1);
        return code == "5.259" || code == "4.4" || code == "4.7";
    });
}

IecReply reply_of(const XmlNode& node) {
    IecReply reply;
    reply.line = node.line;
    reply.result = upper_case(node.value("Result"));
    for (const XmlNode& each : node.children) {
        if (each.name != "Error") continue;
        IecError error;
        error.line = each.line;
        error.code = each.value("code");
        error.level = each.value("level");
        error.reason = each.value("reason");
        if (error.reason.empty()) error.reason = each.value("details");
        error.object = each.value("ID");
        if (const XmlNode* object = each.child("object"); object && error.object.empty()) {
            error.object = identity_of(*object, true);
        }
        reply.errors.push_back(std::move(error));
    }
    // The first generation answers with a code alone.
    const std::string_view code = node.value("ReplyCode");
    if (!reply.result.empty() || code.empty()) return reply;
    reply.result = code == "0.0" ? "OK" : code.starts_with("0.") ? "PARTIAL" : "FAILED";
    if (reply.result != "OK" && reply.errors.empty()) {
        reply.errors.push_back({node.line, std::string(code), "", "", ""});
    }
    return reply;
}

std::string told(const std::vector<IecError>& errors) {
    constexpr std::size_t most = 3;
    std::string text;
    for (std::size_t i = 0; i < errors.size() && i < most; ++i) {
        const IecError& one = errors[i];
        const std::string_view known = reply_meaning(one.code);
        text += fmt::format("{} {} {}", i == 0 ? ":" : ",", ascii_columns(one.code),
                            known.empty() ? shown(one.reason) : std::string(known));
        if (!one.object.empty()) text += fmt::format(" ({})", shown(one.object));
    }
    if (errors.size() > most) text += fmt::format(" and {} more", errors.size() - most);
    return text;
}

std::string raw_of(const PendingSeries& series, const PendingReading& reading) {
    const auto time = [](const std::optional<XmlTime>& one) {
        return one ? shown_time(*one) : std::string();
    };
    return fmt::format("meter={} type={} timeStamp={} start={} end={} value={}", series.meter,
                       series.type, time(reading.stamp), time(reading.start), time(reading.end),
                       reading.value.to_string());
}

}  // namespace watthour::formats::iec61968
