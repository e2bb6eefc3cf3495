// SPDX-License-Identifier: Apache-2.0
#include "storage/past_rows.hpp"

#include "storage/dialect.hpp"
#include "storage/route_rows.hpp"

#include <map>

namespace watthour::storage {
namespace {

using customers::AccountId;

constexpr const char* receivable_of_entry =
    "SUM(CASE WHEN p.debit_account = '1310' THEN p.amount_minor "
    "WHEN p.credit_account = '1310' THEN -p.amount_minor ELSE 0 END) ";

const Query select_entries(
    "SELECT e.entry_id, e.business_date, e.source_kind, e.source_key, e.memo, ",
    receivable_of_entry,
    "FROM journal_entries e JOIN postings p ON p.account_id = e.account_id "
    "AND p.entry_id = e.entry_id WHERE e.account_id = $1 "
    "GROUP BY e.entry_id, e.business_date, e.source_kind, e.source_key, e.memo "
    "ORDER BY e.business_date, e.entry_id");
const Query select_notes(
    "SELECT note_id, text, written_by, written_at, recorded_on FROM account_notes "
    "WHERE account_id = $1 ORDER BY written_at, note_id");
const Query insert_note(
    "INSERT INTO account_notes (account_id, note_id, text, written_by, written_at, recorded_on) "
    "VALUES ($1, $2, $3, $4, $5, $6) ON CONFLICT DO NOTHING");
const Query select_accounts(
    "SELECT account_id, name, mailing_street, language FROM accounts WHERE account_id > $1 "
    "ORDER BY account_id LIMIT $2");
const Query select_served(
    "SELECT a.account_id, r.street, a.schedule, q.cycle FROM service_agreements a "
    "JOIN service_points p ON p.service_point_id = a.service_point_id "
    "JOIN premises r ON r.premise_id = p.premise_id " WH_PLACED_ON("$2")
    "WHERE a.account_id IN ${IDS} AND a.superseded_on = '9999-12-31' "
    "AND a.active_until > $2 ORDER BY a.account_id, a.active_from, a.agreement_id");
const Query select_balances("SELECT p.account_id, ", receivable_of_entry,
                            "FROM postings p WHERE p.account_id IN ${IDS} GROUP BY p.account_id");

}  // namespace

std::vector<AccountEntry> PastRows::entries(AccountId account) {
    std::vector<AccountEntry> entries;
    Statement select = database_.prepare(select_entries);
    select.bind(1, account.value);
    while (select.step()) {
        entries.push_back({select.integer(0), select.date(1), select.text(2), select.text(3),
                           select.text(4), select.money(5)});
    }
    return entries;
}

std::vector<AccountNote> PastRows::notes(AccountId account) {
    std::vector<AccountNote> notes;
    Statement select = database_.prepare(select_notes);
    select.bind(1, account.value);
    while (select.step()) {
        notes.push_back({account, select.integer(0), select.text(1), select.text(2),
                         select.integer(3), select.date(4)});
    }
    return notes;
}

void PastRows::add(const AccountNote& note) {
    database_.prepare(insert_note)
        .bind(1, note.account.value)
        .bind(2, note.id)
        .bind(3, note.text)
        .bind(4, note.written_by)
        .bind(5, note.written_at)
        .bind(6, database_.recorded_on())
        .run();
}

std::vector<AccountRow> PastRows::accounts(AccountId after, int most, Date on) {
    std::vector<AccountRow> rows;
    std::vector<AccountId> ids;
    std::map<AccountId, std::size_t> places;
    Statement select = database_.prepare(select_accounts);
    select.bind(1, after.value).bind(2, most);
    while (select.step()) {
        AccountRow row;
        row.account = {select.integer(0)};
        row.name = select.text(1);
        row.street = select.text(2);
        row.language = select.text(3);
        places[row.account] = rows.size();
        ids.push_back(row.account);
        rows.push_back(std::move(row));
    }
    if (ids.empty()) return rows;
    Statement served = database_.prepare(select_served);
    served.bind(1, id_list(ids)).bind(2, on);
    while (served.step()) {
        AccountRow& row = rows[places.at({served.integer(0)})];
        if (!row.schedule.empty()) continue;
        row.street = served.text(1);
        row.schedule = served.text(2);
        row.cycle = served.text(3);
    }
    Statement balances = database_.prepare(select_balances);
    balances.bind(1, id_list(ids));
    while (balances.step()) rows[places.at({balances.integer(0)})].balance = balances.money(1);
    return rows;
}

}  // namespace watthour::storage
