// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "formats/iec61968.hpp"
#include "formats/message_login.hpp"

#include <string>

namespace watthour::formats {

/// Writes a message of IEC 61968-9 in a SOAP envelope, namespaces of 2011: a request for readings,
/// controls, and what answers them: replies, readings and events. A login goes into the envelope
/// as a WS-Security user name token. Meters are written as names. What is written reads back equal,
/// but for lines and the names that the tables of codes give.
///
/// Units:  values as they stand in the record; times in UTC, or local where the record is.
/// Source: IEC61968-9.
[[nodiscard]] std::string write_iec61968(const IecMessage& message, const MessageLogin& login = {});

}  // namespace watthour::formats
