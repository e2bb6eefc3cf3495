// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "formats/multispeak.hpp"

#include <map>
#include <string>
#include <string_view>
#include <vector>

/// The small parts of the MultiSpeak reader; not for other rooms.
namespace watthour::formats::multispeak {

/// What a value measures, or why that cannot be told.
struct Meaning {
    std::string quantity;
    ReadingKind kind = ReadingKind::register_read;
    int power = 0;
    int minutes = 0;  ///< of an interval
    bool has_direction = true;
    std::string rule;  ///< "" = all is well
    std::string message;
    std::string remedy;
};

/// Meaning of a readingValue: by its reading type of 18 fields, else by units, field name and
/// kind of value. Two of them that disagree are a fault.
[[nodiscard]] Meaning meaning_of(const XmlNode& reading_value);

/// One column of interval data.
struct ProfileChannel {
    std::string field;
    std::string quantity;
    int power = 0;
};

struct Profile {
    int minutes = 0;
    std::map<std::int64_t, ProfileChannel> channels;
    std::string fault;  ///< "" = it can be used
};
[[nodiscard]] Profile profile_of(const XmlNode& node);

/// meterNo, or the number in meterID.
[[nodiscard]] std::string meter_of(const XmlNode& node);
[[nodiscard]] MultiSpeakHeader header_of(const XmlNode& node);
/// Code and text of a meterEvent.
[[nodiscard]] std::string event_code_of(const XmlNode& node);
/// "1.0.0" of a readingStatusCode; "" = it has none.
[[nodiscard]] std::string quality_of(const XmlNode& reading_value);

[[nodiscard]] bool is_method(std::string_view name);
[[nodiscard]] bool is_action(std::string_view name);

/// Cuts the data of a channel; "," and "^" where the message says nothing.
[[nodiscard]] std::vector<std::string_view> cut(std::string_view text, std::string_view delimiter);

}  // namespace watthour::formats::multispeak
