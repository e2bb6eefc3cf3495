// SPDX-License-Identifier: Apache-2.0
#include "metering/head_end_request.hpp"

#include "base/text.hpp"

#include <algorithm>
#include <array>

namespace watthour::metering {
namespace {

constexpr std::string_view prefix = "wh-";

constexpr std::array<std::string_view, 4> kinds = {"ping", "read", "connect", "disconnect"};
constexpr std::array<std::string_view, 5> states = {"sent", "acknowledged", "done", "timed_out",
                                                    "failed"};
constexpr std::array<std::string_view, 12> events = {
    "sent",      "sent_again", "not_delivered", "acknowledged", "done",       "failed",
    "timed_out", "repeated",   "late",          "wrong_meter",  "wrong_kind", "nothing"};

template <class Enum, std::size_t N>
std::optional<Enum> value_of(const std::array<std::string_view, N>& names, std::string_view text) {
    const auto found = std::find(names.begin(), names.end(), text);
    if (found == names.end()) return std::nullopt;
    return static_cast<Enum>(found - names.begin());
}

template <class Enum, std::size_t N>
std::string_view name_of(const std::array<std::string_view, N>& names, Enum value) {
    return names[static_cast<std::size_t>(value)];
}

/// The first meter that an answer names and that was not asked.
const std::string* other_meter(const HeadEndRequest& request, const HeadEndAnswer& answer) {
    const auto other = std::find_if(answer.meters.begin(), answer.meters.end(),
                                    [&](const auto& meter) { return meter != request.serial; });
    return other == answer.meters.end() ? nullptr : &*other;
}

/// Why a result is none that was wanted; empty when it is.
std::string shortfall(HeadEndKind kind, const HeadEndAnswer& answer) {
    switch (kind) {
        case HeadEndKind::ping: return answer.reached ? "" : "the meter does not answer";
        case HeadEndKind::read: return "";
        case HeadEndKind::connect:
        case HeadEndKind::disconnect: break;
    }
    if (!answer.closed) return "";
    const bool wanted_closed = kind == HeadEndKind::connect;
    if (*answer.closed == wanted_closed) return "";
    return *answer.closed ? "the switch is closed" : "the switch is open";
}

HeadEndStep step_of(const HeadEndRequest& request, HeadEndEvent event, std::string note) {
    return {request, event, std::move(note), false};
}

/// When a request that was just sent is looked at again: the last attempt waits for the end.
Instant next_of(const HeadEndRequest& request, const HeadEndPatience& patience) {
    if (request.attempts >= patience.most_attempts) return request.expires_at;
    return std::min(request.sent_at + patience.answer_seconds, request.expires_at);
}

std::string joined(const std::string& reason, const std::string& words) {
    if (reason.empty() || words.empty()) return reason + words;
    return reason + ": " + words;
}

}  // namespace

std::string_view to_text(HeadEndKind kind) { return name_of(kinds, kind); }
std::optional<HeadEndKind> head_end_kind_of(std::string_view text) {
    return value_of<HeadEndKind>(kinds, text);
}
std::string_view to_text(HeadEndState state) { return name_of(states, state); }
std::optional<HeadEndState> head_end_state_of(std::string_view text) {
    return value_of<HeadEndState>(states, text);
}
std::string_view to_text(HeadEndEvent event) { return name_of(events, event); }
std::optional<HeadEndEvent> head_end_event_of(std::string_view text) {
    return value_of<HeadEndEvent>(events, text);
}

bool is_final(HeadEndState state) {
    return state != HeadEndState::sent && state != HeadEndState::acknowledged;
}

std::string transaction_of(HeadEndRequestId id) {
    return std::string(prefix) + std::to_string(id.value);
}

std::optional<HeadEndRequestId> request_of(std::string_view transaction) {
    if (!transaction.starts_with(prefix)) return std::nullopt;
    const auto number = parse_integer(transaction.substr(prefix.size()));
    if (!number || *number <= 0) return std::nullopt;
    return HeadEndRequestId{*number};
}

HeadEndRequest begin(HeadEndRequest request, const HeadEndPatience& patience, Instant now) {
    request.state = HeadEndState::sent;
    request.attempts = 1;
    request.asked_at = now;
    request.sent_at = now;
    request.expires_at = now + patience.expires_seconds;
    request.next_at = next_of(request, patience);
    return request;
}

HeadEndStep take_answer(const HeadEndRequest& request, const HeadEndAnswer& answer, Instant now) {
    if (const std::string* other = other_meter(request, answer)) {
        return step_of(request, HeadEndEvent::wrong_meter,
                       "it is of meter " + *other + ", " + request.serial + " was asked");
    }
    if (answer.kind == AnswerKind::result && answer.about && *answer.about != request.kind) {
        return step_of(request, HeadEndEvent::wrong_kind,
                       "it answers a " + std::string(to_text(*answer.about)) + ", a " +
                           std::string(to_text(request.kind)) + " was asked");
    }
    const bool is_read = answer.kind == AnswerKind::result && request.kind == HeadEndKind::read;
    if (is_final(request.state)) {
        const bool said_before =
            request.state == HeadEndState::done || answer.kind == AnswerKind::accepted ||
            (request.state == HeadEndState::failed && answer.kind == AnswerKind::refused);
        HeadEndStep step = step_of(
            request, said_before ? HeadEndEvent::repeated : HeadEndEvent::late, answer.words);
        step.takes_read = is_read && !said_before;
        return step;
    }
    if (answer.kind == AnswerKind::accepted) {
        if (request.state == HeadEndState::acknowledged) {
            return step_of(request, HeadEndEvent::repeated, answer.words);
        }
        HeadEndStep step = step_of(request, HeadEndEvent::acknowledged, answer.words);
        step.request.state = HeadEndState::acknowledged;
        return step;
    }
    HeadEndStep step = step_of(request, HeadEndEvent::done, answer.words);
    const std::string why =
        answer.kind == AnswerKind::result ? shortfall(request.kind, answer) : std::string();
    if (answer.kind == AnswerKind::refused || !why.empty()) {
        step.event = HeadEndEvent::failed;
        step.note = joined(why, answer.words);
    }
    step.request.state =
        step.event == HeadEndEvent::done ? HeadEndState::done : HeadEndState::failed;
    step.request.answered_at = now;
    step.request.result = step.note;
    step.takes_read = is_read;
    return step;
}

HeadEndStep not_delivered(const HeadEndRequest& request, const std::string& why) {
    if (is_final(request.state)) return step_of(request, HeadEndEvent::nothing, "");
    return step_of(request, HeadEndEvent::not_delivered, why);
}

HeadEndStep pass_time(const HeadEndRequest& request, const HeadEndPatience& patience, Instant now) {
    if (is_final(request.state) || now < request.next_at) {
        return step_of(request, HeadEndEvent::nothing, "");
    }
    if (now < request.expires_at && request.attempts < patience.most_attempts) {
        HeadEndStep step = step_of(request, HeadEndEvent::sent_again, "");
        step.request.attempts = request.attempts + 1;
        step.request.sent_at = now;
        step.request.next_at = next_of(step.request, patience);
        return step;
    }
    // All attempts are made; what was sent last may still be answered until the end.
    if (now < request.expires_at) return step_of(request, HeadEndEvent::nothing, "");
    HeadEndStep step = step_of(request, HeadEndEvent::timed_out,
                               "no answer after " + std::to_string(request.attempts) +
                                   (request.attempts == 1 ? " attempt" : " attempts"));
    step.request.state = HeadEndState::timed_out;
    step.request.result = step.note;
    return step;
}

}  // namespace watthour::metering
