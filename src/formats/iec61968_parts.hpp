// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "formats/iec61968.hpp"

#include <cstddef>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

/// The small parts of the IEC 61968-9 reader; not for other rooms.
namespace watthour::formats::iec61968 {

/// A reading whose type is not known yet, for the type stands behind it.
struct PendingReading {
    std::int64_t line = 0;
    Decimal value;
    std::optional<XmlTime> stamp;
    std::optional<XmlTime> start;
    std::optional<XmlTime> end;
    std::vector<std::string> qualities;
};

struct PendingSeries {
    std::int64_t line = 0;
    std::string meter;
    std::string usage_point;
    std::string type;  ///< the reference, as sent
    std::string reason;
    bool is_single = false;  ///< from Readings, not from a block
    std::vector<PendingReading> readings;
};

/// mRID or name of a meter, point or type. `avoid_uuid`: the name where the mRID is a UUID.
[[nodiscard]] std::string identity_of(const XmlNode& node, bool avoid_uuid);
/// The same of the first child with one of the names, or `otherwise`.
[[nodiscard]] std::string identity_in(const XmlNode& node, const std::string_view* names,
                                      std::size_t count, const std::string& otherwise);
/// What a ReadingType refers to: its attribute, or what stands in it.
[[nodiscard]] std::string reference_of(const XmlNode& node);
/// The dotted name of a reading type that the message defines; "" = it has none.
[[nodiscard]] std::string dotted_name_of(const XmlNode& node);
/// Code of an event or a control, wherever its generation puts it.
[[nodiscard]] std::string code_of(const XmlNode& node, std::string_view type_element);

/// False for a quality that is none; it stands in `bad` then.
[[nodiscard]] bool take_qualities(const XmlNode& node, PendingReading& reading, std::string& bad);
/// A quality that says: there is no value.
[[nodiscard]] bool is_missing(const std::vector<std::string>& qualities);

[[nodiscard]] IecReply reply_of(const XmlNode& node);
/// ": 2.4 no such meter (M-1), ..." of at most three errors.
[[nodiscard]] std::string told(const std::vector<IecError>& errors);
/// A reading that was not taken, in one line.
[[nodiscard]] std::string raw_of(const PendingSeries& series, const PendingReading& reading);

}  // namespace watthour::formats::iec61968
