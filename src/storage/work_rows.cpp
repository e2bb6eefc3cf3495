// SPDX-License-Identifier: Apache-2.0
#include "storage/work_rows.hpp"

#include "storage/dialect.hpp"

#include <map>

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
constexpr const char* item_columns =
    "SELECT w.account_id, w.work_item_id, w.kind, w.cause, w.subject, w.evidence, w.next_step, "
    "w.at_stake_minor, w.opened_on, COALESCE(r.resolution, ''), COALESCE(r.why, ''), "
    "COALESCE(r.resolved_by, ''), COALESCE(r.resolved_on, w.opened_on), w.owner, w.due_on, "
    "w.snoozed_until FROM work_items w "
    "LEFT JOIN work_resolutions r ON r.account_id = w.account_id AND "
    "r.work_item_id = w.work_item_id ";
const Query select_accepted(
    "SELECT work_item_id FROM work_resolutions WHERE resolution = 'accepted' ORDER BY "
    "work_item_id");
const Query insert_resolution(
    "INSERT INTO work_resolutions (account_id, work_item_id, resolution, why, resolved_by, "
    "resolved_on) VALUES ($1, $2, $3, $4, $5, $6) ON CONFLICT DO NOTHING");
const Query delete_resolution(
    "DELETE FROM work_resolutions WHERE account_id = $1 AND work_item_id = $2");
const Query select_known(
    "SELECT w.work_item_id, COALESCE(r.resolution, '') FROM work_items w "
    "LEFT JOIN work_resolutions r ON r.account_id = w.account_id AND "
    "r.work_item_id = w.work_item_id WHERE w.work_item_id IN ${IDS}");
const Query update_owner(
    "UPDATE work_items SET owner = $3 WHERE account_id = $1 AND work_item_id = $2");
const Query update_due(
    "UPDATE work_items SET due_on = $3 WHERE account_id = $1 AND work_item_id = $2");
const Query update_snoozed(
    "UPDATE work_items SET snoozed_until = $3 WHERE account_id = $1 AND work_item_id = $2");
const Query count_changes(
    "SELECT work_item_id, count(*) FROM work_changes WHERE work_item_id IN ${IDS} "
    "GROUP BY work_item_id");
const Query insert_change(
    "INSERT INTO work_changes (account_id, work_item_id, change_number, kind, value, why, "
    "changed_by, changed_on, recorded_on) VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9)");
const Query select_changes(
    "SELECT account_id, work_item_id, kind, value, why, changed_by, changed_on FROM work_changes "
    "WHERE work_item_id = $1 ORDER BY change_number");
const Query select_causes(
    "SELECT w.kind, w.cause, count(*), SUM(w.at_stake_minor), min(w.opened_on) FROM work_items w "
    "LEFT JOIN work_resolutions r ON r.account_id = w.account_id AND "
    "r.work_item_id = w.work_item_id WHERE r.work_item_id IS NULL "
    "GROUP BY w.kind, w.cause ORDER BY w.kind, w.cause");
constexpr const char* file_columns =
    "SELECT file_id, sha256, format, name, business_date, records, posted, parked, rejected, "
    "repeated, declared_minor, posted_minor, parked_minor FROM files ";
const Query insert_file(
    "INSERT INTO files (file_id, sha256, format, name, business_date, records, posted, parked, "
    "rejected, repeated, declared_minor, posted_minor, parked_minor, "
    "recorded_on) VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12, $13, $14)");
const Query insert_reject(
    "INSERT INTO file_rejects (file_id, line, field, rule, message, raw) "
    "VALUES ($1, $2, $3, $4, $5, $6) ON CONFLICT DO NOTHING");
const Query select_rejects(
    "SELECT file_id, line, field, rule, message, raw FROM file_rejects WHERE file_id = $1 "
    "ORDER BY line, field");

const Query select_all(item_columns, "ORDER BY w.kind, w.cause, w.account_id, w.subject");
const Query select_of_account(item_columns,
                              "WHERE w.account_id = $1 ORDER BY w.opened_on, "
                              "w.work_item_id");
const Query select_count_open(
    "SELECT count(*) FROM work_items w LEFT JOIN work_resolutions r ON "
    "r.account_id = w.account_id AND r.work_item_id = w.work_item_id "
    "WHERE w.account_id = $1 AND r.work_item_id IS NULL");
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
    const auto day = [&](int column) {
        return row.text_view(column).empty() ? std::nullopt : std::optional<Date>(row.date(column));
    };
    item.owner = row.text(13);
    item.due_on = day(14);
    item.snoozed_until = day(15);
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
    if (items.empty()) return 0;
    std::vector<WorkItemId> ids;
    for (const WorkItem& i : items) ids.push_back(i.id);
    std::map<WorkItemId, std::string> known;
    Statement select = database_.prepare(select_known);
    select.bind(1, id_list(ids));
    while (select.step()) known[{select.integer(0)}] = select.text(1);
    std::vector<worklist::WorkChange> changes;
    std::int64_t opened = 0;
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
        const auto [at, is_new] = known.try_emplace(i.id);
        // A check that was accepted raises nothing any more: what comes again was not helped by
        // the acceptance, and would be hidden for ever.
        const bool again = i.recurs && !at->second.empty();
        if (again) {
            database_.prepare(delete_resolution).bind(1, i.account).bind(2, i.id.value).run();
            at->second.clear();
        }
        if (!is_new && !again) continue;
        ++opened;
        changes.push_back({i.account, i.id, is_new ? "opened" : "reopened", i.cause,
                           is_new ? "" : "it happened again", "", i.opened_on});
    }
    insert.finish();
    append(changes);
    return opened;
}

void WorkRows::append(const std::vector<worklist::WorkChange>& changes) {
    if (changes.empty()) return;
    std::vector<WorkItemId> ids;
    for (const auto& c : changes) ids.push_back(c.item);
    std::map<std::int64_t, std::int64_t> numbers;
    Statement count = database_.prepare(count_changes);
    count.bind(1, id_list(ids));
    while (count.step()) numbers[count.integer(0)] = count.integer(1);
    const std::string recorded_on = database_.recorded_on().to_string();
    Bulk insert = database_.bulk(insert_change);
    for (const auto& c : changes) {
        insert.bind(1, c.account)
            .bind(2, c.item.value)
            .bind(3, ++numbers[c.item.value])
            .bind(4, c.kind)
            .bind(5, c.value)
            .bind(6, c.why)
            .bind(7, c.by)
            .bind(8, c.on)
            .bind(9, recorded_on)
            .run();
    }
    insert.finish();
}

void WorkRows::change(const worklist::WorkChange& change) {
    const auto set = [&](const Query& update) {
        database_.prepare(update)
            .bind(1, change.account)
            .bind(2, change.item.value)
            .bind(3, change.value)
            .run();
    };
    if (change.kind == "assigned") set(update_owner);
    if (change.kind == "due") set(update_due);
    if (change.kind == "snoozed") set(update_snoozed);
    if (change.kind == "reopened") {
        database_.prepare(delete_resolution)
            .bind(1, change.account)
            .bind(2, change.item.value)
            .run();
    }
    append({change});
}

std::vector<worklist::WorkChange> WorkRows::history(WorkItemId id) {
    std::vector<worklist::WorkChange> changes;
    Statement select = database_.prepare(select_changes);
    select.bind(1, id.value);
    while (select.step()) {
        changes.push_back({select.integer(0),
                           {select.integer(1)},
                           select.text(2),
                           select.text(3),
                           select.text(4),
                           select.text(5),
                           select.date(6)});
    }
    return changes;
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

std::vector<WorkItem> WorkRows::of_account(std::int64_t account) {
    std::vector<WorkItem> items;
    Statement select = database_.prepare(select_of_account);
    select.bind(1, account);
    while (select.step()) items.push_back(item_row(select));
    return items;
}

std::int64_t WorkRows::count_open(std::int64_t account) {
    Statement select = database_.prepare(select_count_open);
    select.bind(1, account);
    return select.step() ? select.integer(0) : 0;
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
    const bool decided = database_.prepare(insert_resolution)
                             .bind(1, item.account)
                             .bind(2, item.id.value)
                             .bind(3, item.resolution)
                             .bind(4, item.resolved_why)
                             .bind(5, item.resolved_by)
                             .bind(6, item.resolved_on)
                             .run_unless_taken();
    if (!decided) return;  // another decided first; the first decision stands
    append({{item.account, item.id, "resolved", item.resolution, item.resolved_why,
             item.resolved_by, item.resolved_on}});
}

std::vector<worklist::CauseCount> WorkRows::open_by_cause() {
    std::vector<worklist::CauseCount> causes;
    Statement select = database_.prepare(select_causes);
    while (select.step()) {
        causes.push_back(
            {select.text(0), select.text(1), select.integer(2), select.money(3), select.date(4)});
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
        .bind(14, database_.recorded_on())
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
