// SPDX-License-Identifier: Apache-2.0
#include "storage/changed_reads.hpp"

#include "storage/query.hpp"

namespace watthour::storage {
namespace {

const Query select_changed(
    "SELECT DISTINCT channel_id FROM interval_corrections WHERE recorded_on >= $1");

}  // namespace

std::set<metering::ChannelId> channels_changed_since(Database& database, Date since) {
    std::set<metering::ChannelId> channels;
    Statement select = database.prepare(select_changed);
    select.bind(1, since);
    while (select.step()) channels.insert({select.integer(0)});
    return channels;
}

}  // namespace watthour::storage
