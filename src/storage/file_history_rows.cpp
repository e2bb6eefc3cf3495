// SPDX-License-Identifier: Apache-2.0
#include "storage/file_history_rows.hpp"

#include "storage/dialect.hpp"
#include "storage/query.hpp"

#include <algorithm>
#include <map>

namespace watthour::storage {
namespace {

using worklist::FileDetails;
using worklist::FileRecord;
using worklist::FileRepair;
using worklist::SavedProfile;

constexpr const char* record_columns =
    "SELECT f.file_id, f.sha256, f.format, f.name, f.business_date, f.records, f.posted, f.parked, "
    "f.rejected, f.repeated, f.declared_minor, f.posted_minor, f.parked_minor, d.profile_name, "
    "d.profile_version, d.profile, d.meter, d.encoding, d.head, d.tail, d.meters_known, "
    "d.meters_unknown, d.failed_rows, d.first_at, d.last_at, d.delivered_wh, d.taken_by, "
    "d.recorded_on FROM files f LEFT JOIN file_details d ON d.file_id = f.file_id ";
const Query insert_details(
    "INSERT INTO file_details (file_id, profile_name, profile_version, profile, meter, encoding, "
    "head, tail, meters_known, meters_unknown, failed_rows, first_at, last_at, delivered_wh, "
    "taken_by, recorded_on) "
    "VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12, $13, $14, $15, $16)");
const Query insert_repair(
    "INSERT INTO file_repairs (file_id, line, outcome, by_file_id, why, changed_by, recorded_on) "
    "VALUES ($1, $2, $3, $4, $5, $6, $7) ON CONFLICT DO NOTHING");
const Query select_record(record_columns, "WHERE f.file_id = $1");
const Query select_records(record_columns,
                           "WHERE f.business_date >= $1 AND f.business_date < $2 AND "
                           "(f.business_date < $3 OR (f.business_date = $3 AND f.file_id < $4)) "
                           "ORDER BY f.business_date DESC, f.file_id DESC LIMIT $5");
const Query count_outcomes(
    "SELECT file_id, outcome, count(*) FROM file_repairs WHERE file_id IN ${IDS} "
    "GROUP BY file_id, outcome");
const Query select_repairs(
    "SELECT file_id, line, outcome, by_file_id, why, changed_by, recorded_on FROM file_repairs "
    "WHERE file_id = $1 ORDER BY line");
constexpr const char* profile_columns =
    "SELECT p.name, p.version, p.state, p.format, p.fingerprint, p.profile, p.why, p.saved_by, "
    "p.recorded_on FROM read_profiles p ";
const Query insert_profile(
    "INSERT INTO read_profiles (name, version, state, format, fingerprint, profile, why, saved_by, "
    "recorded_on) VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9)");
const Query select_profiles(profile_columns, "ORDER BY p.name, p.version DESC");
const Query select_versions(profile_columns, "WHERE p.name = $1 ORDER BY p.version DESC");

FileRecord record_row(Statement& row) {
    FileRecord record;
    record.file = {row.integer(0), row.text(1),    row.text(2),    row.text(3),    row.date(4),
                   row.integer(5), row.integer(6), row.integer(7), row.integer(8), row.integer(9),
                   row.money(10),  row.money(11),  row.money(12)};
    if (row.is_null(13)) return record;
    FileDetails d;
    d.file = record.file.id;
    d.profile_name = row.text(13);
    d.profile_version = row.integer(14);
    d.profile = row.text(15);
    d.meter = row.text(16);
    d.encoding = row.text(17);
    d.head = row.text(18);
    d.tail = row.text(19);
    d.meters_known = row.integer(20);
    d.meters_unknown = row.integer(21);
    d.failed_rows = row.integer(22);
    d.first_at = {row.integer(23)};
    d.last_at = {row.integer(24)};
    d.delivered_wh = row.integer(25);
    d.taken_by = row.text(26);
    d.recorded_on = row.date(27);
    record.details = std::move(d);
    return record;
}

std::vector<SavedProfile> profile_rows(Statement& select) {
    std::vector<SavedProfile> rows;
    while (select.step()) {
        rows.push_back({select.text(0), select.integer(1), select.text(2), select.text(3),
                        select.text(4), select.text(5), select.text(6), select.text(7),
                        select.date(8)});
    }
    return rows;
}

}  // namespace

void FileHistoryRows::add(const FileDetails& d) {
    database_.prepare(insert_details)
        .bind(1, d.file)
        .bind(2, d.profile_name)
        .bind(3, d.profile_version)
        .bind(4, d.profile)
        .bind(5, d.meter)
        .bind(6, d.encoding)
        .bind(7, d.head)
        .bind(8, d.tail)
        .bind(9, d.meters_known)
        .bind(10, d.meters_unknown)
        .bind(11, d.failed_rows)
        .bind(12, d.first_at.seconds)
        .bind(13, d.last_at.seconds)
        .bind(14, d.delivered_wh)
        .bind(15, d.taken_by)
        .bind(16, database_.recorded_on())
        .run();
}

std::int64_t FileHistoryRows::add(const std::vector<FileRepair>& repairs) {
    Bulk insert = database_.bulk(insert_repair);
    for (const FileRepair& r : repairs) {
        insert.bind(1, r.file)
            .bind(2, r.line)
            .bind(3, r.outcome)
            .bind(4, r.by_file)
            .bind(5, r.why)
            .bind(6, r.by)
            .bind(7, database_.recorded_on())
            .run();
    }
    return insert.finish();
}

void FileHistoryRows::count_repairs(std::vector<FileRecord>& records) {
    std::vector<Id<struct FileRecordTag>> ids;
    std::map<std::int64_t, FileRecord*> by_id;
    for (FileRecord& record : records) {
        ids.push_back({record.file.id});
        by_id[record.file.id] = &record;
    }
    if (ids.empty()) return;
    Statement select = database_.prepare(count_outcomes);
    select.bind(1, id_list(ids));
    while (select.step()) {
        FileRecord& record = *by_id.at(select.integer(0));
        const auto outcome = select.text_view(1);
        std::int64_t& count = outcome == "repaired"       ? record.repaired
                              : outcome == "failed_again" ? record.failed_again
                                                          : record.set_aside;
        count = select.integer(2);
    }
}

std::optional<FileRecord> FileHistoryRows::find(std::int64_t file) {
    std::vector<FileRecord> records;
    Statement select = database_.prepare(select_record);
    select.bind(1, file);
    if (!select.step()) return std::nullopt;
    records.push_back(record_row(select));
    count_repairs(records);
    return std::move(records.front());
}

std::vector<FileRecord> FileHistoryRows::list(DateRange days, const FileRecord* after,
                                              std::size_t most) {
    std::vector<FileRecord> records;
    Statement select = database_.prepare(select_records);
    select.bind(1, days.from)
        .bind(2, days.until)
        .bind(3, after == nullptr ? days.until : after->file.business_date)
        .bind(4, after == nullptr ? std::int64_t{0} : after->file.id)
        .bind(5, static_cast<std::int64_t>(most));
    while (select.step()) records.push_back(record_row(select));
    count_repairs(records);
    return records;
}

std::vector<FileRepair> FileHistoryRows::repairs(std::int64_t file) {
    std::vector<FileRepair> rows;
    Statement select = database_.prepare(select_repairs);
    select.bind(1, file);
    while (select.step()) {
        rows.push_back({select.integer(0), select.integer(1), select.text(2), select.integer(3),
                        select.text(4), select.text(5), select.date(6)});
    }
    return rows;
}

void FileHistoryRows::add(const SavedProfile& p) {
    database_.prepare(insert_profile)
        .bind(1, p.name)
        .bind(2, p.version)
        .bind(3, p.state)
        .bind(4, p.format)
        .bind(5, p.fingerprint)
        .bind(6, p.profile)
        .bind(7, p.why)
        .bind(8, p.by)
        .bind(9, database_.recorded_on())
        .run();
}

std::vector<SavedProfile> FileHistoryRows::profiles() {
    Statement select = database_.prepare(select_profiles);
    std::vector<SavedProfile> last = profile_rows(select);
    // Of each name its last version comes first.
    last.erase(std::unique(last.begin(), last.end(),
                           [](const auto& a, const auto& b) { return a.name == b.name; }),
               last.end());
    return last;
}

std::vector<SavedProfile> FileHistoryRows::versions(const std::string& name) {
    Statement select = database_.prepare(select_versions);
    select.bind(1, name);
    return profile_rows(select);
}

}  // namespace watthour::storage
