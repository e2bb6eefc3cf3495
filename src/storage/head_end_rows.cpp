// SPDX-License-Identifier: Apache-2.0
#include "storage/head_end_rows.hpp"

#include "storage/dialect.hpp"

namespace watthour::storage {
namespace {

using metering::HeadEndChange;
using metering::HeadEndFilter;
using metering::HeadEndKind;
using metering::HeadEndRequest;
using metering::HeadEndRequestId;
using metering::HeadEndState;

const Query insert_request(
    "INSERT INTO head_end_requests (meter_id, request_id, kind, serial, channel_id, system, state, "
    "attempts, changes, asked_at, sent_at, next_at, expires_at, answered_at, result, asked_by, "
    "why) VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12, $13, $14, $15, $16, $17)");
const Query update_request(
    "UPDATE head_end_requests SET state = $3, attempts = $4, changes = $5, sent_at = $6, "
    "next_at = $7, answered_at = $8, result = $9 WHERE meter_id = $1 AND request_id = $2");
const Query insert_change(
    "INSERT INTO head_end_changes (meter_id, request_id, change_number, changed_at, event, note, "
    "changed_by, recorded_on) VALUES ($1, $2, $3, $4, $5, $6, $7, $8)");
constexpr const char* columns =
    "SELECT meter_id, request_id, kind, serial, channel_id, system, state, attempts, changes, "
    "asked_at, sent_at, next_at, expires_at, answered_at, result, asked_by, why "
    "FROM head_end_requests WHERE ";
const Query select_one(columns, "request_id = $1");
const Query select_due(columns,
                       "state IN ('sent', 'acknowledged') AND next_at <= $1 "
                       "ORDER BY next_at, request_id LIMIT $2");
const Query select_open(columns,
                        "meter_id = $1 AND kind = $2 AND state IN ('sent', 'acknowledged') "
                        "ORDER BY request_id LIMIT 1");
const Query select_list(columns,
                        "($1 = '' OR state = $1) AND ($2 = '' OR serial = $2) "
                        "AND (asked_at < $3 OR (asked_at = $3 AND request_id < $4)) "
                        "ORDER BY asked_at DESC, request_id DESC LIMIT $5");
const Query select_since(columns, "asked_at >= $1 ORDER BY asked_at, request_id");
const Query count_requests("SELECT count(*) FROM head_end_requests WHERE meter_id = $1");
const Query select_changes(
    "SELECT change_number, changed_at, event, note, changed_by FROM head_end_changes "
    "WHERE meter_id = $1 AND request_id = $2 ORDER BY change_number");

HeadEndRequest request_row(const Statement& row) {
    HeadEndRequest r;
    r.meter = {row.integer(0)};
    r.id = {row.integer(1)};
    r.kind = metering::head_end_kind_of(row.text_view(2)).value_or(HeadEndKind::ping);
    r.serial = row.text(3);
    r.channel = {row.integer(4)};
    r.system = row.text(5);
    r.state = metering::head_end_state_of(row.text_view(6)).value_or(HeadEndState::failed);
    r.attempts = static_cast<int>(row.integer(7));
    r.changes = row.integer(8);
    r.asked_at = {row.integer(9)};
    r.sent_at = {row.integer(10)};
    r.next_at = {row.integer(11)};
    r.expires_at = {row.integer(12)};
    if (row.integer(13) != 0) r.answered_at = Instant{row.integer(13)};
    r.result = row.text(14);
    r.by = row.text(15);
    r.why = row.text(16);
    return r;
}

std::optional<HeadEndRequest> one_of(Statement& select) {
    if (!select.step()) return std::nullopt;
    return request_row(select);
}

std::vector<HeadEndRequest> all_of(Statement& select) {
    std::vector<HeadEndRequest> found;
    while (select.step()) found.push_back(request_row(select));
    return found;
}

}  // namespace

void HeadEndRows::add_change(const HeadEndRequest& request, const HeadEndChange& change) {
    database_.prepare(insert_change)
        .bind(1, request.meter.value)
        .bind(2, request.id.value)
        .bind(3, request.changes + 1)
        .bind(4, change.at.seconds)
        .bind(5, to_text(change.event))
        .bind(6, change.note)
        .bind(7, change.by)
        .bind(8, database_.recorded_on())
        .run();
}

void HeadEndRows::add(const HeadEndRequest& request, const HeadEndChange& change) {
    database_.prepare(insert_request)
        .bind(1, request.meter.value)
        .bind(2, request.id.value)
        .bind(3, to_text(request.kind))
        .bind(4, request.serial)
        .bind(5, request.channel.value)
        .bind(6, request.system)
        .bind(7, to_text(request.state))
        .bind(8, std::int64_t{request.attempts})
        .bind(9, request.changes + 1)
        .bind(10, request.asked_at.seconds)
        .bind(11, request.sent_at.seconds)
        .bind(12, request.next_at.seconds)
        .bind(13, request.expires_at.seconds)
        .bind(14, request.answered_at ? request.answered_at->seconds : std::int64_t{0})
        .bind(15, request.result)
        .bind(16, request.by)
        .bind(17, request.why)
        .run();
    add_change(request, change);
}

void HeadEndRows::put(const HeadEndRequest& request, const HeadEndChange& change) {
    // The number of the change tells when another was faster; it comes first.
    add_change(request, change);
    database_.prepare(update_request)
        .bind(1, request.meter.value)
        .bind(2, request.id.value)
        .bind(3, to_text(request.state))
        .bind(4, std::int64_t{request.attempts})
        .bind(5, request.changes + 1)
        .bind(6, request.sent_at.seconds)
        .bind(7, request.next_at.seconds)
        .bind(8, request.answered_at ? request.answered_at->seconds : std::int64_t{0})
        .bind(9, request.result)
        .run();
}

std::optional<HeadEndRequest> HeadEndRows::find(HeadEndRequestId id) {
    Statement select = database_.prepare(select_one);
    select.bind(1, id.value);
    return one_of(select);
}

std::vector<HeadEndRequest> HeadEndRows::due(Instant now, std::size_t most) {
    Statement select = database_.prepare(select_due);
    select.bind(1, now.seconds).bind(2, static_cast<std::int64_t>(most));
    return all_of(select);
}

std::vector<HeadEndRequest> HeadEndRows::since(Instant from) {
    Statement select = database_.prepare(select_since);
    select.bind(1, from.seconds);
    return all_of(select);
}

std::vector<HeadEndRequest> HeadEndRows::list(const HeadEndFilter& filter) {
    std::int64_t asked_at = INT64_MAX;
    if (filter.before.value != 0) {
        const auto last = find(filter.before);
        if (!last) return {};
        asked_at = last->asked_at.seconds;
    }
    Statement select = database_.prepare(select_list);
    select.bind(1, filter.state ? to_text(*filter.state) : std::string_view(""))
        .bind(2, filter.serial)
        .bind(3, asked_at)
        .bind(4, filter.before.value)
        .bind(5, static_cast<std::int64_t>(filter.most));
    return all_of(select);
}

std::optional<HeadEndRequest> HeadEndRows::open_of(metering::MeterId meter, HeadEndKind kind) {
    Statement select = database_.prepare(select_open);
    select.bind(1, meter.value).bind(2, to_text(kind));
    return one_of(select);
}

std::int64_t HeadEndRows::count_of(metering::MeterId meter) {
    Statement select = database_.prepare(count_requests);
    select.bind(1, meter.value);
    return select.step() ? select.integer(0) : 0;
}

std::vector<HeadEndChange> HeadEndRows::changes(HeadEndRequestId id) {
    std::vector<HeadEndChange> found;
    const auto request = find(id);
    if (!request) return found;
    Statement select = database_.prepare(select_changes);
    select.bind(1, request->meter.value).bind(2, id.value);
    while (select.step()) {
        found.push_back({id, select.integer(0), Instant{select.integer(1)},
                         metering::head_end_event_of(select.text_view(2))
                             .value_or(metering::HeadEndEvent::nothing),
                         select.text(3), select.text(4)});
    }
    return found;
}

}  // namespace watthour::storage
