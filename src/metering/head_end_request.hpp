// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "calendar/date.hpp"
#include "metering/meter.hpp"

#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace watthour::metering {

using HeadEndRequestId = Id<struct HeadEndRequestTag>;

/// What a meter is asked over its network.
enum class HeadEndKind { ping, read, connect, disconnect };

/// Where a request stands. `done`, `timed_out` and `failed` are its ends.
enum class HeadEndState { sent, acknowledged, done, timed_out, failed };

[[nodiscard]] std::string_view to_text(HeadEndKind kind);
[[nodiscard]] std::optional<HeadEndKind> head_end_kind_of(std::string_view text);
[[nodiscard]] std::string_view to_text(HeadEndState state);
[[nodiscard]] std::optional<HeadEndState> head_end_state_of(std::string_view text);
[[nodiscard]] bool is_final(HeadEndState state);

/// How patient a request is. Seconds.
struct HeadEndPatience {
    std::int64_t answer_seconds = 60;    ///< from one attempt to the next
    std::int64_t expires_seconds = 900;  ///< from the first attempt to the end
    int most_attempts = 3;
};

/// One request to a head-end, from the moment it was first sent.
struct HeadEndRequest {
    HeadEndRequestId id;
    HeadEndKind kind = HeadEndKind::ping;
    MeterId meter;
    std::string serial;
    ChannelId channel;   ///< that a read is for; 0 = none
    std::string system;  ///< name of the head-end
    HeadEndState state = HeadEndState::sent;
    int attempts = 1;
    std::int64_t changes = 0;  ///< that are recorded; tells whether another was faster
    Instant asked_at;
    Instant sent_at;  ///< the last attempt
    Instant next_at;  ///< when it is sent again, or given up
    Instant expires_at;
    std::optional<Instant> answered_at;
    std::string result;  ///< in words: the read, the state of the switch, why it failed
    std::string by;
    std::string why;

    friend bool operator==(const HeadEndRequest&, const HeadEndRequest&) = default;
};

/// "wh-4711": what the other side sends back with its answer.
[[nodiscard]] std::string transaction_of(HeadEndRequestId id);
/// The request of a transaction; nothing where it is none of ours.
[[nodiscard]] std::optional<HeadEndRequestId> request_of(std::string_view transaction);

/// What an answer is about.
enum class AnswerKind {
    accepted,  ///< the head-end will try
    refused,   ///< it will not, or could not
    result,    ///< the meter has answered
};

struct HeadEndAnswer {
    AnswerKind kind = AnswerKind::accepted;
    std::optional<HeadEndKind> about;  ///< what a result is the result of; none = not told
    std::vector<std::string> meters;   ///< serials that it names; none = not told
    bool reached = true;               ///< of a ping: the meter is there
    std::optional<bool> closed;        ///< of a switch: how it stands now
    std::string words;                 ///< in short: "4862 kWh", "no such meter"

    friend bool operator==(const HeadEndAnswer&, const HeadEndAnswer&) = default;
};

/// What became of an answer, or of time that passed. As the record of changes writes it.
enum class HeadEndEvent {
    sent,
    sent_again,
    not_delivered,
    acknowledged,
    done,
    failed,
    timed_out,
    repeated,     ///< the answer came before; nothing changes
    late,         ///< after the end; the state stays, a good read is still kept
    wrong_meter,  ///< refused: it is of another meter
    wrong_kind,   ///< refused: it answers another question
    nothing,
};
[[nodiscard]] std::string_view to_text(HeadEndEvent event);
[[nodiscard]] std::optional<HeadEndEvent> head_end_event_of(std::string_view text);

/// A request after something happened, and what that was.
struct HeadEndStep {
    HeadEndRequest request;
    HeadEndEvent event = HeadEndEvent::nothing;
    std::string note;
    bool takes_read = false;  ///< the reads in the answer may be kept
};

/// A new request, as it is first sent.
[[nodiscard]] HeadEndRequest begin(HeadEndRequest request, const HeadEndPatience& patience,
                                   Instant now);

/// An answer meets its request. Answers that came before change nothing; one after the end is kept
/// as a note, and its read may still be kept; one of another meter or to another question is
/// refused and the request waits on. A switch that stands otherwise than asked has failed.
/// Source: IEC61968-9 and MULTISPEAK, transaction and expiry; the rest is ours.
[[nodiscard]] HeadEndStep take_answer(const HeadEndRequest& request, const HeadEndAnswer& answer,
                                      Instant now);

/// The head-end could not be reached: the request stays as it is and is sent again when due.
[[nodiscard]] HeadEndStep not_delivered(const HeadEndRequest& request, const std::string& why);

/// Time passed: the request is sent again under the same id, or has timed out, or neither.
[[nodiscard]] HeadEndStep pass_time(const HeadEndRequest& request, const HeadEndPatience& patience,
                                    Instant now);

/// What happened to a request; every change is recorded beside it.
struct HeadEndChange {
    HeadEndRequestId request;
    std::int64_t number = 0;
    Instant at;
    HeadEndEvent event = HeadEndEvent::nothing;
    std::string note;
    std::string by;
};

/// Which requests are wanted; what is empty does not narrow.
struct HeadEndFilter {
    std::optional<HeadEndState> state;
    std::string serial;
    HeadEndRequestId before;  ///< only those after this one in the list; 0 = from the newest on
    std::size_t most = 50;
};

class HeadEndStore {
public:
    virtual ~HeadEndStore() = default;
    virtual void add(const HeadEndRequest& request, const HeadEndChange& change) = 0;
    /// Writes what a step made of a request; one that another changed meanwhile is thrown as a key
    /// that is taken.
    virtual void put(const HeadEndRequest& request, const HeadEndChange& change) = 0;
    [[nodiscard]] virtual std::optional<HeadEndRequest> find(HeadEndRequestId id) = 0;
    /// Open ones that are due, in order of when.
    [[nodiscard]] virtual std::vector<HeadEndRequest> due(Instant now, std::size_t most) = 0;
    /// The newest first.
    [[nodiscard]] virtual std::vector<HeadEndRequest> list(const HeadEndFilter& filter) = 0;
    /// Those that were asked since a moment, the oldest first.
    [[nodiscard]] virtual std::vector<HeadEndRequest> since(Instant from) = 0;
    /// An open request of the same kind for a meter.
    [[nodiscard]] virtual std::optional<HeadEndRequest> open_of(MeterId meter,
                                                                HeadEndKind kind) = 0;
    /// All requests of a meter, ever.
    [[nodiscard]] virtual std::int64_t count_of(MeterId meter) = 0;
    [[nodiscard]] virtual std::vector<HeadEndChange> changes(HeadEndRequestId id) = 0;
};

}  // namespace watthour::metering
