// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "app/head_end_line.hpp"
#include "base/problem.hpp"
#include "calendar/time_zone.hpp"
#include "metering/head_end_request.hpp"

#include <optional>
#include <string>
#include <string_view>

namespace watthour::app {

/// A request as the message that its head-end understands. The same request is written the same
/// way each time it is sent, but for the time of sending.
/// Source: MULTISPEAK; IEC61968-9.
[[nodiscard]] HeadEndLetter letter_of(const HeadEndSystem& system,
                                      const metering::HeadEndRequest& request,
                                      const std::string& company, Instant now);

/// The question whether a head-end itself is there: PingURL; of IEC 61968-9 none is known.
[[nodiscard]] std::optional<HeadEndLetter> ping_of(const HeadEndSystem& system,
                                                   const std::string& company, Instant now);

/// How a message reached us: as the answer on the line by which we asked, or by itself.
enum class CameBy { same_line, itself };

/// What one message says to us.
struct HeadEndWords {
    std::string subject;      ///< method or noun
    std::string transaction;  ///< "" = it answers nothing
    metering::HeadEndAnswer answer;
};

/// Reads an answer of either protocol. Errors: app.head_end_answer_unreadable.
[[nodiscard]] Result<HeadEndWords> words_of(HeadEndProtocol protocol, std::string_view bytes,
                                            const TimeZone& zone, CameBy came);

/// What we say to a message that was posted to us; "" = all is well.
[[nodiscard]] std::string receipt_of(const HeadEndSystem& system, const std::string& subject,
                                     const std::string& transaction, const std::string& trouble,
                                     Instant now);

}  // namespace watthour::app
