// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "base/decimal.hpp"
#include "calendar/date.hpp"
#include "calendar/time_zone.hpp"
#include "formats/xml_walk.hpp"

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

/// The small parts that readers of XML messages share; not for other rooms.
namespace watthour::formats {

/// One small element of a message with all that stands in it.
struct XmlNode {
    std::int64_t line = 0;
    std::string name;
    std::string text;  ///< its own characters
    std::vector<std::pair<std::string, std::string>> attributes;
    std::vector<XmlNode> children;

    /// The first child of the name; nullptr = none.
    [[nodiscard]] const XmlNode* child(std::string_view name) const;
    /// Text of the first child of the name without blanks around it; "" = none.
    [[nodiscard]] std::string_view value(std::string_view name) const;
    /// "" = none.
    [[nodiscard]] std::string_view attribute(std::string_view name) const;
};

/// The element that has just started, up to its end; nothing when the walk ends before it.
[[nodiscard]] std::optional<XmlNode> read_node(XmlWalk& walk);
/// The element as text again, at most about a thousand characters of it.
[[nodiscard]] std::string raw_text(const XmlNode& node);
/// What ended the walk, without anything that stood in the file: a header holds passwords.
[[nodiscard]] std::string safe_fault(const XmlWalk& walk);
/// An address without user, password and query: "https://user:secret@host/x?token=1" becomes
/// "https://host/x".
[[nodiscard]] std::string without_credentials(std::string_view address);

/// A moment as messages write it.
struct XmlTime {
    Instant at;             ///< of a local time whose zone is unknown: as if it were UTC
    bool is_local = false;  ///< no offset was sent and no zone was given
    friend bool operator==(const XmlTime&, const XmlTime&) = default;
};

/// "2026-03-08T08:15:00.25-06:00", or without the offset; parts of a second are dropped.
/// Source: ISO-8601, as XML Schema has it.
[[nodiscard]] std::optional<XmlTime> parse_xml_time(std::string_view text);
/// With a "Z" at its end, or without where the zone is unknown.
[[nodiscard]] std::string shown_time(const XmlTime& time);

/// Reads the times of one message. One without an offset is the wall clock of the zone given, of
/// the utility as a rule; a format check has none and keeps it as a local time.
class XmlClock {
public:
    explicit XmlClock(std::optional<TimeZone> zone) : zone_(std::move(zone)) {}

    /// Nothing for a text that is no moment, or that the zone's clock shows never or twice; why
    /// is then in `why`.
    [[nodiscard]] std::optional<XmlTime> read(std::string_view text, std::string& why);
    /// How many times had no offset.
    [[nodiscard]] std::int64_t local_times() const { return local_times_; }
    [[nodiscard]] bool has_zone() const { return zone_.has_value(); }

private:
    std::optional<TimeZone> zone_;
    std::int64_t local_times_ = 0;
};

/// "12.5", "1.25E1": exact; nothing when it has more digits than a Decimal.
[[nodiscard]] std::optional<Decimal> parse_xml_number(std::string_view text);
/// value x 10^power, exact; nothing when a Decimal cannot hold it.
[[nodiscard]] std::optional<Decimal> scaled(const Decimal& value, int power);

}  // namespace watthour::formats
