// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "app/head_end_messages.hpp"
#include "base/json.hpp"

#include <cstdint>
#include <string>
#include <vector>

namespace watthour::app {

/// What somebody wants of a meter.
struct HeadEndWish {
    metering::HeadEndKind kind = metering::HeadEndKind::ping;
    std::string serial;
    std::string system;  ///< name of the head-end; "" = the one that has the meter
    std::string why;
    bool dry_run = false;
};

struct AskedMeter {
    metering::HeadEndRequest request;
    bool joined = false;  ///< the same was asked before and is still open; nothing was sent
};

/// Writes a request down and then sends it, so that it is not lost wherever the program stops. One
/// that is open for the same meter is joined. To switch off always takes a second person.
/// Errors: access.reason_missing, access.not_allowed, access.needs_approval, app.meter_unknown,
/// app.meter_not_in_service, app.register_unknown, app.head_end_unknown, app.head_end_settings_*.
[[nodiscard]] Result<AskedMeter> ask_meter(Office& office, const HeadEndWish& wish);

/// Carries out a disconnect that a second person approved; the number of the approval makes that it
/// is sent once.
[[nodiscard]] Result<void> carry_out_disconnect(Office& office, const std::string& parameters,
                                                const std::string& maker, std::int64_t approval);

/// Asks a head-end whether it is there; what it says is empty when all is well.
/// Errors: app.head_end_unknown, app.head_end_no_ping, app.head_end_turned_down, api.server_*.
[[nodiscard]] Result<std::string> ping_head_end(Office& office, const std::string& system);

/// What became of an answer.
struct HeadEndOutcome {
    metering::HeadEndRequest request;
    metering::HeadEndEvent event = metering::HeadEndEvent::nothing;
    std::string note;
    std::string subject;  ///< method or noun of the message
};

/// An answer that came by itself, over our door or as a file. Its reads go the way of every
/// file of reads, as on-demand reads, once however often it comes. One that nobody waits for, or
/// of another meter, or late, becomes a work item.
/// Errors: app.head_end_answer_unreadable, app.head_end_answer_unasked.
[[nodiscard]] Result<HeadEndOutcome> receive_answer(Office& office, const HeadEndSystem& system,
                                                    const std::string& bytes,
                                                    const std::string& name);
/// The same for a file of a clerk. Errors: access.not_allowed, app.head_end_unknown as well.
[[nodiscard]] Result<HeadEndOutcome> receive_file(Office& office, const std::string& system,
                                                  const std::string& path);

struct HeadEndPoll {
    std::int64_t sent_again = 0;
    std::int64_t timed_out = 0;
    std::int64_t open = 0;  ///< due ones that were left, for their settings are gone
};

/// Sends again what was not answered, and gives up what is over. Any number may do it at once.
/// Errors: app.head_end_settings_*.
[[nodiscard]] Result<HeadEndPoll> poll_head_end(Office& office);
/// Whether poll_head_end has anything to do now.
[[nodiscard]] bool head_end_is_due(Office& office);

[[nodiscard]] json::object to_json(const metering::HeadEndRequest& request);
[[nodiscard]] json::object to_json(const AskedMeter& asked, bool dry_run);
[[nodiscard]] json::object to_json(const HeadEndOutcome& outcome);
[[nodiscard]] json::object to_json(const HeadEndPoll& poll);

struct HeadEndPage {
    json::array rows;
    bool more = false;
    std::string last;
};
/// The requests, newest first; `after` is the `last` of the page before. With `changes`, each with
/// all that happened to it. Errors: app.head_end_state_unknown, app.place_malformed.
[[nodiscard]] Result<HeadEndPage> list_head_end(Office& office, const std::string& state,
                                                const std::string& serial, const std::string& after,
                                                std::size_t most, bool changes);
/// One of them. Errors: app.head_end_request_unknown.
[[nodiscard]] Result<metering::HeadEndRequest> find_head_end_request(Office& office,
                                                                     std::int64_t id);
/// "ping, read, connect or disconnect". Errors: app.head_end_kind_unknown.
[[nodiscard]] Result<metering::HeadEndKind> parse_head_end_kind(const std::string& text);

}  // namespace watthour::app
