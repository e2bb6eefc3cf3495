// SPDX-License-Identifier: Apache-2.0
#include "storage/work_rows.hpp"

namespace watthour::storage {
namespace {

using worklist::ReceivedFile;
using worklist::RejectedRow;
using worklist::WorkItem;
using worklist::WorkItemId;

const Query insert_item(
    "INSERT INTO work_items (account_id, work_item_id, kind, cause, subject, evidence, next_step, "
    "at_stake_minor, opened_on) VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9) "
    "ON CONFLICT (account_id, work_item_id) DO UPDATE SET cause = excluded.cause, "
    "evidence = excluded.evidence, next_step = excluded.next_step, "
    "at_stake_minor = excluded.at_stake_minor");
const Query count_items("SELECT count(*) FROM work_items");
constexpr const char* item_columns =
    "SELECT w.account_id, w.work_item_id, w.kind, w.cause, w.subject, w.evidence, w.next_step, "
    "w.at_stake_minor, w.opened_on, COALESCE(r.resolution, ''), COALESCE(r.why, ''), "
    "COALESCE(r.resolved_by, ''), COALESCE(r.resolved_on, w.opened_on) FROM work_items w "
    "LEFT JOIN work_resolutions r ON r.account_id = w.account_id AND "
    "r.work_item_id = w.work_item_id ";
const Query select_accepted(
    "SELECT work_item_id FROM work_resolutions WHERE resolution = 'accepted' ORDER BY "
    "work_item_id");
const Query insert_resolution(
    "INSERT INTO work_resolutions (account_id, work_item_id, resolution, why, resolved_by, "
    "resolved_on) VALUES ($1, $2, $3, $4, $5, $6) ON CONFLICT DO NOTHING");
const Query select_causes(
    "SELECT w.kind, w.cause, count(*), SUM(w.at_stake_minor) FROM work_items w "
    "LEFT JOIN work_resolutions r ON r.account_id = w.account_id AND "
    "r.work_item_id = w.work_item_id WHERE r.work_item_id IS NULL "
    "GROUP BY w.kind, w.cause ORDER BY w.kind, w.cause");
constexpr const char* file_columns =
    "SELECT file_id, sha256, format, name, business_date, records, posted, parked, rejected, "
    "repeated, declared_minor, posted_minor, parked_minor FROM files ";
const Query insert_file(
    "INSERT INTO files (file_id, sha256, format, name, business_date, records, posted, parked, "
    "rejected, repeated, declared_minor, posted_minor, parked_minor) "
    "VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12, $13)");
const Query insert_reject(
    "INSERT INTO file_rejects (file_id, line, field, rule, message, raw) "
    "VALUES ($1, $2, $3, $4, $5, $6) ON CONFLICT DO NOTHING");
const Query select_rejects(
    "SELECT file_id, line, field, rule, message, raw FROM file_rejects WHERE file_id = $1 "
    "ORDER BY line, field");

const Query select_all(item_columns, "ORDER BY w.kind, w.cause, w.account_id, w.subject");
const Query select_item(item_columns, "WHERE w.work_item_id = $1");
const Query select_file(file_columns, "WHERE sha256 = $1");
const Query select_files_of_day(file_columns, "WHERE business_date = $1 ORDER BY name");

WorkItem item_row(Statement& row) {
    WorkItem item;
    item.account = row.integer(0);
    item.id = {row.integer(1)};
    item.kind = row.text(2);
    item.cause = row.text(3);
    item.subject = row.text(4);
    item.evidence = row.text(5);
    item.next_step = row.text(6);
    item.at_stake = row.money(7);
    item.opened_on = row.date(8);
    item.resolution = row.text(9);
    item.resolved_why = row.text(10);
    item.resolved_by = row.text(11);
    item.resolved_on = row.date(12);
    item.state = item.resolution.empty() ? "open" : "resolved";
    return item;
}

ReceivedFile file_row(Statement& row) {
    return {row.integer(0), row.text(1),    row.text(2),    row.text(3),    row.date(4),
            row.integer(5), row.integer(6), row.integer(7), row.integer(8), row.integer(9),
            row.money(10),  row.money(11),  row.money(12)};
}

}  // namespace

std::int64_t WorkRows::open(const std::vector<WorkItem>& items) {
    const auto count = [&] {
        Statement select = database_.prepare(count_items);
        return select.step() ? select.integer(0) : 0;
    };
    const std::int64_t before = count();
    Bulk insert = database_.bulk(insert_item);
    for (const WorkItem& i : items) {
        insert.bind(1, i.account)
            .bind(2, i.id.value)
            .bind(3, i.kind)
            .bind(4, i.cause)
            .bind(5, i.subject)
            .bind(6, i.evidence)
            .bind(7, i.next_step)
            .bind(8, i.at_stake)
            .bind(9, i.opened_on)
            .run();
    }
    insert.finish();
    return count() - before;
}

std::vector<WorkItem> WorkRows::list(const std::string& state) {
    std::vector<WorkItem> items;
    Statement select = database_.prepare(select_all);
    while (select.step()) {
        WorkItem item = item_row(select);
        if (state.empty() || item.state == state) items.push_back(std::move(item));
    }
    return items;
}

std::optional<WorkItem> WorkRows::find(WorkItemId id) {
    Statement select = database_.prepare(select_item);
    select.bind(1, id.value);
    if (!select.step()) return std::nullopt;
    return item_row(select);
}

std::vector<WorkItemId> WorkRows::accepted() {
    std::vector<WorkItemId> ids;
    Statement select = database_.prepare(select_accepted);
    while (select.step()) ids.push_back({select.integer(0)});
    return ids;
}

void WorkRows::resolve(const WorkItem& item) {
    database_.prepare(insert_resolution)
        .bind(1, item.account)
        .bind(2, item.id.value)
        .bind(3, item.resolution)
        .bind(4, item.resolved_why)
        .bind(5, item.resolved_by)
        .bind(6, item.resolved_on)
        .run();
}

std::vector<worklist::CauseCount> WorkRows::open_by_cause() {
    std::vector<worklist::CauseCount> causes;
    Statement select = database_.prepare(select_causes);
    while (select.step()) {
        causes.push_back({select.text(0), select.text(1), select.integer(2), select.money(3)});
    }
    return causes;
}

std::optional<ReceivedFile> FileRows::find(const std::string& sha256) {
    Statement select = database_.prepare(select_file);
    select.bind(1, sha256);
    if (!select.step()) return std::nullopt;
    return file_row(select);
}

void FileRows::add(const ReceivedFile& f) {
    database_.prepare(insert_file)
        .bind(1, f.id)
        .bind(2, f.sha256)
        .bind(3, f.format)
        .bind(4, f.name)
        .bind(5, f.business_date)
        .bind(6, f.records)
        .bind(7, f.posted)
        .bind(8, f.parked)
        .bind(9, f.rejected)
        .bind(10, f.repeated)
        .bind(11, f.declared_total)
        .bind(12, f.posted_total)
        .bind(13, f.parked_total)
        .run();
}

void FileRows::add_rejects(const std::vector<RejectedRow>& rows) {
    Bulk insert = database_.bulk(insert_reject);
    for (const RejectedRow& r : rows) {
        insert.bind(1, r.file)
            .bind(2, r.problem.line)
            .bind(3, r.problem.field)
            .bind(4, r.problem.rule)
            .bind(5, r.problem.message)
            .bind(6, r.raw)
            .run();
    }
    insert.finish();
}

std::vector<ReceivedFile> FileRows::of_day(Date date) {
    std::vector<ReceivedFile> files;
    Statement select = database_.prepare(select_files_of_day);
    select.bind(1, date);
    while (select.step()) files.push_back(file_row(select));
    return files;
}

std::vector<RejectedRow> FileRows::rejects(std::int64_t file) {
    std::vector<RejectedRow> rows;
    Statement select = database_.prepare(select_rejects);
    select.bind(1, file);
    while (select.step()) {
        RejectedRow row;
        row.file = select.integer(0);
        row.problem = {select.integer(1), select.text(2), select.text(3), select.text(4), ""};
        row.raw = select.text(5);
        rows.push_back(std::move(row));
    }
    return rows;
}

}  // namespace watthour::storage
