// SPDX-License-Identifier: Apache-2.0
#include "formats/xml_record.hpp"

#include "base/text.hpp"
#include "formats/fields.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <limits>

namespace watthour::formats {

const XmlNode* XmlNode::child(std::string_view wanted) const {
    for (const XmlNode& one : children) {
        if (one.name == wanted) return &one;
    }
    return nullptr;
}

std::string_view XmlNode::value(std::string_view wanted) const {
    const XmlNode* found = child(wanted);
    return found == nullptr ? std::string_view() : trimmed(found->text);
}

std::string_view XmlNode::attribute(std::string_view wanted) const {
    for (const auto& [key, value] : attributes) {
        if (key == wanted) return trimmed(value);
    }
    return {};
}

std::optional<XmlNode> read_node(XmlWalk& walk) {
    const auto started = [&] {
        return XmlNode{walk.line(), std::string(walk.name()), "", walk.attributes(), {}};
    };
    std::vector<XmlNode> open;
    open.push_back(started());
    for (auto event = walk.next(); event != XmlWalk::Event::done; event = walk.next()) {
        if (event == XmlWalk::Event::start) {
            open.push_back(started());
        } else if (event == XmlWalk::Event::text) {
            open.back().text += walk.text();
        } else {
            XmlNode closed = std::move(open.back());
            open.pop_back();
            if (open.empty()) return closed;
            open.back().children.push_back(std::move(closed));
        }
    }
    return std::nullopt;
}

namespace {

constexpr std::size_t most_raw = 1'000;

void append_escaped(std::string_view text, std::string& out) {
    for (const char c : text) {
        switch (c) {
            case '<': out += "&lt;"; break;
            case '>': out += "&gt;"; break;
            case '&': out += "&amp;"; break;
            case '"': out += "&quot;"; break;
            default: out += c;
        }
    }
}

void append_raw(const XmlNode& node, std::string& out) {
    if (out.size() > most_raw) return;
    out += "<" + node.name;
    for (const auto& [key, value] : node.attributes) {
        out += " " + key + "=\"";
        append_escaped(std::string_view(value).substr(0, most_raw), out);
        out += "\"";
    }
    out += ">";
    append_escaped(trimmed(node.text).substr(0, most_raw), out);
    for (const XmlNode& child : node.children) append_raw(child, out);
    out += "</" + node.name + ">";
}

/// Two digits that are no more than `most`.
std::optional<std::int64_t> two(std::string_view text, std::size_t at, std::int64_t most) {
    if (at + 2 > text.size()) return std::nullopt;
    const auto value = parse_digits(text.substr(at, 2));
    return value && *value <= most ? value : std::nullopt;
}

/// Seconds east of UTC of "Z", "+02:00"; nothing for anything else.
std::optional<std::int64_t> parse_offset(std::string_view text) {
    if (text == "Z") return 0;
    if (text.size() != 6 || (text[0] != '+' && text[0] != '-') || text[3] != ':') {
        return std::nullopt;
    }
    const auto hours = two(text, 1, 14);
    const auto minutes = two(text, 4, 59);
    if (!hours || !minutes) return std::nullopt;
    return (*hours * 3'600 + *minutes * 60) * (text[0] == '-' ? -1 : 1);
}

}  // namespace

std::string raw_text(const XmlNode& node) {
    std::string out;
    append_raw(node, out);
    return out;
}

std::string safe_fault(const XmlWalk& walk) {
    const std::string& fault = walk.fault();
    std::string safe;
    for (std::size_t at = 0; at < fault.size(); ++at) {
        const char c = fault[at];
        safe += c;
        if (c != '\'' && c != '"') continue;
        const std::size_t end = fault.find(c, at + 1);
        if (end == std::string::npos) break;
        safe += "...";
        safe += c;
        at = end;
    }
    return ascii_columns(safe);
}

std::string without_credentials(std::string_view address) {
    address = trimmed(address);
    const std::size_t scheme = address.find("://");
    std::size_t host = scheme == std::string_view::npos ? 0 : scheme + 3;
    const std::size_t end = std::min(address.find_first_of("/?#", host), address.size());
    const std::size_t at = address.substr(0, end).rfind('@');
    const std::string_view before = address.substr(0, host);
    if (at != std::string_view::npos && at >= host) host = at + 1;
    return std::string(before) +
           std::string(address.substr(host, address.find_first_of("?#", host) - host));
}

std::optional<XmlTime> parse_xml_time(std::string_view text) {
    text = trimmed(text);
    // CCYY-MM-DDThh:mm:ss
    if (text.size() < 19 || text[4] != '-' || text[7] != '-' || text[10] != 'T' ||
        text[13] != ':' || text[16] != ':') {
        return std::nullopt;
    }
    const std::string day = std::string(text.substr(0, 4)) + std::string(text.substr(5, 2)) +
                            std::string(text.substr(8, 2));
    const auto date = parse_file_date(day, DateOrder::ccyymmdd);
    const auto hour = two(text, 11, 24);
    const auto minute = two(text, 14, 59);
    const auto second = two(text, 17, 59);
    if (!date || !hour || !minute || !second) return std::nullopt;
    if (*hour == 24 && (*minute != 0 || *second != 0)) return std::nullopt;
    std::string_view rest = text.substr(19);
    if (!rest.empty() && rest[0] == '.') {
        const std::size_t digits = std::min(rest.find_first_not_of("0123456789", 1), rest.size());
        if (digits == 1) return std::nullopt;
        rest.remove_prefix(digits);
    }
    XmlTime time{{std::int64_t{date->days()} * 86'400 + *hour * 3'600 + *minute * 60 + *second},
                 rest.empty()};
    if (time.is_local) return time;
    const auto offset = parse_offset(rest);
    if (!offset) return std::nullopt;
    time.at.seconds -= *offset;
    return time;
}

std::string shown_time(const XmlTime& time) {
    std::string text = to_iso_utc(time.at);
    if (time.is_local) text.pop_back();
    return text;
}

std::optional<XmlTime> XmlClock::read(std::string_view text, std::string& why) {
    auto time = parse_xml_time(text);
    if (!time) {
        why = fmt::format("{} is no moment", shown(trimmed(text)));
        return std::nullopt;
    }
    if (!time->is_local) return time;
    ++local_times_;
    if (!zone_) return time;
    const std::int64_t wall = time->at.seconds;
    const int before = zone_->offset_at({wall - 86'400});
    const int after = zone_->offset_at({wall + 86'400});
    const Instant first{wall - std::max(before, after)};
    const Instant second{wall - std::min(before, after)};
    const bool first_is = zone_->offset_at(first) == wall - first.seconds;
    const bool second_is = zone_->offset_at(second) == wall - second.seconds;
    if (first_is == second_is && first != second) {
        why = fmt::format("{} has no offset, and the clock of {} shows it {}", shown(trimmed(text)),
                          zone_->name(), first_is ? "twice" : "never");
        return std::nullopt;
    }
    return XmlTime{first_is ? first : second, false};
}

std::optional<Decimal> scaled(const Decimal& value, int power) {
    if (power < -Decimal::max_scale || power > 18) return std::nullopt;
    int scale = value.scale() - power;
    std::int64_t units = value.units();
    while (scale > Decimal::max_scale && units % 10 == 0) {
        units /= 10;
        --scale;
    }
    if (scale > Decimal::max_scale) return std::nullopt;
    for (; scale < 0; ++scale) {
        constexpr std::int64_t most = std::numeric_limits<std::int64_t>::max() / 10;
        if (units > most || units < -most) return std::nullopt;
        units *= 10;
    }
    return Decimal(units, scale);
}

std::optional<Decimal> parse_xml_number(std::string_view text) {
    text = trimmed(text);
    const std::size_t mark = text.find_first_of("eE");
    const auto mantissa = parse_decimal(text.substr(0, mark));
    if (!mantissa || mark == std::string_view::npos) return mantissa;
    std::string_view digits = text.substr(mark + 1);
    const bool negative = !digits.empty() && digits[0] == '-';
    if (negative || (!digits.empty() && digits[0] == '+')) digits.remove_prefix(1);
    const auto exponent = parse_digits(digits);
    if (!exponent || *exponent > 18) return std::nullopt;
    return scaled(*mantissa, negative ? -static_cast<int>(*exponent) : static_cast<int>(*exponent));
}

}  // namespace watthour::formats
