// SPDX-License-Identifier: Apache-2.0
#include "api/head_end_door.hpp"

#include "api/errors.hpp"
#include "app/errors.hpp"
#include "app/head_end.hpp"
#include "base/text.hpp"

namespace watthour::api {
namespace {

constexpr std::string_view door = "/head-end/";

std::optional<app::HeadEndProtocol> protocol_of(std::string_view name) {
    for (const auto protocol : {app::HeadEndProtocol::multispeak, app::HeadEndProtocol::iec61968}) {
        if (app::protocol_name(protocol) == name) return protocol;
    }
    return std::nullopt;
}

/// What a sender is told who did not say the expected.
std::string trouble_of(const app::HeadEndOutcome& outcome) {
    using enum metering::HeadEndEvent;
    if (outcome.event == wrong_meter || outcome.event == wrong_kind) return outcome.note;
    return {};
}

}  // namespace

bool is_head_end_door(const Request& request) { return request.path.starts_with(door); }

Result<app::HeadEndSystem> head_end_at_door(app::Office& office, const Request& request) {
    const auto parts = split_text(std::string_view(request.path).substr(door.size()), '/');
    const auto protocol = protocol_of(parts.front());
    const auto settings = app::read_head_end_settings(office);
    if (protocol && settings && parts.size() <= 2) {
        const auto* system =
            app::who_answers(*settings, *protocol, parts.size() == 2 ? parts[1] : "",
                             request.header("authorization"));
        if (system != nullptr) return *system;
    }
    return Error(errors::head_end_stranger, {});
}

Result<Response> take_head_end_answer(app::Office& office, const Request& request,
                                      std::string& user) {
    TRY(const auto system, head_end_at_door(office, request));
    // The secret of an address is in no message and in no log.
    if (request.method != Method::post) {
        return Error(
            errors::method_unknown,
            {{"path", std::string(door)}, {"method", std::string(method_name(request.method))}});
    }
    access::User sender;
    sender.name = "head-end " + system.name;
    user = sender.name;
    office.act_as(sender);
    TRY_DONE(office.reload());
    const auto outcome =
        app::receive_answer(office, system, request.body, "answer of " + system.name);
    Response response;
    response.content_type = "text/xml; charset=utf-8";
    std::string trouble;
    std::string subject;
    std::string transaction;
    if (outcome) {
        trouble = trouble_of(*outcome);
        subject = outcome->subject;
        transaction = metering::transaction_of(outcome->request.id);
    } else if (outcome.error().is(app::errors::head_end_answer_unasked)) {
        trouble = "nobody waits for this transaction";
        const auto words =
            app::words_of(system.protocol, request.body, office.zone(), app::CameBy::itself);
        if (words) subject = words->subject;
        if (words) transaction = words->transaction;
    } else {
        return outcome.error();
    }
    response.body =
        app::receipt_of(system, subject, transaction, trouble, Instant{office.clock().now()});
    return response;
}

}  // namespace watthour::api
