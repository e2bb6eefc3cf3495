// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "base/decimal.hpp"
#include "base/problem.hpp"
#include "calendar/time_zone.hpp"
#include "formats/fields.hpp"
#include "formats/reading_type.hpp"
#include "formats/xml_record.hpp"

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace watthour::formats {

/// What MultiSpeakMsgHeader says. User and password are never taken over.
struct MultiSpeakHeader {
    std::string version;
    std::string app_name;
    std::string app_version;
    std::string company;
    std::string message_id;
    std::string timestamp;  ///< as sent
};

/// One value of a meter: a register, a maximum of demand, a count.
struct MultiSpeakReading {
    std::int64_t line = 0;
    std::string meter;
    std::string device;    ///< its communication module
    std::string field;     ///< posKWh, negKWh, kW, or what the sender calls it
    std::string quantity;  ///< as in ReadingType
    ReadingKind kind = ReadingKind::register_read;
    int power = 0;                       ///< value x 10^power is in the quantity's unit
    int minutes = 0;                     ///< of an interval whose reading type says so
    Decimal value;                       ///< as sent
    XmlTime at;                          ///< moment of a register, END of an interval
    std::optional<XmlTime> peak_at;      ///< when the demand was highest
    std::vector<std::string> qualities;  ///< "1.0.0": system, category, index
};

/// An interval; nothing where the sender left it empty.
struct MultiSpeakInterval {
    std::optional<Decimal> value;
    std::string status;  ///< the vendor's own code; "" and "0" = nothing to say
};

/// Intervals of one channel, without a gap from the start.
struct MultiSpeakBlock {
    std::int64_t line = 0;
    std::string meter;
    std::string field;
    std::string quantity;
    int power = 0;
    int minutes = 0;
    XmlTime start;  ///< of the first interval
    std::vector<MultiSpeakInterval> intervals;
};

struct MultiSpeakEvent {
    std::int64_t line = 0;
    std::string meter;
    std::string code;  ///< domain.part.type.index.value, as far as sent
    std::string text;
    std::string name;  ///< ours: "power_failed"; "" = the table does not know it
    XmlTime at;
};

/// A switch that was asked for (InitiateConnectDisconnect) or that moved.
struct MultiSpeakSwitch {
    std::int64_t line = 0;
    std::string meter;
    std::string account;
    std::string action;  ///< Connect, Disconnect, Arm, Open, ...; "" = not stated
    std::string reason;
    std::string amount_due;
    std::optional<XmlTime> at;
    std::string error;
};

/// An answer inside a reply that was itself delivered.
struct MultiSpeakError {
    std::int64_t line = 0;
    std::string object;
    std::string text;
    std::string noun;
    std::optional<XmlTime> at;
};

struct MultiSpeakMessage {
    std::int64_t line = 0;
    std::string method;       ///< ReadingChangedNotification, ...
    std::string transaction;  ///< of the request that this answers; "" = nobody asked
    std::string response_url;
    std::string expiration;  ///< of a request, as sent: seconds
    std::vector<std::string> asked_meters;
    std::optional<XmlTime> asked_at;  ///< requestDate
    MultiSpeakHeader header;
    std::vector<MultiSpeakReading> readings;
    std::vector<MultiSpeakBlock> blocks;
    std::vector<MultiSpeakEvent> events;
    std::vector<MultiSpeakSwitch> switches;
    std::vector<MultiSpeakError> errors;
};

struct MultiSpeakFile {
    std::vector<MultiSpeakMessage> messages;
    std::vector<RejectedLine> rejected;
    Problems problems;
    Problems notes;  ///< findings that do not make the file bad
};

struct MultiSpeakOptions {
    /// Zone of times that have no offset; without one they stay local times, and a note says so.
    std::optional<TimeZone> zone;
};

/// Reads a SOAP message of MultiSpeak 3.0 or 4.1: readings, interval data, meter events, outage
/// events, switching and lists of errors. A bad one is reported and kept in `rejected`; the good
/// ones go on. Statuses of intervals are the vendor's own and are kept as sent.
///
/// Units:    values as sent; an interval length without a unit is in minutes.
/// Errors:   never; problems are multispeak.xml, forbidden, root, empty, meter, value, units,
///           time, local_time, direction, reading_type, reading_type_fields, reading_type_code,
///           profile, interval, action, event.
/// Source:   MULTISPEAK.
[[nodiscard]] MultiSpeakFile read_multispeak(std::string_view bytes,
                                             const MultiSpeakOptions& options = {});

/// Readings and intervals of the message.
[[nodiscard]] std::size_t reading_count(const MultiSpeakMessage& message);
/// True for values that somebody asked for.
[[nodiscard]] bool is_on_demand(const MultiSpeakMessage& message);

}  // namespace watthour::formats
