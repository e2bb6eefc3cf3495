// SPDX-License-Identifier: Apache-2.0
#include "storage/audit_rows.hpp"

namespace watthour::storage {
namespace {

using audit::AuditEntry;

const Query insert_entry(
    "INSERT INTO audit_entries (account_id, subject, change_number, use_case, before_text, "
    "after_text, why, approval_id, changed_by, recorded_on, changed_at) "
    "VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11)");
const Query select_last_number(
    "SELECT COALESCE(max(change_number), 0) FROM audit_entries WHERE account_id = $1 AND "
    "subject = $2");
const Query select_any(
    "SELECT 1 FROM audit_entries WHERE account_id = $1 AND subject = $2 LIMIT 1");
const Query select_entries(
    "SELECT account_id, subject, use_case, before_text, after_text, why, approval_id, changed_by, "
    "recorded_on, changed_at FROM ("
    "SELECT account_id, subject, change_number, use_case, before_text, after_text, why, "
    "approval_id, changed_by, recorded_on, changed_at FROM audit_entries "
    "WHERE recorded_on >= $1 AND recorded_on <= $2 "
    "UNION ALL SELECT account_id, 'work_item:' || CAST(work_item_id AS TEXT), change_number, "
    "'work.' || kind, '', value, why, 0, changed_by, recorded_on, 0 FROM work_changes "
    "WHERE recorded_on >= $1 AND recorded_on <= $2) AS entries "
    "WHERE (account_id = $3 OR $3 < 0) AND (changed_by = $4 OR $4 = '') "
    "AND substr(subject, 1, length(CAST($5 AS TEXT))) = $5 "
    "ORDER BY recorded_on, account_id, subject, change_number");

}  // namespace

void AuditRows::add(const AuditEntry& entry) {
    Statement last = database_.prepare(select_last_number);
    last.bind(1, entry.account).bind(2, entry.subject);
    const std::int64_t number = last.step() ? last.integer(0) + 1 : 1;
    last.reset();
    database_.prepare(insert_entry)
        .bind(1, entry.account)
        .bind(2, entry.subject)
        .bind(3, number)
        .bind(4, entry.use_case)
        .bind(5, entry.before)
        .bind(6, entry.after)
        .bind(7, entry.why)
        .bind(8, entry.approval)
        .bind(9, entry.by)
        .bind(10, database_.recorded_on())
        .bind(11, entry.changed_at)
        .run();
}

bool AuditRows::has(std::int64_t account, const std::string& subject) {
    Statement select = database_.prepare(select_any);
    select.bind(1, account).bind(2, subject);
    return select.step();
}

std::vector<AuditEntry> AuditRows::list(const audit::AuditQuestion& question) {
    std::vector<AuditEntry> entries;
    Statement select = database_.prepare(select_entries);
    select.bind(1, question.since)
        .bind(2, question.until)
        .bind(3, question.account.value_or(-1))
        .bind(4, question.by)
        .bind(5, question.subject);
    while (select.step()) {
        entries.push_back({select.integer(0), select.text(1), select.text(2), select.text(3),
                           select.text(4), select.text(5), select.integer(6), select.text(7),
                           select.date(8), select.integer(9)});
    }
    return entries;
}

}  // namespace watthour::storage
