// SPDX-License-Identifier: Apache-2.0
#include "storage/meter_shop_rows.hpp"

#include "storage/dialect.hpp"

#include <algorithm>
#include <map>

namespace watthour::storage {
namespace {

using metering::CommentId;
using metering::InventoryRow;
using metering::KnownInstallation;
using metering::Meter;
using metering::MeterComment;
using metering::MeterDetails;
using metering::MeterId;
using metering::MeterTest;
using metering::SealEvent;
using metering::StateChange;
using metering::StockState;
using service::ServicePointId;

const Query select_meter(
    "SELECT m.meter_id, m.serial, m.dials, m.multiplier, m.make FROM meter_serials s "
    "JOIN meters m ON m.meter_id = s.meter_id WHERE s.serial = $1");
const Query select_channels(
    "SELECT channel_id, meter_id, code, interval_minutes FROM channels WHERE meter_id = $1 "
    "ORDER BY code");
const Query insert_details(
    "INSERT INTO meter_details (meter_id, active_from, version, active_until, maker, model, form, "
    "dials, decimals, ct_ratio, pt_ratio, register_constant, multiplier, program, tou_program, "
    "recorded_on, superseded_on) "
    "VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12, $13, $14, $15, $16, $17)");
const Query supersede_details(
    "UPDATE meter_details SET superseded_on = $1 WHERE meter_id = $2 AND active_from = $3 "
    "AND superseded_on = '9999-12-31'");
const Query last_details_version(
    "SELECT COALESCE(max(version), 0) FROM meter_details WHERE meter_id = $1 "
    "AND active_from = $2");
const Query select_details(
    "SELECT meter_id, active_from, active_until, maker, model, form, dials, decimals, ct_ratio, "
    "pt_ratio, register_constant, multiplier, program, tou_program FROM meter_details "
    "WHERE meter_id = $1 AND recorded_on <= $2 AND superseded_on > $2 ORDER BY active_from");
const Query select_believed(
    "SELECT d.meter_id, d.active_from, d.active_until, d.maker, d.model, d.form, d.dials, "
    "d.decimals, d.ct_ratio, d.pt_ratio, d.register_constant, d.multiplier, d.program, "
    "d.tou_program, m.serial FROM meter_details d JOIN meters m ON m.meter_id = d.meter_id "
    "WHERE d.superseded_on = '9999-12-31' ORDER BY m.serial, d.active_from");
const Query select_faces(
    "SELECT m.serial, COALESCE(d.active_from, '1900-01-01'), "
    "COALESCE(d.active_until, '9999-12-31'), COALESCE(d.dials, m.dials), COALESCE(d.decimals, 0) "
    "FROM meters m LEFT JOIN meter_details d ON d.meter_id = m.meter_id "
    "AND d.superseded_on = '9999-12-31' ORDER BY m.serial, d.active_from");
const Query insert_state(
    "INSERT INTO meter_states (meter_id, state_number, state, since, why, changed_by, recorded_on) "
    "VALUES ($1, $2, $3, $4, $5, $6, $7)");
const Query select_states(
    "SELECT meter_id, state_number, state, since, why, changed_by, recorded_on FROM meter_states "
    "WHERE meter_id = $1 ORDER BY state_number");
const Query select_states_of(
    "SELECT meter_id, state, since FROM meter_states WHERE meter_id IN ${IDS} "
    "ORDER BY meter_id, state_number");
const Query insert_test(
    "INSERT INTO meter_tests (meter_id, test_number, tested_on, standard, tester, method, "
    "full_load, light_load, power_factor, average, limits, verdict, recorded_by, recorded_on) "
    "VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12, $13, $14)");
const Query select_tests(
    "SELECT meter_id, test_number, tested_on, standard, tester, method, full_load, light_load, "
    "power_factor, average, limits, verdict, recorded_by, recorded_on FROM meter_tests "
    "WHERE meter_id = $1 ORDER BY test_number");
const Query insert_seal(
    "INSERT INTO meter_seals (meter_id, event_number, seal, event, happened_on, why, recorded_by, "
    "recorded_on) VALUES ($1, $2, $3, $4, $5, $6, $7, $8)");
const Query select_seals(
    "SELECT meter_id, event_number, seal, event, happened_on, why, recorded_by, recorded_on "
    "FROM meter_seals WHERE meter_id = $1 ORDER BY event_number");
constexpr const char* comment_columns =
    "SELECT comment_id, service_point_id, meter_id, kind, text, active_from, active_until, "
    "written_by, recorded_on FROM meter_comments WHERE recorded_on <= $2 AND superseded_on > $2 "
    "AND ";
const Query select_comments_of_meter(comment_columns,
                                     "meter_id = $1 ORDER BY active_from, comment_id");
const Query select_comments_of_point(comment_columns,
                                     "service_point_id = $1 ORDER BY active_from, comment_id");
const Query select_comment(comment_columns, "comment_id = $1");
const Query last_comment_version(
    "SELECT COALESCE(max(version), 0) FROM meter_comments WHERE comment_id = $1");
const Query supersede_comment(
    "UPDATE meter_comments SET superseded_on = $1 WHERE comment_id = $2 "
    "AND superseded_on = '9999-12-31'");
const Query insert_comment(
    "INSERT INTO meter_comments (comment_id, version, service_point_id, meter_id, kind, text, "
    "active_from, active_until, written_by, recorded_on, superseded_on) "
    "VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11)");
const Query select_installations(
    "SELECT service_point_id, meter_id, active_from, active_until, set_read, removal_read, role, "
    "version, recorded_on, superseded_on FROM meter_installations WHERE meter_id = $1 "
    "ORDER BY active_from, service_point_id, version");
const Query last_installation_version(
    "SELECT COALESCE(max(version), 0) FROM meter_installations WHERE service_point_id = $1 "
    "AND meter_id = $2 AND active_from = $3");
const Query supersede_installation(
    "UPDATE meter_installations SET superseded_on = $1 WHERE service_point_id = $2 "
    "AND meter_id = $3 AND active_from = $4 AND superseded_on = '9999-12-31'");
const Query insert_installation(
    "INSERT INTO meter_installations (service_point_id, meter_id, active_from, active_until, "
    "set_read, removal_read, version, recorded_on, superseded_on, role) "
    "VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10)");
const Query select_meters(
    "SELECT m.meter_id, m.serial, m.dials, m.multiplier, m.make FROM meter_serials s "
    "JOIN meters m ON m.meter_id = s.meter_id WHERE s.serial > $1 ORDER BY s.serial LIMIT $2");
const Query select_hanging(
    "SELECT meter_id, service_point_id, active_from, active_until FROM meter_installations "
    "WHERE meter_id IN ${IDS} AND superseded_on = '9999-12-31' ORDER BY meter_id, active_from");
const Query select_details_of(
    "SELECT meter_id, active_from, active_until, maker, model, form, dials, decimals, ct_ratio, "
    "pt_ratio, register_constant, multiplier, program, tou_program FROM meter_details "
    "WHERE meter_id IN ${IDS} AND superseded_on = '9999-12-31' ORDER BY meter_id, active_from");
const Query select_billed(
    "SELECT b.bill_number, s.period_from, s.period_until FROM service_agreements a "
    "JOIN bill_segments s ON s.account_id = a.account_id AND s.agreement_id = a.agreement_id "
    "JOIN bills b ON b.account_id = s.account_id AND b.bill_id = s.bill_id "
    "WHERE a.service_point_id = $1 AND a.superseded_on = '9999-12-31' AND s.period_until > $2 "
    "ORDER BY s.period_from, b.bill_number");
const Query select_served(
    "SELECT account_id FROM service_agreements WHERE service_point_id = $1 "
    "AND superseded_on = '9999-12-31' AND active_from <= $2 AND active_until > $2 "
    "ORDER BY account_id");
const Query select_corrections(
    "SELECT channel_id, start_utc, old_wh, new_wh, old_status, new_status, why, file_id "
    "FROM interval_corrections WHERE channel_id = $1 ORDER BY start_utc, version");

MeterDetails details_row(const Statement& row) {
    MeterDetails d;
    d.meter = {row.integer(0)};
    d.active = {row.date(1), row.date(2)};
    d.maker = row.text(3);
    d.model = row.text(4);
    d.form = row.text(5);
    d.dials = static_cast<int>(row.integer(6));
    d.decimals = static_cast<int>(row.integer(7));
    d.ct_ratio = row.text(8);
    d.pt_ratio = row.text(9);
    d.register_constant = *Decimal::parse(row.text_view(10));
    d.multiplier = *Decimal::parse(row.text_view(11));
    d.program = row.text(12);
    d.tou_program = row.text(13);
    return d;
}

template <class Insert>
Insert& bind_details(Insert& insert, const MeterDetails& d, std::int64_t version,
                     Date recorded_on) {
    insert.bind(1, d.meter.value)
        .bind(2, d.active.from)
        .bind(3, version)
        .bind(4, d.active.until)
        .bind(5, d.maker)
        .bind(6, d.model)
        .bind(7, d.form)
        .bind(8, std::int64_t{d.dials})
        .bind(9, std::int64_t{d.decimals})
        .bind(10, d.ct_ratio)
        .bind(11, d.pt_ratio)
        .bind(12, d.register_constant.to_string())
        .bind(13, d.multiplier.to_string())
        .bind(14, d.program)
        .bind(15, d.tou_program)
        .bind(16, recorded_on)
        .bind(17, end_of_time);
    return insert;
}

Meter meter_row(const Statement& row) {
    Meter meter;
    meter.id = {row.integer(0)};
    meter.serial = row.text(1);
    meter.dials = static_cast<int>(row.integer(2));
    meter.multiplier = *Decimal::parse(row.text_view(3));
    meter.make = row.text(4);
    return meter;
}

/// What `meters` says of a meter that has no details of its own.
MeterDetails plain_details(const Meter& meter) {
    MeterDetails d;
    d.meter = meter.id;
    d.active = {Date::ymd(1, 1, 1), end_of_time};
    d.maker = meter.make;
    d.dials = meter.dials;
    d.register_constant = meter.multiplier;
    d.multiplier = meter.multiplier;
    return d;
}

std::string text_or_none(const std::optional<Decimal>& number) {
    return number ? number->to_string() : std::string();
}

std::optional<Decimal> number_or_none(std::string_view text) {
    if (text.empty()) return std::nullopt;
    return *Decimal::parse(text);
}

/// The last number of a meter and one more; the key decides where two write at once.
template <class Rows>
std::int64_t next_number(const Rows& rows) {
    return rows.empty() ? 1 : rows.back().number + 1;
}

}  // namespace

std::optional<Meter> MeterShopRows::find(const std::string& serial) {
    Statement select = database_.prepare(select_meter);
    select.bind(1, serial);
    if (!select.step()) return std::nullopt;
    return meter_row(select);
}

std::vector<metering::Channel> MeterShopRows::channels(MeterId meter) {
    std::vector<metering::Channel> found;
    Statement select = database_.prepare(select_channels);
    select.bind(1, meter.value);
    while (select.step()) {
        found.push_back({{select.integer(0)},
                         {select.integer(1)},
                         select.text(2),
                         static_cast<int>(select.integer(3))});
    }
    return found;
}

void MeterShopRows::add(const std::vector<MeterDetails>& details) {
    const Date recorded_on = database_.recorded_on();
    Bulk insert = database_.bulk(insert_details);
    for (const MeterDetails& d : details) bind_details(insert, d, 1, recorded_on).run();
    insert.finish();
}

void MeterShopRows::supersede(MeterId meter, Date active_from,
                              const std::vector<MeterDetails>& instead) {
    const Date recorded_on = database_.recorded_on();
    database_.prepare(supersede_details)
        .bind(1, recorded_on)
        .bind(2, meter.value)
        .bind(3, active_from)
        .run();
    for (const MeterDetails& d : instead) {
        Statement last = database_.prepare(last_details_version);
        last.bind(1, meter.value).bind(2, d.active.from);
        const std::int64_t version = last.step() ? last.integer(0) + 1 : 1;
        last.reset();
        Statement insert = database_.prepare(insert_details);
        bind_details(insert, d, version, recorded_on).run();
    }
}

void MeterShopRows::add(const std::vector<StateChange>& changes) {
    std::map<std::int64_t, std::int64_t> numbers;
    for (const StateChange& c : changes) {
        if (c.number == 0 && !numbers.contains(c.meter.value)) {
            numbers[c.meter.value] = next_number(states(c.meter)) - 1;
        }
    }
    const Date recorded_on = database_.recorded_on();
    Bulk insert = database_.bulk(insert_state);
    for (const StateChange& c : changes) {
        insert.bind(1, c.meter.value)
            .bind(2, c.number != 0 ? c.number : ++numbers[c.meter.value])
            .bind(3, to_text(c.state))
            .bind(4, c.since)
            .bind(5, c.why)
            .bind(6, c.by)
            .bind(7, recorded_on)
            .run();
    }
    insert.finish();
}

void MeterShopRows::add(const MeterTest& test) {
    database_.prepare(insert_test)
        .bind(1, test.meter.value)
        .bind(2, next_number(tests(test.meter)))
        .bind(3, test.on)
        .bind(4, test.standard)
        .bind(5, test.tester)
        .bind(6, to_text(test.method))
        .bind(7, text_or_none(test.loads.full_load))
        .bind(8, text_or_none(test.loads.light_load))
        .bind(9, text_or_none(test.loads.power_factor))
        .bind(10, test.average.to_string())
        .bind(11, to_text(test.limits))
        .bind(12, to_text(test.verdict))
        .bind(13, test.by)
        .bind(14, database_.recorded_on())
        .run();
}

void MeterShopRows::add(const SealEvent& event) {
    database_.prepare(insert_seal)
        .bind(1, event.meter.value)
        .bind(2, next_number(seals(event.meter)))
        .bind(3, event.seal)
        .bind(4, event.event)
        .bind(5, event.on)
        .bind(6, event.why)
        .bind(7, event.by)
        .bind(8, database_.recorded_on())
        .run();
}

void MeterShopRows::put(const MeterComment& comment) {
    database_.prepare(supersede_comment)
        .bind(1, database_.recorded_on())
        .bind(2, comment.id.value)
        .run();
    Statement last = database_.prepare(last_comment_version);
    last.bind(1, comment.id.value);
    const std::int64_t version = last.step() ? last.integer(0) + 1 : 1;
    last.reset();
    database_.prepare(insert_comment)
        .bind(1, comment.id.value)
        .bind(2, version)
        .bind(3, comment.point.value)
        .bind(4, comment.meter.value)
        .bind(5, comment.kind)
        .bind(6, comment.text)
        .bind(7, comment.active.from)
        .bind(8, comment.active.until)
        .bind(9, comment.by)
        .bind(10, database_.recorded_on())
        .bind(11, end_of_time)
        .run();
}

std::vector<MeterDetails> MeterShopRows::details(MeterId meter, Date known_on) {
    std::vector<MeterDetails> found;
    Statement select = database_.prepare(select_details);
    select.bind(1, meter.value).bind(2, known_on);
    while (select.step()) found.push_back(details_row(select));
    return found;
}

std::vector<StateChange> MeterShopRows::states(MeterId meter) {
    std::vector<StateChange> found;
    Statement select = database_.prepare(select_states);
    select.bind(1, meter.value);
    while (select.step()) {
        found.push_back(
            {{select.integer(0)},
             select.integer(1),
             metering::stock_state_of(select.text_view(2)).value_or(StockState::quarantined),
             select.date(3),
             select.text(4),
             select.text(5),
             select.date(6)});
    }
    return found;
}

std::vector<MeterTest> MeterShopRows::tests(MeterId meter) {
    std::vector<MeterTest> found;
    Statement select = database_.prepare(select_tests);
    select.bind(1, meter.value);
    while (select.step()) {
        MeterTest test;
        test.meter = {select.integer(0)};
        test.number = select.integer(1);
        test.on = select.date(2);
        test.standard = select.text(3);
        test.tester = select.text(4);
        test.method = *metering::test_method_of(select.text_view(5));
        test.loads = {number_or_none(select.text_view(6)), number_or_none(select.text_view(7)),
                      number_or_none(select.text_view(8))};
        test.average = *Decimal::parse(select.text_view(9));
        test.limits = *metering::test_limits_of(select.text_view(10));
        test.verdict = *metering::verdict_of(select.text_view(11));
        test.by = select.text(12);
        test.recorded_on = select.date(13);
        found.push_back(std::move(test));
    }
    return found;
}

std::vector<SealEvent> MeterShopRows::seals(MeterId meter) {
    std::vector<SealEvent> found;
    Statement select = database_.prepare(select_seals);
    select.bind(1, meter.value);
    while (select.step()) {
        found.push_back({{select.integer(0)},
                         select.integer(1),
                         select.text(2),
                         select.text(3),
                         select.date(4),
                         select.text(5),
                         select.text(6),
                         select.date(7)});
    }
    return found;
}

std::vector<MeterComment> MeterShopRows::comments_by(const Query& query, std::int64_t id,
                                                     Date known_on) {
    std::vector<MeterComment> found;
    Statement select = database_.prepare(query);
    select.bind(1, id).bind(2, known_on);
    while (select.step()) {
        found.push_back({{select.integer(0)},
                         {select.integer(1)},
                         {select.integer(2)},
                         select.text(3),
                         select.text(4),
                         {select.date(5), select.date(6)},
                         select.text(7),
                         select.date(8)});
    }
    return found;
}

std::vector<MeterComment> MeterShopRows::comments(MeterId meter, Date known_on) {
    return comments_by(select_comments_of_meter, meter.value, known_on);
}

std::vector<MeterComment> MeterShopRows::comments(ServicePointId point, Date known_on) {
    return comments_by(select_comments_of_point, point.value, known_on);
}

std::optional<MeterComment> MeterShopRows::comment(CommentId id) {
    auto found = comments_by(select_comment, id.value, service::now_known);
    if (found.empty()) return std::nullopt;
    return std::move(found.front());
}

std::vector<KnownInstallation> MeterShopRows::installations(MeterId meter) {
    std::vector<KnownInstallation> found;
    Statement select = database_.prepare(select_installations);
    select.bind(1, meter.value);
    while (select.step()) {
        KnownInstallation known;
        known.installation.service_point = {select.integer(0)};
        known.installation.meter = {select.integer(1)};
        known.installation.active = {select.date(2), select.date(3)};
        known.installation.set_read = select.text(4);
        known.installation.removal_read = select.text(5);
        known.installation.role = metering::role_of(select.text_view(6));
        known.version = select.integer(7);
        known.recorded_on = select.date(8);
        known.superseded_on = select.date(9);
        found.push_back(std::move(known));
    }
    return found;
}

void MeterShopRows::put(const metering::MeterInstallation& installation) {
    database_.prepare(supersede_installation)
        .bind(1, database_.recorded_on())
        .bind(2, installation.service_point.value)
        .bind(3, installation.meter.value)
        .bind(4, installation.active.from)
        .run();
    Statement last = database_.prepare(last_installation_version);
    last.bind(1, installation.service_point.value)
        .bind(2, installation.meter.value)
        .bind(3, installation.active.from);
    const std::int64_t version = last.step() ? last.integer(0) + 1 : 1;
    last.reset();
    database_.prepare(insert_installation)
        .bind(1, installation.service_point.value)
        .bind(2, installation.meter.value)
        .bind(3, installation.active.from)
        .bind(4, installation.active.until)
        .bind(5, installation.set_read)
        .bind(6, installation.removal_read)
        .bind(7, version)
        .bind(8, database_.recorded_on())
        .bind(9, end_of_time)
        .bind(10, to_text(installation.role))
        .run();
}

std::vector<InventoryRow> MeterShopRows::inventory_after(const std::string& after,
                                                         std::size_t most) {
    std::vector<InventoryRow> rows;
    std::vector<MeterId> ids;
    std::map<MeterId, std::size_t> places;
    Statement meters = database_.prepare(select_meters);
    meters.bind(1, after).bind(2, static_cast<std::int64_t>(most));
    while (meters.step()) {
        InventoryRow row;
        row.meter = meter_row(meters);
        row.details = plain_details(row.meter);
        places[row.meter.id] = rows.size();
        ids.push_back(row.meter.id);
        rows.push_back(std::move(row));
    }
    if (rows.empty()) return rows;
    Statement hanging = database_.prepare(select_hanging);
    hanging.bind(1, id_list(ids));
    while (hanging.step()) {
        InventoryRow& row = rows[places.at({hanging.integer(0)})];
        const bool hangs = hanging.date(3) == end_of_time;
        row.point = hangs ? ServicePointId{hanging.integer(1)} : ServicePointId{};
        row.state = hangs ? StockState::in_service : StockState::removed;
        row.since = hangs ? hanging.date(2) : hanging.date(3);
    }
    Statement states = database_.prepare(select_states_of);
    states.bind(1, id_list(ids));
    while (states.step()) {
        InventoryRow& row = rows[places.at({states.integer(0)})];
        row.state = metering::stock_state_of(states.text_view(1)).value_or(StockState::quarantined);
        row.since = states.date(2);
    }
    Statement details = database_.prepare(select_details_of);
    details.bind(1, id_list(ids));
    while (details.step()) rows[places.at({details.integer(0)})].details = details_row(details);
    return rows;
}

std::vector<InventoryRow> MeterShopRows::inventory(std::optional<StockState> state,
                                                   const std::string& after, std::size_t most) {
    constexpr std::size_t at_once = 2000;
    std::vector<InventoryRow> rows;
    std::string last = after;
    for (;;) {
        const std::size_t wanted = state ? at_once : std::min(at_once, most - rows.size());
        auto more = inventory_after(last, wanted);
        const bool complete = more.size() < wanted;
        if (!more.empty()) last = more.back().meter.serial;
        for (InventoryRow& row : more) {
            if (rows.size() == most) return rows;
            if (!state || row.state == *state) rows.push_back(std::move(row));
        }
        if (complete || rows.size() == most) return rows;
    }
}

std::vector<metering::BilledDays> MeterShopRows::billed_after(ServicePointId point, Date day) {
    std::vector<metering::BilledDays> found;
    Statement select = database_.prepare(select_billed);
    select.bind(1, point.value).bind(2, day);
    while (select.step()) {
        found.push_back({select.text(0), {select.date(1), select.date(2)}});
    }
    return found;
}

std::vector<customers::AccountId> MeterShopRows::served_at(ServicePointId point, Date day) {
    std::vector<customers::AccountId> accounts;
    Statement select = database_.prepare(select_served);
    select.bind(1, point.value).bind(2, day);
    while (select.step()) accounts.push_back({select.integer(0)});
    return accounts;
}

std::vector<metering::IntervalCorrection> MeterShopRows::corrections(metering::ChannelId channel) {
    std::vector<metering::IntervalCorrection> found;
    Statement select = database_.prepare(select_corrections);
    select.bind(1, channel.value);
    while (select.step()) {
        metering::IntervalCorrection correction;
        correction.channel = {select.integer(0)};
        correction.start = Instant{select.integer(1)};
        correction.old_wh = select.integer(2);
        correction.new_wh = select.integer(3);
        correction.old_status = select.text_view(4).front();
        correction.new_status = select.text_view(5).front();
        correction.why = select.text(6);
        correction.file = {select.integer(7)};
        found.push_back(std::move(correction));
    }
    return found;
}

std::vector<InventoryRow> MeterShopRows::believed_details() {
    std::vector<InventoryRow> rows;
    Statement select = database_.prepare(select_believed);
    while (select.step()) {
        InventoryRow row;
        row.details = details_row(select);
        row.meter.id = row.details.meter;
        row.meter.serial = select.text(14);
        rows.push_back(std::move(row));
    }
    return rows;
}

std::vector<metering::DialFace> MeterShopRows::dial_faces() {
    std::vector<metering::DialFace> faces;
    Statement select = database_.prepare(select_faces);
    while (select.step()) {
        faces.push_back({select.text(0),
                         {select.date(1), select.date(2)},
                         static_cast<int>(select.integer(3)),
                         static_cast<int>(select.integer(4))});
    }
    return faces;
}

}  // namespace watthour::storage
