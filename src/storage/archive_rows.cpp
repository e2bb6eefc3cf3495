// SPDX-License-Identifier: Apache-2.0
#include "storage/archive_rows.hpp"

#include "metering/day_sums.hpp"

namespace watthour::storage {
namespace {

const Query select_before(
    "SELECT b.channel_id, b.month, m.serial, c.code, b.block, s.days FROM interval_blocks b "
    "JOIN channels c ON c.channel_id = b.channel_id JOIN meters m ON m.meter_id = c.meter_id "
    "LEFT JOIN interval_sums s ON s.channel_id = b.channel_id AND s.month = b.month "
    "WHERE b.month < $1 AND (b.channel_id > $2 OR (b.channel_id = $2 AND b.month > $3)) "
    "ORDER BY b.channel_id, b.month LIMIT $4");
const Query select_first_billed(
    "SELECT c.channel_id, MIN(s.period_from) FROM bill_segments s "
    "JOIN service_agreements a ON a.account_id = s.account_id AND a.agreement_id = s.agreement_id "
    "AND a.superseded_on = '9999-12-31' JOIN meter_installations i "
    "ON i.service_point_id = a.service_point_id AND i.superseded_on = '9999-12-31' "
    "JOIN channels c ON c.meter_id = i.meter_id WHERE s.period_until > $1 "
    "GROUP BY c.channel_id ORDER BY c.channel_id");
const Query delete_block(
    "DELETE FROM interval_blocks WHERE channel_id = $1 AND month = $2 AND block = $3");
const Query delete_sums("DELETE FROM interval_sums WHERE channel_id = $1 AND month = $2");
const Query insert_block(
    "INSERT INTO interval_blocks (channel_id, month, block) VALUES ($1, $2, $3) "
    "ON CONFLICT (channel_id, month) DO NOTHING");
const Query insert_sums(
    "INSERT INTO interval_sums (channel_id, month, wh, not_counted, days) "
    "VALUES ($1, $2, $3, $4, $5) ON CONFLICT (channel_id, month) DO NOTHING");

}  // namespace

std::vector<ArchivedBlock> ArchiveRows::before(Date before, metering::ChannelId after,
                                               Date after_month, std::size_t most) {
    std::vector<ArchivedBlock> blocks;
    Statement select = database_.prepare(select_before);
    select.bind(1, before)
        .bind(2, after.value)
        .bind(3, after_month)
        .bind(4, static_cast<std::int64_t>(most));
    while (select.step()) {
        blocks.push_back({{select.integer(0)},
                          select.text(2),
                          select.text(3),
                          select.date(1),
                          std::string(select.bytes(4)),
                          select.is_null(5) ? std::string() : std::string(select.bytes(5))});
    }
    return blocks;
}

std::map<metering::ChannelId, Date> ArchiveRows::first_billed(Date since) {
    std::map<metering::ChannelId, Date> first;
    Statement select = database_.prepare(select_first_billed);
    select.bind(1, since);
    while (select.step()) first.emplace(metering::ChannelId{select.integer(0)}, select.date(1));
    return first;
}

std::int64_t ArchiveRows::remove(const std::vector<ArchivedBlock>& blocks) {
    std::int64_t removed = 0;
    Statement block = database_.prepare(delete_block);
    Statement sums = database_.prepare(delete_sums);
    for (const ArchivedBlock& b : blocks) {
        block.bind(1, b.channel.value).bind(2, b.month).bind_bytes(3, b.block);
        // Changed meanwhile: what was written out is not what stands; the next run takes it.
        if (block.run() == 0) continue;
        sums.bind(1, b.channel.value).bind(2, b.month);
        sums.run();
        ++removed;
    }
    return removed;
}

std::int64_t ArchiveRows::restore(const std::vector<ArchivedBlock>& blocks) {
    std::int64_t restored = 0;
    Statement block = database_.prepare(insert_block);
    Statement sums = database_.prepare(insert_sums);
    for (const ArchivedBlock& b : blocks) {
        block.bind(1, b.channel.value).bind(2, b.month).bind_bytes(3, b.block);
        if (!block.run_unless_taken()) continue;
        ++restored;
        if (b.sums.empty()) continue;
        const auto stated = metering::decode_sums(b.sums, b.month);
        WH_CHECK(stated.has_value(), "sums of an archive were tested before");
        std::int64_t wh = 0;
        std::int64_t not_counted = 0;
        for (const auto& day : stated->days) {
            wh += day.wh;
            not_counted += day.not_counted;
        }
        sums.bind(1, b.channel.value)
            .bind(2, b.month)
            .bind(3, wh)
            .bind(4, not_counted)
            .bind_bytes(5, b.sums);
        sums.run();
    }
    return restored;
}

}  // namespace watthour::storage
