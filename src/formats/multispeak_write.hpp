// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "formats/message_login.hpp"
#include "formats/multispeak.hpp"

#include <string>
#include <string_view>

namespace watthour::formats {

/// Writes a SOAP message of MultiSpeak 3.0 or 4.1, by the version in its header: PingURL, requests
/// for a reading, for the state of a meter and to switch it, and what answers them (errors of a
/// reply, readings, states of switches, outage events). The login goes into the header's UserID and
/// Pwd. What is written reads back equal, but for lines and names of events. Of readings, registers
/// of energy and of demand are written; of their qualities, the first one and in 4.1 alone.
///
/// Units:  values as they stand in the record; times in UTC, or local where the record is.
/// Source: MULTISPEAK.
[[nodiscard]] std::string write_multispeak(const MultiSpeakMessage& message,
                                           const MessageLogin& login = {});

/// The method by which a version asks for a reading: InitiateMeterReadByMeterNumber of 3.0,
/// InitiateMeterReadingsByMeterID of 4.1.
[[nodiscard]] std::string_view read_method(std::string_view version);
/// What the HTTP header SOAPAction says: namespace and method.
[[nodiscard]] std::string soap_action(const MultiSpeakMessage& message);

}  // namespace watthour::formats
