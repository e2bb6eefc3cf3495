// SPDX-License-Identifier: Apache-2.0
#include "storage/event_rows.hpp"

#include "storage/dialect.hpp"

#include <algorithm>
#include <tuple>

namespace watthour::storage {
namespace {

using metering::MeterEvent;

const Query insert_event(
    "INSERT INTO meter_events (meter_id, happened_at, code, name, detail, file_id, line, "
    "recorded_on) VALUES ($1, $2, $3, $4, $5, $6, $7, $8) ON CONFLICT DO NOTHING");
constexpr const char* event_columns =
    "SELECT meter_id, happened_at, code, name, detail, file_id, line, recorded_on "
    "FROM meter_events ";
const Query select_of_meter(event_columns, "WHERE meter_id = $1 ORDER BY happened_at DESC, code");
const Query select_named(event_columns,
                         "WHERE name = $1 AND happened_at >= $2 ORDER BY meter_id, happened_at, "
                         "code");

const Query select_serials(
    "SELECT meter_id, serial FROM meters WHERE meter_id IN ${IDS} ORDER BY meter_id");
const Query select_broken_seals(
    "SELECT meter_id, event_number, seal, event, happened_on FROM meter_seals "
    "WHERE event IN ('broken', 'missing') AND happened_on >= $1 ORDER BY meter_id, event_number");

MeterEvent event_row(const Statement& row) {
    MeterEvent event;
    event.meter = {row.integer(0)};
    event.at = {row.integer(1)};
    event.code = row.text(2);
    event.name = row.text(3);
    event.detail = row.text(4);
    event.file = {row.integer(5)};
    event.line = row.integer(6);
    event.recorded_on = row.date(7);
    return event;
}

}  // namespace

std::int64_t EventRows::add(const std::vector<MeterEvent>& events) {
    if (events.empty()) return 0;
    const Date recorded_on = database_.recorded_on();
    Bulk insert = database_.bulk(insert_event);
    for (const MeterEvent& e : events) {
        insert.bind(1, e.meter.value)
            .bind(2, e.at.seconds)
            .bind(3, e.code)
            .bind(4, e.name)
            .bind(5, e.detail)
            .bind(6, e.file.value)
            .bind(7, e.line)
            .bind(8, recorded_on)
            .run();
    }
    return insert.finish();
}

std::vector<MeterEvent> EventRows::of_meter(metering::MeterId meter) {
    std::vector<MeterEvent> events;
    Statement select = database_.prepare(select_of_meter);
    select.bind(1, meter.value);
    while (select.step()) events.push_back(event_row(select));
    return events;
}

std::map<metering::MeterId, std::string> EventRows::serials(
    const std::vector<metering::MeterId>& meters) {
    std::map<metering::MeterId, std::string> found;
    Statement select = database_.prepare(select_serials);
    select.bind(1, id_list(meters));
    while (select.step()) found[{select.integer(0)}] = select.text(1);
    return found;
}

std::vector<metering::SealEvent> EventRows::broken_seals(Date since) {
    std::vector<metering::SealEvent> found;
    Statement select = database_.prepare(select_broken_seals);
    select.bind(1, since);
    while (select.step()) {
        metering::SealEvent seal;
        seal.meter = {select.integer(0)};
        seal.number = select.integer(1);
        seal.seal = select.text(2);
        seal.event = select.text(3);
        seal.on = select.date(4);
        found.push_back(std::move(seal));
    }
    return found;
}

std::vector<MeterEvent> EventRows::named(const std::vector<std::string>& names, Instant from) {
    std::vector<MeterEvent> events;
    for (const std::string& name : names) {
        Statement select = database_.prepare(select_named);
        select.bind(1, name).bind(2, from.seconds);
        while (select.step()) events.push_back(event_row(select));
    }
    std::sort(events.begin(), events.end(), [](const MeterEvent& a, const MeterEvent& b) {
        return std::tie(a.meter, a.at, a.code) < std::tie(b.meter, b.at, b.code);
    });
    return events;
}

}  // namespace watthour::storage
