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

/// What the message says of itself. Users and passwords of a header are never taken over, also
/// not those inside an address.
struct IecHeader {
    std::string verb;  ///< "created", "reply", as sent
    std::string noun;  ///< "MeterReadings"
    std::string revision;
    std::string timestamp;  ///< as sent
    std::string source;
    std::string message_id;
    std::string correlation_id;  ///< of the request that this answers
    std::string reply_address;
    bool wants_later_answer = false;  ///< AsyncReplyFlag
};

struct IecReading {
    std::int64_t line = 0;
    XmlTime at;     ///< moment of a register, END of an interval
    Decimal value;  ///< as sent; times 10^power of the type it is in the type's unit
    std::vector<std::string> qualities;  ///< "1.4.5": system, category, index
};

/// Readings of one meter and one reading type that stand together.
struct IecSeries {
    std::int64_t line = 0;
    std::string meter;  ///< a name where the mRID is a UUID, which no meter shows
    std::string usage_point;
    std::string reading_type;  ///< as sent
    ReadingType type;
    int minutes = 0;     ///< of an interval, from the type or from the time periods
    std::string reason;  ///< "billing", "inquiry"; "" = not stated
    std::vector<IecReading> readings;
};

struct IecEvent {
    std::int64_t line = 0;
    std::string code;  ///< device.domain.subdomain.action, as sent
    std::string name;  ///< ours: "power_failed"; "" = the table does not know it
    std::string meter;
    std::string usage_point;
    XmlTime created;
    std::string status;
    std::string reason;
    std::string severity;
};

/// A command to a meter, or the question for one.
struct IecControl {
    std::int64_t line = 0;
    std::string code;
    std::string name;  ///< ours: "disconnect"; "" = the table does not know it
    std::string meter;
    std::string usage_point;
};

struct IecError {
    std::int64_t line = 0;
    std::string code;  ///< "2.4" no such meter
    std::string level;
    std::string reason;
    std::string object;  ///< the meter or request that it concerns
};

struct IecReply {
    std::int64_t line = 0;
    std::string result;  ///< OK, PARTIAL, FAILED
    std::vector<IecError> errors;
};

struct IecMessage {
    std::int64_t line = 0;
    std::string kind;  ///< RequestMessage, ResponseMessage, EventMessage; "" = a bare payload
    IecHeader header;
    std::vector<IecSeries> series;
    std::vector<IecEvent> events;
    std::vector<IecControl> controls;
    std::vector<std::string> asked_meters;  ///< of GetMeterReadings
    std::vector<std::string> asked_types;   ///< reading types, as sent
    std::optional<IecReply> reply;
};

struct IecFile {
    std::vector<IecMessage> messages;
    std::vector<RejectedLine> rejected;
    Problems problems;
    Problems notes;  ///< findings that do not make the file bad
};

struct IecOptions {
    /// Zone of times that have no offset; without one they stay local times, and a note says so.
    std::optional<TimeZone> zone;
};

/// Reads a message of IEC 61968-9, bare or in a SOAP envelope, of any generation of its
/// namespaces: MeterReadings, EndDeviceEvents and EndDeviceControls, and the reply to a request.
/// A bad reading is reported and kept in `rejected`; the good ones go on. A reading without a
/// value is taken where its quality says that it is missing.
///
/// Errors: never; problems are iec61968.xml, forbidden, root, empty, header, noun, timestamp,
///         meter, reading_type, reading_type_fields, reading_type_code, value, time, local_time,
///         time_period, interval, quality, event_type, control_type, reply.
/// Source: IEC61968-9.
[[nodiscard]] IecFile read_iec61968(std::string_view bytes, const IecOptions& options = {});

/// How many readings the message has.
[[nodiscard]] std::size_t reading_count(const IecMessage& message);

}  // namespace watthour::formats
