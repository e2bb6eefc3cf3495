// SPDX-License-Identifier: Apache-2.0
#include "app/head_end.hpp"

#include "access/errors.hpp"
#include "app/audit_trail.hpp"
#include "app/authorize.hpp"
#include "app/errors.hpp"
#include "app/import_file.hpp"
#include "app/meter_shop.hpp"
#include "base/digest.hpp"
#include "base/files.hpp"
#include "base/text.hpp"
#include "formats/fields.hpp"
#include "metering/measured_quantity.hpp"
#include "storage/head_end_rows.hpp"
#include "worklist/told.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <filesystem>

namespace watthour::app {
namespace {

using metering::AnswerKind;
using metering::HeadEndAnswer;
using metering::HeadEndChange;
using metering::HeadEndEvent;
using metering::HeadEndKind;
using metering::HeadEndRequest;
using metering::HeadEndRequestId;
using metering::HeadEndState;
using metering::HeadEndStep;
using storage::HeadEndRows;

constexpr std::size_t most_due = 200;
/// Of one request; what changes nothing and comes oftener is not written down.
constexpr std::int64_t most_changes = 100;
constexpr std::size_t longest_reason = 500;
constexpr std::size_t longest_note = 400;

const access::Permission& permission_of(HeadEndKind kind) {
    if (kind == HeadEndKind::connect) return access::permissions::meter_connect;
    if (kind == HeadEndKind::disconnect) return access::permissions::meter_disconnect;
    return access::permissions::meter_ask;
}

bool is_switch(HeadEndKind kind) {
    return kind == HeadEndKind::connect || kind == HeadEndKind::disconnect;
}

Instant now_of(const Office& office) { return {office.clock().now()}; }

Error system_unknown(const std::string& name, const HeadEndSettings& settings) {
    std::string known;
    for (const auto& system : settings.systems) {
        known += (known.empty() ? "" : ", ") + system.name;
    }
    return Error(errors::head_end_unknown, {{"system", name.substr(0, 40)}, {"known", known}});
}

Result<const HeadEndSystem*> system_of(const HeadEndSettings& settings, const HeadEndWish& wish) {
    const HeadEndSystem* system =
        wish.system.empty() ? settings.of_meter(wish.serial) : settings.find(wish.system);
    if (system != nullptr) return system;
    return system_unknown(wish.system.empty() ? "of meter " + wish.serial : wish.system, settings);
}

/// The register that a read fills, else the intervals; a meter without delivered energy has none.
Result<metering::ChannelId> channel_of(storage::MeterShopRows& shop, const metering::Meter& meter) {
    metering::ChannelId found;
    for (const auto& channel : shop.channels(meter.id)) {
        if (!metering::measures(channel.code, "KWH")) continue;
        if (channel.is_register()) return channel.id;
        found = channel.id;
    }
    if (found.value != 0) return found;
    return Error(errors::register_unknown, {{"meter", meter.serial}, {"quantity", "KWH"}});
}

/// Who is served where the meter hangs; 0 = nobody.
std::int64_t account_of(Office& office, storage::MeterShopRows& shop,
                        const metering::Meter& meter) {
    const Date today = office.business_date();
    for (const auto& known : shop.installations(meter.id)) {
        const auto& hung = known.installation;
        if (known.superseded_on != end_of_time || !hung.active.contains(today)) continue;
        const auto accounts = shop.served_at(hung.service_point, today);
        if (!accounts.empty()) return accounts.front().value;
    }
    return 0;
}

HeadEndChange change_of(const HeadEndStep& step, Instant at, const std::string& by) {
    return {step.request.id, 0, at, step.event, step.note.substr(0, longest_note), by};
}

std::string subject_of(const std::string& serial) { return "meter:" + serial; }

/// What a person should look at.
worklist::WorkItem item_of(const Office& office, const std::string& event,
                           const std::string& subject, json::object evidence,
                           json::object next_step) {
    worklist::WorkItem item;
    item.kind = "head_end_answer";
    item.cause = "head_end." + event;
    item.subject = subject;
    item.id = worklist::work_item_id(item.kind, 0, item.subject + "|" + event);
    item.evidence = worklist::stored(std::move(evidence));
    item.next_step = worklist::stored(std::move(next_step));
    item.opened_on = office.business_date();
    return item;
}

std::vector<worklist::WorkItem> items_of(const Office& office, const HeadEndStep& step) {
    const HeadEndRequest& request = step.request;
    const std::string transaction = metering::transaction_of(request.id);
    const auto one = [&](std::string_view next) {
        const std::string event(metering::to_text(step.event));
        const std::string kind(metering::to_text(request.kind));
        return std::vector<worklist::WorkItem>{
            item_of(office, event, fmt::format("{}|{}", request.serial, transaction),
                    worklist::tell("told.head_end." + event,
                                   {{"kind", worklist::tell("told.request." + kind)},
                                    {"meter", request.serial},
                                    {"request", transaction},
                                    {"note", step.note}}),
                    worklist::tell(next))};
    };
    switch (step.event) {
        case HeadEndEvent::wrong_meter:
        case HeadEndEvent::wrong_kind: return one("told.head_end.astray.next");
        case HeadEndEvent::late:
            return one(is_switch(request.kind) ? "told.head_end.late_switch.next"
                                               : "told.head_end.late.next");
        case HeadEndEvent::timed_out:
            if (!is_switch(request.kind)) return {};
            return one("told.head_end.timed_out.next");
        default: return {};
    }
}

/// What stands in the place of the reads that were not taken.
Result<std::string> trouble_of_import(Office& office, HeadEndProtocol protocol,
                                      const std::string& bytes, const std::string& name) {
    ImportRequest import{
        std::string(protocol_name(protocol)), name, office.business_date(), false, bytes, ""};
    import.answers_request = true;
    const auto outcome = import_file(office, import);
    if (!outcome && outcome.error().is(errors::file_already_taken)) {
        const auto file = office.files().find(sha256_hex(bytes));
        const bool taken = file && file->posted + file->repeated > 0;
        return std::string(taken ? "" : "no read of the answer was taken");
    }
    if (!outcome) return outcome.error();
    if (outcome->file.posted + outcome->file.repeated > 0) return std::string();
    return outcome->problems.empty() ? std::string("the answer holds no read")
                                     : outcome->problems.front().message;
}

struct Answered {
    HeadEndProtocol protocol = HeadEndProtocol::multispeak;
    HeadEndAnswer answer;
    const std::string& bytes;
    std::string name;
    std::string by;
};

/// An answer meets its request: the reads are taken in, then what became of it is written down.
/// Cut off between the two, the answer that is given again finds its reads there.
Result<HeadEndOutcome> settle(Office& office, HeadEndRequestId id, const Answered& answered) {
    return storage::with_retries([&]() -> Result<HeadEndOutcome> {
        HeadEndRows rows(office.database());
        const auto request = rows.find(id);
        WH_CHECK(request.has_value(), "a request is gone");
        const Instant now = now_of(office);
        HeadEndStep step = take_answer(*request, answered.answer, now);
        if (step.takes_read) {
            TRY(const std::string trouble,
                trouble_of_import(office, answered.protocol, answered.bytes, answered.name));
            if (!trouble.empty()) {
                HeadEndAnswer refused = answered.answer;
                refused.kind = AnswerKind::refused;
                refused.words = trouble;
                step = take_answer(*request, refused, now);
            }
        }
        const bool written =
            step.request.state != request->state || request->changes < most_changes;
        if (written) {
            storage::Transaction transaction(office.database(), office.business_date());
            rows.put(step.request, change_of(step, now, answered.by));
            (void)office.work().open(items_of(office, step));
            transaction.commit();
        }
        return HeadEndOutcome{step.request, step.event, step.note, {}};
    });
}

void note_undelivered(Office& office, HeadEndRequestId id, const std::string& why) {
    storage::with_retries([&] {
        HeadEndRows rows(office.database());
        const auto request = rows.find(id);
        const HeadEndStep step = metering::not_delivered(*request, why);
        if (step.event == HeadEndEvent::nothing) return;
        storage::Transaction transaction(office.database(), office.business_date());
        rows.put(step.request, change_of(step, now_of(office), request->system));
        transaction.commit();
    });
}

/// Sends a request that is written down, and takes what is answered at once.
Result<void> deliver(Office& office, const HeadEndSystem& system, const HeadEndRequest& request) {
    const Instant now = now_of(office);
    if (office.line() == nullptr) {
        note_undelivered(office, request.id, "this program has no line to a head-end");
        return {};
    }
    const auto reply =
        office.line()->ask(system, letter_of(system, request, office.utility().name, now));
    if (!reply) {
        note_undelivered(office, request.id, reply.error().message());
        return {};
    }
    const auto words = words_of(system.protocol, *reply, office.zone(), CameBy::same_line);
    if (!words) {
        note_undelivered(office, request.id, words.error().message());
        return {};
    }
    const std::string own = metering::transaction_of(request.id);
    if (!words->transaction.empty() && words->transaction != own) {
        note_undelivered(office, request.id, "the head-end answered another request");
        return {};
    }
    TRY_DONE(settle(office, request.id,
                    {system.protocol, words->answer, *reply, own + " reply", system.name}));
    return {};
}

std::string to_parameters(const HeadEndWish& wish) {
    return to_text(
        json::object{{"meter", wish.serial}, {"system", wish.system}, {"why", wish.why}});
}

/// A wish that may be carried out, as a request that is not written yet.
Result<HeadEndRequest> request_of(Office& office, const HeadEndWish& wish,
                                  const HeadEndSystem& system) {
    TRY(const auto meter, find_meter(office, wish.serial));
    storage::MeterShopRows shop(office.database());
    if (state_of(shop, meter.id) != metering::StockState::in_service) {
        return Error(errors::meter_not_in_service,
                     {{"meter", meter.serial}, {"date", office.business_date().to_string()}});
    }
    HeadEndRequest request;
    request.kind = wish.kind;
    request.meter = meter.id;
    request.serial = meter.serial;
    if (wish.kind == HeadEndKind::read) {
        TRY(request.channel, channel_of(shop, meter));
    }
    request.system = system.name;
    request.by = office.actor().name;
    request.why = wish.why;
    return begin(request, system.patience, now_of(office));
}

/// Writes the request, unless one like it is open or the approval's own is there.
AskedMeter write_request(Office& office, HeadEndRequest request, std::int64_t approval,
                         std::int64_t account) {
    return storage::with_retries([&]() -> AskedMeter {
        storage::Transaction transaction(office.database(), office.business_date());
        HeadEndRows rows(office.database());
        const std::string key =
            approval != 0 ? fmt::format("approval|{}", approval)
                          : fmt::format("{}|{}", request.serial, rows.count_of(request.meter) + 1);
        request.id = {id_from_key("head end request", key)};
        if (const auto before = rows.find(request.id)) return {*before, true};
        if (const auto open = rows.open_of(request.meter, request.kind)) return {*open, true};
        rows.add(request, {request.id, 0, request.asked_at, HeadEndEvent::sent, "", request.by});
        record(office, permission_of(request.kind),
               {account, subject_of(request.serial), "",
                fmt::format("{} sent to {} as {}", metering::to_text(request.kind), request.system,
                            metering::transaction_of(request.id)),
                request.why, approval});
        transaction.commit();
        return {request, false};
    });
}

Result<AskedMeter> send(Office& office, const HeadEndSystem& system, const HeadEndRequest& request,
                        std::int64_t approval, std::int64_t account) {
    AskedMeter asked = write_request(office, request, approval, account);
    if (asked.joined) return asked;
    TRY_DONE(deliver(office, system, asked.request));
    TRY(asked.request, find_head_end_request(office, asked.request.id.value));
    return asked;
}

}  // namespace

Result<HeadEndKind> parse_head_end_kind(const std::string& text) {
    if (const auto kind = metering::head_end_kind_of(text)) return *kind;
    return Error(errors::head_end_kind_unknown, {{"kind", text.substr(0, 40)}});
}

Result<HeadEndRequest> find_head_end_request(Office& office, std::int64_t id) {
    auto request = HeadEndRows(office.database()).find({id});
    if (!request) {
        return Error(errors::head_end_request_unknown, {{"request", std::to_string(id)}});
    }
    return *std::move(request);
}

Result<AskedMeter> ask_meter(Office& office, const HeadEndWish& wish) {
    const access::Permission& permission = permission_of(wish.kind);
    const auto allowed = access::decide(office.actor(), permission, std::nullopt);
    if (allowed.refusal) return *allowed.refusal;
    if (trimmed(wish.why).empty() || wish.why.size() > longest_reason) {
        return Error(access::errors::reason_missing, {});
    }
    TRY(const auto settings, read_head_end_settings(office));
    TRY(const HeadEndSystem* system, system_of(settings, wish));
    TRY(const HeadEndRequest request, request_of(office, wish, *system));
    if (wish.dry_run) return AskedMeter{request, false};
    std::int64_t account = 0;
    if (is_switch(wish.kind)) {
        storage::MeterShopRows shop(office.database());
        TRY(const auto meter, find_meter(office, wish.serial));
        account = account_of(office, shop, meter);
    }
    TRY_DONE(authorize(office, permission, {account, to_parameters(wish), Money(), wish.why}));
    return send(office, *system, request, 0, account);
}

Result<void> carry_out_disconnect(Office& office, const std::string& parameters,
                                  const std::string& maker, std::int64_t approval) {
    TRY(const json::value parsed, parse_json(parameters, "approval"));
    const json::object& asked = parsed.as_object();
    const auto text = [&](const char* name) { return std::string(asked.at(name).as_string()); };
    const HeadEndWish wish{HeadEndKind::disconnect, text("meter"), text("system"), text("why"),
                           false};
    TRY(const auto settings, read_head_end_settings(office));
    TRY(const HeadEndSystem* system, system_of(settings, wish));
    TRY(HeadEndRequest request, request_of(office, wish, *system));
    request.by = maker;
    storage::MeterShopRows shop(office.database());
    TRY(const auto meter, find_meter(office, wish.serial));
    TRY_DONE(send(office, *system, request, approval, account_of(office, shop, meter)));
    return {};
}

Result<std::string> ping_head_end(Office& office, const std::string& name) {
    TRY_DONE(authorize(office, access::permissions::meter_ask));
    TRY(const auto settings, read_head_end_settings(office));
    const HeadEndSystem* system = name.empty() ? &settings.systems.front() : settings.find(name);
    if (system == nullptr) return system_unknown(name, settings);
    const auto letter = ping_of(*system, office.utility().name, now_of(office));
    if (!letter) return Error(errors::head_end_no_ping, {{"system", system->name}});
    if (office.line() == nullptr) return std::string("this program has no line to a head-end");
    TRY(const std::string reply, office.line()->ask(*system, *letter));
    TRY(const auto words, words_of(system->protocol, reply, office.zone(), CameBy::same_line));
    return words.answer.words;
}

Result<HeadEndOutcome> receive_answer(Office& office, const HeadEndSystem& system,
                                      const std::string& bytes, const std::string& name) {
    TRY(const auto words, words_of(system.protocol, bytes, office.zone(), CameBy::itself));
    const auto id = metering::request_of(words.transaction);
    const auto request = id ? HeadEndRows(office.database()).find(*id) : std::nullopt;
    // What another head-end was asked is nobody's business here.
    if (!request || request->system != system.name) {
        const std::string transaction =
            words.transaction.empty() ? "without a transaction"
                                      : formats::ascii_columns(words.transaction.substr(0, 60));
        const std::vector<worklist::WorkItem> items = {
            item_of(office, "unasked", system.name + "|" + transaction,
                    worklist::tell("told.head_end.unasked",
                                   {{"subject", formats::ascii_columns(words.subject)},
                                    {"system", system.name},
                                    {"request", transaction}}),
                    worklist::tell("told.head_end.unasked.next"))};
        storage::with_retries([&] {
            storage::Transaction kept(office.database(), office.business_date());
            (void)office.work().open(items);
            kept.commit();
        });
        return Error(errors::head_end_answer_unasked, {{"transaction", transaction}});
    }
    TRY(auto outcome,
        settle(office, *id, {system.protocol, words.answer, bytes, name, system.name}));
    outcome.subject = words.subject;
    return outcome;
}

Result<HeadEndOutcome> receive_file(Office& office, const std::string& name,
                                    const std::string& path) {
    TRY_DONE(authorize(office, access::permissions::file_import));
    TRY(const auto settings, read_head_end_settings(office));
    const HeadEndSystem* system = name.empty() ? &settings.systems.front() : settings.find(name);
    if (system == nullptr) return system_unknown(name, settings);
    TRY(const std::string bytes, read_file(path));
    return receive_answer(office, *system, bytes, std::filesystem::path(path).filename().string());
}

bool head_end_is_due(Office& office) {
    return !HeadEndRows(office.database()).due(now_of(office), 1).empty();
}

Result<HeadEndPoll> poll_head_end(Office& office) {
    TRY(const auto settings, read_head_end_settings(office));
    HeadEndPoll poll;
    HeadEndRows rows(office.database());
    for (const HeadEndRequest& due : rows.due(now_of(office), most_due)) {
        const HeadEndSystem* system = settings.find(due.system);
        // Without its settings a request is not sent again, but its time ends.
        const metering::HeadEndPatience patience =
            system == nullptr ? metering::HeadEndPatience{60, 900, 0} : system->patience;
        std::optional<HeadEndRequest> to_send;
        storage::with_retries([&] {
            to_send.reset();
            storage::Transaction transaction(office.database(), office.business_date());
            const auto request = rows.find(due.id);
            const Instant now = now_of(office);
            const HeadEndStep step = pass_time(*request, patience, now);
            if (step.event == HeadEndEvent::nothing) return;
            rows.put(step.request, change_of(step, now, office.actor().name));
            (void)office.work().open(items_of(office, step));
            transaction.commit();
            if (step.event == HeadEndEvent::sent_again) to_send = step.request;
        });
        const auto after = rows.find(due.id);
        if (to_send) {
            ++poll.sent_again;
            TRY_DONE(deliver(office, *system, *to_send));
        } else if (after->state == HeadEndState::timed_out) {
            ++poll.timed_out;
        } else if (system == nullptr) {
            ++poll.open;
        }
    }
    return poll;
}

}  // namespace watthour::app
