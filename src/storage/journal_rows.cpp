// SPDX-License-Identifier: Apache-2.0
#include "storage/money_rows.hpp"

namespace watthour::storage {
namespace {

const Query insert_entry(
    "INSERT INTO journal_entries (account_id, entry_id, business_date, source_kind, source_key, "
    "memo, recorded_on) VALUES ($1, $2, $3, $4, $5, $6, $7)");
const Query insert_posting(
    "INSERT INTO postings (account_id, entry_id, posting_number, debit_account, credit_account, "
    "amount_minor) VALUES ($1, $2, $3, $4, $5, $6)");
const Query select_trial_balance(
    "SELECT gl_account, SUM(debit), SUM(credit) FROM ("
    "SELECT p.debit_account AS gl_account, p.amount_minor AS debit, 0 AS credit FROM postings p "
    "JOIN journal_entries e ON e.account_id = p.account_id AND e.entry_id = p.entry_id "
    "WHERE e.business_date <= $1 AND e.recorded_on <= $2 UNION ALL "
    "SELECT p.credit_account, 0, p.amount_minor FROM postings p "
    "JOIN journal_entries e ON e.account_id = p.account_id AND e.entry_id = p.entry_id "
    "WHERE e.business_date <= $1 AND e.recorded_on <= $2) AS legs GROUP BY gl_account ORDER BY "
    "gl_account");

}  // namespace

void JournalRows::post(const std::vector<ledger::JournalEntry>& entries) {
    const std::string recorded_on = database_.recorded_on().to_string();
    Bulk entry = database_.bulk(insert_entry);
    Bulk posting = database_.bulk(insert_posting);
    for (const ledger::JournalEntry& e : entries) {
        entry.bind(1, e.account)
            .bind(2, e.id.value)
            .bind(3, e.business_date)
            .bind(4, e.source_kind)
            .bind(5, e.source_key)
            .bind(6, e.memo)
            .bind(7, recorded_on)
            .run();
        std::int64_t number = 0;
        for (const ledger::Posting& p : e.postings) {
            posting.bind(1, e.account)
                .bind(2, e.id.value)
                .bind(3, ++number)
                .bind(4, p.debit_account)
                .bind(5, p.credit_account)
                .bind(6, p.amount)
                .run();
        }
    }
    entry.finish();
    posting.finish();
}

std::vector<ledger::GlBalance> JournalRows::trial_balance(Date through, Date known_on) {
    std::vector<ledger::GlBalance> balances;
    Statement select = database_.prepare(select_trial_balance);
    select.bind(1, through).bind(2, known_on);
    while (select.step()) {
        balances.push_back({select.text(0), select.money(1), select.money(2)});
    }
    return balances;
}

}  // namespace watthour::storage
