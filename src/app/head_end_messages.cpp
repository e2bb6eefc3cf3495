// SPDX-License-Identifier: Apache-2.0
#include "app/head_end_messages.hpp"

#include "app/errors.hpp"
#include "base/text.hpp"
#include "formats/event_codes.hpp"
#include "formats/iec61968_write.hpp"
#include "formats/multispeak_write.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <set>

namespace watthour::app {
namespace {

using formats::IecMessage;
using formats::MultiSpeakMessage;
using metering::AnswerKind;
using metering::HeadEndAnswer;
using metering::HeadEndKind;
using metering::HeadEndRequest;

/// Reading type of a register of delivered energy, kWh. Source: IEC61968-9.
constexpr const char* delivered_register = "0.0.0.1.1.1.12.0.0.0.0.0.0.0.0.3.72.0";
/// Source: IEC61968-9; vendors differ.
constexpr const char* control_disconnect = "3.31.0.23";
constexpr const char* control_reconnect = "3.31.0.18";
/// The question for the state of the switch: whoever answers it is there.
constexpr const char* control_state = "3.31.6.42";

constexpr std::size_t longest_words = 200;

/// Words of the other side, fit to be shown and kept.
std::string plain(std::string_view text) {
    return formats::ascii_columns(text.substr(0, longest_words));
}

void add_meter(HeadEndAnswer& answer, const std::string& meter) {
    if (meter.empty()) return;
    auto& meters = answer.meters;
    if (std::find(meters.begin(), meters.end(), meter) == meters.end()) meters.push_back(meter);
}

void add_words(HeadEndAnswer& answer, const std::string& words) {
    if (words.empty() || answer.words.size() > longest_words) return;
    answer.words += (answer.words.empty() ? "" : ", ") + plain(words);
}

MultiSpeakMessage multispeak(const HeadEndSystem& system, const std::string& method,
                             const std::string& company, const std::string& id, Instant now) {
    MultiSpeakMessage message;
    message.method = method;
    message.header.version = system.version;
    message.header.app_name = "Watthour";
    message.header.company = company;
    message.header.message_id = id;
    message.header.timestamp = to_iso_utc(now);
    return message;
}

HeadEndLetter sealed(const MultiSpeakMessage& message, const HeadEndSystem& system) {
    return {formats::write_multispeak(message, {system.user, system.password}),
            formats::soap_action(message)};
}

HeadEndLetter multispeak_letter(const HeadEndSystem& system, const HeadEndRequest& request,
                                const std::string& company, Instant now) {
    const std::string id = metering::transaction_of(request.id);
    std::string method(formats::read_method(system.version));
    if (request.kind == HeadEndKind::ping) method = "InitiateOutageDetectionEventRequest";
    const bool switches =
        request.kind == HeadEndKind::connect || request.kind == HeadEndKind::disconnect;
    if (switches) method = "InitiateConnectDisconnect";
    MultiSpeakMessage message = multispeak(system, method, company, id, now);
    message.transaction = id;
    message.response_url = system.reply_address();
    message.expiration = std::to_string(std::max<std::int64_t>(request.expires_at - now, 1));
    if (switches) {
        formats::MultiSpeakSwitch one;
        one.meter = request.serial;
        one.action = request.kind == HeadEndKind::connect ? "Connect" : "Disconnect";
        message.switches.push_back(std::move(one));
    } else {
        message.asked_meters = {request.serial};
        if (request.kind == HeadEndKind::ping) {
            message.asked_at = formats::XmlTime{request.asked_at, false};
        }
    }
    return sealed(message, system);
}

HeadEndLetter iec_letter(const HeadEndSystem& system, const HeadEndRequest& request,
                         const std::string& company, Instant now) {
    IecMessage message;
    message.kind = "RequestMessage";
    message.header.verb = "get";
    message.header.noun = "EndDeviceControls";
    message.header.revision = "2.0";
    message.header.timestamp = to_iso_utc(now);
    message.header.source = company;
    message.header.message_id = metering::transaction_of(request.id);
    message.header.correlation_id = message.header.message_id;
    message.header.reply_address = system.reply_address();
    message.header.wants_later_answer = true;
    switch (request.kind) {
        case HeadEndKind::read:
            message.header.noun = "MeterReadings";
            message.asked_meters = {request.serial};
            message.asked_types = {delivered_register};
            break;
        case HeadEndKind::ping:
            message.controls.push_back({0, control_state, "", request.serial, ""});
            break;
        case HeadEndKind::connect:
        case HeadEndKind::disconnect:
            message.header.verb = "execute";
            message.controls.push_back(
                {0, request.kind == HeadEndKind::connect ? control_reconnect : control_disconnect,
                 "", request.serial, ""});
            break;
    }
    return {formats::write_iec61968(message, {system.user, system.password}), {}};
}

std::optional<bool> closed_of(std::string_view action) {
    for (const char* word : {"Connect", "Close", "Closed", "Arm", "Armed", "Enable", "Enabled"}) {
        if (action == word) return true;
    }
    for (const char* word : {"Disconnect", "Open", "Opened", "Disable", "Disabled"}) {
        if (action == word) return false;
    }
    return std::nullopt;
}

void take_errors(const MultiSpeakMessage& message, HeadEndAnswer& answer) {
    for (const auto& error : message.errors) {
        answer.kind = AnswerKind::refused;
        // What a fault is about is told in words, no meter.
        if (error.noun != "Fault" && error.noun != message.method) {
            add_meter(answer, error.object);
        }
        add_words(answer, error.text);
    }
}

HeadEndWords words_of(const MultiSpeakMessage& message) {
    HeadEndWords words;
    words.subject = message.method;
    words.transaction = message.transaction;
    HeadEndAnswer& answer = words.answer;
    const std::string& method = message.method;
    if (method == "ReadingChangedNotification") {
        answer.kind = AnswerKind::result;
        answer.about = HeadEndKind::read;
        for (const auto& one : message.readings) {
            add_meter(answer, one.meter);
            add_words(answer, fmt::format("{} {} at {}", one.field, one.value.to_string(),
                                          formats::shown_time(one.at)));
        }
    } else if (method.starts_with("CDState")) {
        answer.kind = AnswerKind::result;
        for (const auto& one : message.switches) {
            add_meter(answer, one.meter);
            add_words(answer, one.action);
            const auto closed = closed_of(one.action);
            if (!closed && answer.kind == AnswerKind::result && one.error.empty()) {
                answer.kind = AnswerKind::refused;
                add_words(answer, "how the switch stands is not told");
            }
            answer.closed = closed;
        }
    } else if (method == "ODEventNotification") {
        answer.kind = AnswerKind::result;
        answer.about = HeadEndKind::ping;
        for (const auto& one : message.events) {
            add_meter(answer, one.meter);
            add_words(answer, one.text);
            answer.reached =
                one.text == "PowerOn" || one.text == "Restoration" || one.text == "Instantaneous";
        }
    }
    for (const auto& one : message.blocks) add_meter(answer, one.meter);
    take_errors(message, answer);
    return words;
}

void take_events(const IecMessage& message, HeadEndAnswer& answer) {
    for (const auto& one : message.events) {
        answer.kind = AnswerKind::result;
        add_meter(answer, one.meter);
        add_words(answer, one.name.empty() ? one.code : one.name);
        if (one.name == "connected") answer.closed = true;
        if (one.name == "disconnected") answer.closed = false;
    }
}

HeadEndWords words_of(const IecMessage& message, CameBy came) {
    HeadEndWords words;
    words.subject = message.header.noun;
    words.transaction = message.header.correlation_id;
    HeadEndAnswer& answer = words.answer;
    const std::string& noun = message.header.noun;
    for (const auto& series : message.series) {
        answer.kind = AnswerKind::result;
        answer.about = HeadEndKind::read;
        add_meter(answer, series.meter.empty() ? series.usage_point : series.meter);
        for (const auto& one : series.readings) {
            add_words(answer, fmt::format("{} {} at {}", series.type.quantity,
                                          one.value.to_string(), formats::shown_time(one.at)));
        }
    }
    take_events(message, answer);
    for (const auto& one : message.controls) {
        add_meter(answer, one.meter);
        if (one.name == "disconnect" || one.name == "reconnect") {
            answer.about = one.name == "reconnect" ? HeadEndKind::connect : HeadEndKind::disconnect;
        }
    }
    const bool is_later = came == CameBy::itself && message.header.verb != "reply";
    if (is_later && noun.starts_with("EndDevice")) answer.kind = AnswerKind::result;
    if (message.reply && message.reply->result == "FAILED") answer.kind = AnswerKind::refused;
    if (message.reply) {
        for (const auto& error : message.reply->errors) {
            if (error.code.starts_with("0.")) continue;
            if (answer.kind != AnswerKind::result) answer.kind = AnswerKind::refused;
            add_meter(answer, error.object);
            const auto known = formats::reply_meaning(error.code);
            add_words(answer, known.empty() ? error.reason : std::string(known));
        }
    }
    return words;
}

template <class File>
Result<const typename decltype(File::messages)::value_type*> only_message(const File& file) {
    const auto unreadable = [](const std::string& why) {
        return Error(errors::head_end_answer_unreadable, {{"why", why}});
    };
    for (const Problem& problem : file.problems) {
        const bool whole = problem.rule.ends_with(".xml") || problem.rule.ends_with(".forbidden") ||
                           problem.rule.ends_with(".root");
        if (whole) return unreadable(problem.message);
    }
    if (file.messages.empty()) return unreadable("it holds no message");
    if (file.messages.size() > 1) {
        return unreadable(fmt::format("it holds {} messages", file.messages.size()));
    }
    return &file.messages.front();
}

}  // namespace

HeadEndLetter letter_of(const HeadEndSystem& system, const HeadEndRequest& request,
                        const std::string& company, Instant now) {
    return system.protocol == HeadEndProtocol::multispeak
               ? multispeak_letter(system, request, company, now)
               : iec_letter(system, request, company, now);
}

std::optional<HeadEndLetter> ping_of(const HeadEndSystem& system, const std::string& company,
                                     Instant now) {
    if (system.protocol != HeadEndProtocol::multispeak) return std::nullopt;
    return sealed(multispeak(system, "PingURL", company, "", now), system);
}

Result<HeadEndWords> words_of(HeadEndProtocol protocol, std::string_view bytes,
                              const TimeZone& zone, CameBy came) {
    if (protocol == HeadEndProtocol::multispeak) {
        const auto file = formats::read_multispeak(bytes, {zone});
        TRY(const auto* message, only_message(file));
        // A notification that answers none of our questions is no answer at all.
        const bool known = message->method.ends_with("Response") || message->method == "Fault" ||
                           message->method == "ReadingChangedNotification" ||
                           message->method == "ODEventNotification" ||
                           message->method.starts_with("CDState");
        if (!known) {
            return Error(errors::head_end_answer_unreadable,
                         {{"why", plain(message->method) + " answers no request"}});
        }
        return words_of(*message);
    }
    const auto file = formats::read_iec61968(bytes, {zone});
    TRY(const auto* message, only_message(file));
    return words_of(*message, came);
}

std::string receipt_of(const HeadEndSystem& system, const std::string& subject,
                       const std::string& transaction, const std::string& trouble, Instant now) {
    if (system.protocol == HeadEndProtocol::multispeak) {
        MultiSpeakMessage message;
        message.method = subject + "Response";
        message.header.version = system.version;
        message.header.app_name = "Watthour";
        message.header.timestamp = to_iso_utc(now);
        if (!trouble.empty()) {
            message.errors.push_back(
                {0, transaction, trouble, "transactionID", formats::XmlTime{now, false}});
        }
        return formats::write_multispeak(message);
    }
    IecMessage message;
    message.kind = "ResponseMessage";
    message.header.verb = "reply";
    message.header.noun = subject;
    message.header.timestamp = to_iso_utc(now);
    message.header.correlation_id = transaction;
    message.reply = formats::IecReply{0, trouble.empty() ? "OK" : "FAILED", {}};
    if (!trouble.empty()) message.reply->errors.push_back({0, "2.0", "FATAL", trouble, ""});
    return formats::write_iec61968(message);
}

}  // namespace watthour::app
