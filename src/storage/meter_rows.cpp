// SPDX-License-Identifier: Apache-2.0
#include "storage/meter_rows.hpp"

#include "metering/meter_details.hpp"
#include "metering/read_versions.hpp"
#include "storage/dialect.hpp"

#include <algorithm>
#include <array>
#include <map>
#include <tuple>

namespace watthour::storage {
namespace {

using metering::Channel;
using metering::ChannelId;
using metering::InstalledMeter;
using metering::Read;

const Query insert_meter(
    "INSERT INTO meters (meter_id, serial, dials, multiplier, make) VALUES ($1, $2, $3, $4, $5)");
const Query insert_serial("INSERT INTO meter_serials (serial, meter_id) VALUES ($1, $2)");
const Query insert_channel(
    "INSERT INTO channels (channel_id, meter_id, code, interval_minutes) VALUES ($1, $2, $3, $4)");
const Query insert_installation(
    "INSERT INTO meter_installations (service_point_id, meter_id, active_from, active_until, "
    "set_read, removal_read, version, recorded_on, superseded_on, role) "
    "VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10)");
const Query select_addresses(
    "SELECT m.serial, c.code, c.channel_id, c.interval_minutes FROM meters m "
    "JOIN channels c ON c.meter_id = m.meter_id ORDER BY m.serial, c.code");
// The face of a register is that of the day its meter was set; an older database knows only what
// `meters` says.
const Query select_installed(
    "SELECT i.service_point_id, i.meter_id, i.active_from, i.active_until, i.set_read, "
    "i.removal_read, m.serial, COALESCE(d.dials, m.dials), COALESCE(d.multiplier, m.multiplier), "
    "CASE WHEN d.maker IS NULL THEN m.make WHEN d.model = '' THEN d.maker "
    "ELSE d.maker || ' ' || d.model END, COALESCE(d.decimals, 0), i.role "
    "FROM meter_installations i JOIN meters m ON m.meter_id = i.meter_id "
    "LEFT JOIN meter_details d ON d.meter_id = i.meter_id AND d.superseded_on = '9999-12-31' "
    "AND d.active_from <= i.active_from AND d.active_until > i.active_from "
    "WHERE i.service_point_id IN ${IDS} AND i.superseded_on = '9999-12-31' "
    "ORDER BY i.service_point_id, i.active_from, m.serial");
const Query select_channels(
    "SELECT channel_id, meter_id, code, interval_minutes FROM channels WHERE meter_id IN ${IDS} "
    "ORDER BY meter_id, code");
const Query select_versions(
    "SELECT channel_id, read_date, read_type, version, reading FROM register_reads "
    "WHERE channel_id IN ${IDS} AND read_date >= $2 AND read_date <= $3 ORDER BY version");
const Query insert_read(
    "INSERT INTO register_reads (channel_id, read_date, read_type, version, reading, file_id, "
    "line, read_second) VALUES ($1, $2, $3, $4, $5, $6, $7, $8)");
const Query select_reads(
    "SELECT channel_id, read_date, read_type, version, reading, file_id, line, read_second "
    "FROM register_reads "
    "WHERE channel_id IN ${IDS} AND read_date >= $2 AND read_date < $3 "
    "ORDER BY channel_id, read_date, read_type, version");
const Query select_validations(
    "SELECT channel_id, valid_until, taken_back FROM channel_validations ORDER BY channel_id");
const Query put_validation(
    "INSERT INTO channel_validations (channel_id, valid_until, taken_back) VALUES ($1, $2, 0) "
    "ON CONFLICT (channel_id) DO UPDATE SET valid_until = excluded.valid_until, taken_back = 0");
const Query select_validations_of(
    "SELECT channel_id, valid_until FROM channel_validations WHERE channel_id IN ${IDS}");
const Query take_back_validation(
    "UPDATE channel_validations SET valid_until = $2, taken_back = 1 WHERE channel_id = $1 "
    "AND valid_until > $2");
const Query select_first_months(
    "SELECT channel_id, MIN(month) FROM interval_blocks GROUP BY channel_id ORDER BY channel_id");

/// Each channel once, in order.
template <class Rows>
std::vector<ChannelId> channels_of(const Rows& rows) {
    std::vector<ChannelId> channels;
    for (const auto& row : rows) channels.push_back(row.channel);
    std::sort(channels.begin(), channels.end());
    channels.erase(std::unique(channels.begin(), channels.end()), channels.end());
    return channels;
}

}  // namespace

void MeterRows::add(const std::vector<metering::Meter>& meters,
                    const std::vector<Channel>& channels,
                    const std::vector<metering::MeterInstallation>& installations) {
    Bulk meter = database_.bulk(insert_meter);
    Bulk serial = database_.bulk(insert_serial);
    for (const auto& m : meters) {
        serial.bind(1, m.serial).bind(2, m.id.value).run();
        meter.bind(1, m.id.value)
            .bind(2, m.serial)
            .bind(3, std::int64_t{m.dials})
            .bind(4, m.multiplier.to_string())
            .bind(5, m.make)
            .run();
    }
    serial.finish();
    meter.finish();
    Bulk channel = database_.bulk(insert_channel);
    for (const Channel& c : channels) {
        channel.bind(1, c.id.value)
            .bind(2, c.meter.value)
            .bind(3, c.code)
            .bind(4, std::int64_t{c.interval_minutes})
            .run();
    }
    channel.finish();
    const Date recorded_on = database_.recorded_on();
    Bulk installation = database_.bulk(insert_installation);
    for (const auto& i : installations) {
        installation.bind(1, i.service_point.value)
            .bind(2, i.meter.value)
            .bind(3, i.active.from)
            .bind(4, i.active.until)
            .bind(5, i.set_read)
            .bind(6, i.removal_read)
            .bind(7, std::int64_t{1})
            .bind(8, recorded_on)
            .bind(9, end_of_time)
            .bind(10, to_text(i.role))
            .run();
    }
    installation.finish();
}

std::vector<metering::ChannelAddress> MeterRows::channel_addresses() {
    std::vector<metering::ChannelAddress> addresses;
    Statement select = database_.prepare(select_addresses);
    while (select.step()) {
        addresses.push_back({select.text(0),
                             select.text(1),
                             {select.integer(2)},
                             static_cast<int>(select.integer(3))});
    }
    return addresses;
}

std::vector<InstalledMeter> MeterRows::installed_at(
    const std::vector<service::ServicePointId>& points) {
    std::vector<InstalledMeter> installed;
    std::vector<metering::MeterId> meter_ids;
    Statement select = database_.prepare(select_installed);
    select.bind(1, id_list(points));
    while (select.step()) {
        InstalledMeter found;
        found.installation.service_point = {select.integer(0)};
        found.installation.meter = {select.integer(1)};
        found.installation.active = {select.date(2), select.date(3)};
        found.installation.set_read = select.text(4);
        found.installation.removal_read = select.text(5);
        found.meter.id = found.installation.meter;
        found.meter.serial = select.text(6);
        found.meter.dials = static_cast<int>(select.integer(7));
        found.meter.multiplier = *Decimal::parse(select.text_view(8));
        found.meter.make = select.text(9);
        found.meter.decimals = static_cast<int>(select.integer(10));
        found.installation.role = metering::role_of(select.text_view(11));
        meter_ids.push_back(found.meter.id);
        installed.push_back(std::move(found));
    }
    std::multimap<std::int64_t, Channel> channels;
    Statement of_meters = database_.prepare(select_channels);
    of_meters.bind(1, id_list(meter_ids));
    while (of_meters.step()) {
        channels.insert({of_meters.integer(1),
                         {{of_meters.integer(0)},
                          {of_meters.integer(1)},
                          of_meters.text(2),
                          static_cast<int>(of_meters.integer(3))}});
    }
    for (InstalledMeter& meter : installed) {
        const auto [begin, end] = channels.equal_range(meter.meter.id.value);
        for (auto at = begin; at != end; ++at) meter.channels.push_back(at->second);
    }
    return installed;
}

metering::ReadCounts MeterRows::add_reads(const std::vector<Read>& reads) {
    metering::ReadCounts counts;
    if (reads.empty()) return counts;
    struct Latest {
        std::int64_t version = 0;
        std::string reading;
    };
    std::map<std::tuple<ChannelId, Date, std::string>, Latest> latest;
    const auto by_date = [](const Read& a, const Read& b) { return a.date < b.date; };
    const auto [first, last] = std::minmax_element(reads.begin(), reads.end(), by_date);
    Statement select = database_.prepare(select_versions);
    select.bind(1, id_list(channels_of(reads))).bind(2, first->date).bind(3, last->date);
    while (select.step()) {
        latest[{ChannelId{select.integer(0)}, select.date(1), select.text(2)}] = {select.integer(3),
                                                                                  select.text(4)};
    }
    Bulk insert = database_.bulk(insert_read);
    for (const Read& read : reads) {
        Latest& known = latest[{read.channel, read.date, read.type}];
        if (known.version > 0 && known.reading == read.reading) {
            ++counts.same;
            continue;
        }
        ++(known.version == 0 ? counts.added : counts.different);
        known = {known.version + 1, read.reading};
        insert.bind(1, read.channel.value)
            .bind(2, read.date)
            .bind(3, read.type)
            .bind(4, known.version)
            .bind(5, read.reading)
            .bind(6, read.file.value)
            .bind(7, read.line)
            .bind(8, std::int64_t{read.second_of_day})
            .run();
    }
    insert.finish();
    return counts;
}

std::vector<Read> MeterRows::reads(const std::vector<ChannelId>& channels, DateRange dates) {
    std::vector<Read> versions;
    Statement select = database_.prepare(select_reads);
    select.bind(1, id_list(channels)).bind(2, dates.from).bind(3, dates.until);
    while (select.step()) {
        versions.push_back({{select.integer(0)},
                            select.date(1),
                            select.text(2),
                            select.text(4),
                            {select.integer(5)},
                            select.integer(6),
                            static_cast<std::int32_t>(select.integer(7))});
    }
    return metering::reads_that_count(std::move(versions));
}

std::vector<metering::ChannelValidation> MeterRows::validations() {
    std::vector<metering::ChannelValidation> all;
    Statement select = database_.prepare(select_validations);
    while (select.step()) {
        all.push_back({{select.integer(0)}, select.date(1), select.integer(2) != 0});
    }
    return all;
}

void MeterRows::put_validations(const std::vector<metering::ChannelValidation>& validations) {
    Bulk upsert = database_.bulk(put_validation);
    for (const auto& v : validations) upsert.bind(1, v.channel.value).bind(2, v.valid_until).run();
    upsert.finish();
}

void MeterRows::validate_anew(const std::vector<metering::ChannelValidation>& from) {
    // A night brings days after those that were validated: mostly there is nothing to take back.
    std::map<ChannelId, Date> validated;
    Statement select = database_.prepare(select_validations_of);
    select.bind(1, id_list(channels_of(from)));
    while (select.step()) validated[{select.integer(0)}] = select.date(1);
    Bulk update = database_.bulk(take_back_validation);
    for (const auto& v : from) {
        const auto found = validated.find(v.channel);
        if (found == validated.end() || found->second <= v.valid_until) continue;
        update.bind(1, v.channel.value).bind(2, v.valid_until).run();
    }
    update.finish();
}

std::vector<metering::ChannelValidation> MeterRows::first_months() {
    std::vector<metering::ChannelValidation> all;
    Statement select = database_.prepare(select_first_months);
    while (select.step()) all.push_back({{select.integer(0)}, select.date(1)});
    return all;
}

}  // namespace watthour::storage
