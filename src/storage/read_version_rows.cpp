// SPDX-License-Identifier: Apache-2.0
#include "storage/read_version_rows.hpp"

#include "storage/dialect.hpp"

namespace watthour::storage {
namespace {

const Query select_versions(
    "SELECT r.channel_id, r.read_date, r.read_type, r.reading, r.file_id, r.line, r.read_second, "
    "f.recorded_on, f.name FROM register_reads r LEFT JOIN files f ON f.file_id = r.file_id "
    "WHERE r.channel_id IN ${IDS} AND r.read_date >= $2 AND r.read_date < $3 "
    "ORDER BY r.channel_id, r.read_date, r.read_type, r.version");

}  // namespace

std::vector<metering::ReadVersion> ReadVersionRows::of(
    const std::vector<metering::ChannelId>& channels, DateRange dates) {
    std::vector<metering::ReadVersion> versions;
    Statement select = database_.prepare(select_versions);
    select.bind(1, id_list(channels)).bind(2, dates.from).bind(3, dates.until);
    while (select.step()) {
        versions.push_back({{{select.integer(0)},
                             select.date(1),
                             select.text(2),
                             select.text(3),
                             {select.integer(4)},
                             select.integer(5),
                             static_cast<std::int32_t>(select.integer(6))},
                            select.is_null(7) ? Date::ymd(1, 1, 1) : select.date(7),
                            select.is_null(8) ? std::string() : select.text(8)});
    }
    return versions;
}

}  // namespace watthour::storage
