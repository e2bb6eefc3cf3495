// SPDX-License-Identifier: Apache-2.0
// Blocks of intervals, the sums beside them and their corrections.
#include "storage/dialect.hpp"
#include "storage/meter_rows.hpp"

#include <algorithm>
#include <map>

namespace watthour::storage {
namespace {

using metering::ChannelId;
using metering::MonthSums;
using metering::StoredBlock;
using BlockKey = std::pair<ChannelId, Date>;

const Query select_zone("SELECT time_zone FROM utility");
const Query select_blocks(
    "SELECT channel_id, month, block FROM interval_blocks "
    "WHERE channel_id IN ${IDS} AND month >= $2 AND month <= $3 ORDER BY channel_id, month");
const Query select_keys(
    "SELECT channel_id, month FROM interval_blocks "
    "WHERE channel_id IN ${IDS} AND month >= $2 AND month <= $3 ORDER BY channel_id, month");
const Query insert_block(
    "INSERT INTO interval_blocks (channel_id, month, block) VALUES ($1, $2, $3)");
const Query upsert_block(
    "INSERT INTO interval_blocks (channel_id, month, block) VALUES ($1, $2, $3) "
    "ON CONFLICT (channel_id, month) DO UPDATE SET block = excluded.block");
const Query select_sums(
    "SELECT channel_id, month, days FROM interval_sums "
    "WHERE channel_id IN ${IDS} AND month >= $2 AND month <= $3 ORDER BY channel_id, month");
const Query insert_sums(
    "INSERT INTO interval_sums (channel_id, month, wh, not_counted, days) "
    "VALUES ($1, $2, $3, $4, $5)");
const Query upsert_sums(
    "INSERT INTO interval_sums (channel_id, month, wh, not_counted, days) "
    "VALUES ($1, $2, $3, $4, $5) ON CONFLICT (channel_id, month) DO UPDATE SET wh = excluded.wh, "
    "not_counted = excluded.not_counted, days = excluded.days");
const Query select_correction_counts(
    "SELECT channel_id, start_utc, count(*) FROM interval_corrections WHERE channel_id IN ${IDS} "
    "GROUP BY channel_id, start_utc");
const Query insert_correction(
    "INSERT INTO interval_corrections (channel_id, start_utc, version, old_wh, new_wh, old_status, "
    "new_status, why, file_id, changed_by, recorded_on) "
    "VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11)");
const Query select_corrections(
    "SELECT channel_id, start_utc, old_wh, new_wh, old_status, new_status, why, file_id, "
    "changed_by, recorded_on FROM interval_corrections WHERE channel_id IN ${IDS} "
    "AND start_utc >= $2 AND start_utc < $3 ORDER BY channel_id, start_utc, version");

/// Each channel once, in order.
template <class Rows>
std::vector<ChannelId> channels_of(const Rows& rows) {
    std::vector<ChannelId> channels;
    for (const auto& row : rows) channels.push_back(row.channel);
    std::sort(channels.begin(), channels.end());
    channels.erase(std::unique(channels.begin(), channels.end()), channels.end());
    return channels;
}

metering::BlockView opened(std::string_view bytes) {
    auto view = metering::BlockView::open(bytes);
    WH_CHECK(view.has_value(), "a stored interval block is damaged");
    return *std::move(view);
}

/// Sums of the months of one zone; neighbours share the steps of their days.
class MonthSummer {
public:
    explicit MonthSummer(const TimeZone& zone) : zone_(zone) {}

    /// `known` of before is carried on; intervals with a first value are known since `on`.
    MonthSums sum(std::string_view block, Date month, std::vector<metering::KnownRun> known,
                  Date on) {
        const auto view = opened(block);
        const auto series = view.decode();
        if (month != month_ || view.count() != count_) {
            const DateRange days{month, month.first_of_next_month()};
            const int minutes = metering::minutes_of(zone_, days, view.count());
            WH_CHECK(minutes > 0, "the intervals of a block tile no month");
            steps_ = metering::day_steps(zone_, days, minutes);
            month_ = month;
            count_ = view.count();
        }
        metering::note_known(known, series.status, on);
        return {metering::sum_days(series.wh, series.status, steps_), std::move(known)};
    }

private:
    const TimeZone& zone_;
    Date month_;
    int count_ = -1;
    std::vector<std::int32_t> steps_;
};

MonthSums decoded(std::string_view bytes, Date month) {
    auto sums = metering::decode_sums(bytes, month);
    WH_CHECK(sums.has_value(), "stored sums of intervals are damaged");
    return *std::move(sums);
}

}  // namespace

const TimeZone& MeterRows::zone() {
    if (!zone_) {
        Statement select = database_.prepare(select_zone);
        WH_CHECK(select.step(), "intervals are kept for a utility");
        auto loaded = TimeZone::load(select.text(0));
        WH_CHECK(loaded.has_value(), "the zone of the utility is not known");
        zone_ = *std::move(loaded);
    }
    return *zone_;
}

std::vector<StoredBlock> MeterRows::blocks(const std::vector<ChannelId>& channels, Date first_month,
                                           Date last_month) {
    std::vector<StoredBlock> found;
    Statement select = database_.prepare(select_blocks);
    select.bind(1, id_list(channels)).bind(2, first_month).bind(3, last_month);
    while (select.step()) {
        found.push_back({{select.integer(0)}, select.date(1), std::string(select.bytes(2))});
    }
    return found;
}

std::vector<metering::StoredSums> MeterRows::sums(const std::vector<ChannelId>& channels,
                                                  Date first_month, Date last_month) {
    const std::string ids = id_list(channels);
    std::map<BlockKey, MonthSums> kept;
    Statement select = database_.prepare(select_sums);
    select.bind(1, ids).bind(2, first_month).bind(3, last_month);
    while (select.step()) {
        const Date month = select.date(1);
        kept.emplace(BlockKey({select.integer(0)}, month), decoded(select.bytes(2), month));
    }
    std::vector<metering::StoredSums> found;
    std::vector<BlockKey> not_kept;
    Statement of_blocks = database_.prepare(select_keys);
    of_blocks.bind(1, ids).bind(2, first_month).bind(3, last_month);
    while (of_blocks.step()) {
        const BlockKey key({of_blocks.integer(0)}, of_blocks.date(1));
        found.push_back({key.first, key.second, {}});
        if (const auto row = kept.find(key); row != kept.end()) {
            found.back().sums = std::move(row->second);
        } else {
            not_kept.push_back(key);
        }
    }
    if (!not_kept.empty()) sum_what_is_not(not_kept, found);
    return found;
}

/// Of blocks that were written before sums were kept; `found` is in order of its keys.
void MeterRows::sum_what_is_not(const std::vector<BlockKey>& keys,
                                std::vector<metering::StoredSums>& found) {
    MonthSummer summer(zone());
    for (const BlockKey& key : keys) {
        const auto row = std::lower_bound(found.begin(), found.end(), key,
                                          [](const metering::StoredSums& a, const BlockKey& b) {
                                              return BlockKey(a.channel, a.month) < b;
                                          });
        const auto block = blocks({key.first}, key.second, key.second);
        WH_CHECK(block.size() == 1, "a block went away while its sums were made");
        row->sums = summer.sum(block.front().bytes, key.second, {}, metering::always_known);
    }
}

void MeterRows::put_blocks(const std::vector<StoredBlock>& blocks) {
    if (blocks.empty()) return;
    const auto by_month = [](const StoredBlock& a, const StoredBlock& b) {
        return a.month < b.month;
    };
    const auto [first, last] = std::minmax_element(blocks.begin(), blocks.end(), by_month);
    std::map<BlockKey, std::vector<metering::KnownRun>> known;
    for (auto& row : sums(channels_of(blocks), first->month, last->month)) {
        known.emplace(BlockKey(row.channel, row.month), std::move(row.sums.known));
    }
    const Date on = database_.recorded_on();
    MonthSummer summer(zone());
    Bulk insert = database_.bulk(insert_block);
    Bulk upsert = database_.bulk(upsert_block);
    Bulk new_sums = database_.bulk(insert_sums);
    Bulk changed_sums = database_.bulk(upsert_sums);
    for (const StoredBlock& b : blocks) {
        const auto old = known.find({b.channel, b.month});
        const bool is_new = old == known.end();
        const MonthSums sums =
            summer.sum(b.bytes, b.month,
                       is_new ? std::vector<metering::KnownRun>() : std::move(old->second), on);
        (is_new ? insert : upsert)
            .bind(1, b.channel.value)
            .bind(2, b.month)
            .bind_bytes(3, b.bytes)
            .run();
        std::int64_t wh = 0;
        std::int64_t not_counted = 0;
        for (const metering::DaySum& day : sums.days) {
            wh += day.wh;
            not_counted += day.not_counted;
        }
        (is_new ? new_sums : changed_sums)
            .bind(1, b.channel.value)
            .bind(2, b.month)
            .bind(3, wh)
            .bind(4, not_counted)
            .bind_bytes(5, metering::encode_sums(sums, b.month))
            .run();
        // The same block twice in one call: what follows changes what was just written.
        known[BlockKey(b.channel, b.month)] = sums.known;
    }
    insert.finish();
    upsert.finish();
    new_sums.finish();
    changed_sums.finish();
}

void MeterRows::add_corrections(const std::vector<metering::IntervalCorrection>& corrections) {
    if (corrections.empty()) return;
    std::map<std::pair<std::int64_t, std::int64_t>, std::int64_t> versions;
    Statement select = database_.prepare(select_correction_counts);
    select.bind(1, id_list(channels_of(corrections)));
    while (select.step()) versions[{select.integer(0), select.integer(1)}] = select.integer(2);
    const Date recorded_on = database_.recorded_on();
    Bulk insert = database_.bulk(insert_correction);
    for (const auto& c : corrections) {
        insert.bind(1, c.channel.value)
            .bind(2, c.start.seconds)
            .bind(3, ++versions[{c.channel.value, c.start.seconds}])
            .bind(4, c.old_wh)
            .bind(5, c.new_wh)
            .bind(6, std::string_view(&c.old_status, 1))
            .bind(7, std::string_view(&c.new_status, 1))
            .bind(8, c.why)
            .bind(9, c.file.value)
            .bind(10, c.by)
            .bind(11, recorded_on)
            .run();
    }
    insert.finish();
}

std::vector<metering::IntervalCorrection> MeterRows::corrections(
    const std::vector<ChannelId>& channels, Instant from, Instant until) {
    std::vector<metering::IntervalCorrection> found;
    Statement select = database_.prepare(select_corrections);
    select.bind(1, id_list(channels)).bind(2, from.seconds).bind(3, until.seconds);
    while (select.step()) {
        found.push_back({{select.integer(0)},
                         {select.integer(1)},
                         select.integer(2),
                         select.integer(3),
                         select.text_view(4).front(),
                         select.text_view(5).front(),
                         select.text(6),
                         {select.integer(7)},
                         select.text(8),
                         select.date(9)});
    }
    return found;
}

}  // namespace watthour::storage
