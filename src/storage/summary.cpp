// SPDX-License-Identifier: Apache-2.0
#include "storage/summary.hpp"

namespace watthour::storage {
namespace {

const Query count_accounts("SELECT count(*) FROM accounts");
const Query count_meters("SELECT count(*) FROM meters");
const Query count_reads("SELECT count(*) FROM register_reads");
const Query count_blocks("SELECT count(*), COALESCE(SUM(length(block)), 0) FROM interval_blocks");
const Query count_bills("SELECT count(*) FROM bills");
const Query select_bills(
    "SELECT count(*), COALESCE(SUM(b.current_charges_minor), 0), COALESCE(SUM(s.wh), 0) "
    "FROM bills b JOIN (SELECT account_id, bill_id, SUM(delivered_wh) AS wh FROM bill_segments "
    "GROUP BY account_id, bill_id) s ON s.account_id = b.account_id AND s.bill_id = b.bill_id "
    "WHERE b.bill_date >= $1 AND b.bill_date < $2");
const Query select_lines(
    "SELECT l.code, count(*), SUM(l.amount_minor) FROM bills b JOIN charge_lines l "
    "ON l.account_id = b.account_id AND l.bill_id = b.bill_id "
    "WHERE b.bill_date >= $1 AND b.bill_date < $2 GROUP BY l.code ORDER BY l.code");
const Query select_payments(
    "SELECT CASE WHEN account_id = 0 THEN 'suspense' ELSE channel END AS way, count(*), "
    "SUM(amount_minor) FROM payments WHERE effective_on >= $1 AND effective_on < $2 "
    "GROUP BY CASE WHEN account_id = 0 THEN 'suspense' ELSE channel END "
    "UNION ALL SELECT 'returned', count(*), -SUM(p.amount_minor) FROM payment_returns r "
    "JOIN payments p ON p.account_id = r.account_id AND p.payment_id = r.payment_id "
    "WHERE r.returned_on >= $1 AND r.returned_on < $2 HAVING count(*) > 0");

std::int64_t number(Database& database, const Query& sql) {
    Statement select = database.prepare(sql);
    return select.step() ? select.integer(0) : 0;
}

std::vector<CountAndMoney> rows(Database& database, const Query& sql, DateRange days) {
    std::vector<CountAndMoney> found;
    Statement select = database.prepare(sql);
    select.bind(1, days.from).bind(2, days.until);
    while (select.step()) {
        found.push_back({select.text(0), select.integer(1), select.money(2)});
    }
    return found;
}

}  // namespace

Summary summarize(Database& database, DateRange days) {
    Summary summary;
    summary.accounts = number(database, count_accounts);
    summary.meters = number(database, count_meters);
    summary.register_reads = number(database, count_reads);
    summary.bills_ever = number(database, count_bills);
    Statement blocks = database.prepare(count_blocks);
    if (blocks.step()) {
        summary.interval_blocks = blocks.integer(0);
        summary.block_bytes = blocks.integer(1);
    }
    Statement bills = database.prepare(select_bills);
    bills.bind(1, days.from).bind(2, days.until);
    if (bills.step()) {
        summary.bills = bills.integer(0);
        summary.current_charges = bills.money(1);
        summary.delivered = bills.energy(2);
    }
    summary.lines = rows(database, select_lines, days);
    summary.payments = rows(database, select_payments, days);
    return summary;
}

}  // namespace watthour::storage
