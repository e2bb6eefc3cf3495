// SPDX-License-Identifier: Apache-2.0
#include "storage/invariants.hpp"

#include "base/check.hpp"

#include <array>

namespace watthour::storage {
namespace {

/// Stands before a rule's query: each table it names is then that part of it which belongs to
/// accounts that something was recorded for since $1.
constexpr const char* of_touched_accounts =
    "WITH touched AS (SELECT account_id FROM ${OF}journal_entries WHERE recorded_on >= $1 "
    "UNION SELECT account_id FROM ${OF}bills WHERE recorded_on >= $1), "
    "bills AS (SELECT x.* FROM ${OF}bills x WHERE x.account_id IN (SELECT account_id FROM "
    "touched)), "
    "bill_segments AS (SELECT x.* FROM ${OF}bill_segments x WHERE x.account_id IN (SELECT "
    "account_id FROM touched)), "
    "charge_lines AS (SELECT x.* FROM ${OF}charge_lines x WHERE x.account_id IN (SELECT account_id "
    "FROM touched)), "
    "journal_entries AS (SELECT x.* FROM ${OF}journal_entries x WHERE x.account_id IN (SELECT "
    "account_id FROM touched)), "
    "postings AS (SELECT x.* FROM ${OF}postings x WHERE x.account_id IN (SELECT account_id FROM "
    "touched)), "
    "open_items AS (SELECT x.* FROM ${OF}open_items x WHERE x.account_id IN (SELECT account_id "
    "FROM touched)), "
    "payments AS (SELECT x.* FROM ${OF}payments x WHERE x.account_id IN (SELECT account_id FROM "
    "touched)), "
    "payment_returns AS (SELECT x.* FROM ${OF}payment_returns x WHERE x.account_id IN (SELECT "
    "account_id FROM touched)), "
    "allocations AS (SELECT x.* FROM ${OF}allocations x WHERE x.account_id IN (SELECT account_id "
    "FROM touched)), "
    "service_agreements AS (SELECT x.* FROM ${OF}service_agreements x WHERE x.account_id IN "
    "(SELECT account_id FROM touched)) ";
constexpr const char* of_new_files =
    "WITH files AS (SELECT x.* FROM ${OF}files x WHERE x.recorded_on >= $1) ";

/// Each query answers only rows that break the rule: the thing, one fact, the other fact.
struct Rule {
    Rule(const char* name_, const char* meaning_, const char* body,
         const char* prefix = of_touched_accounts)
        : name(name_), meaning(meaning_), sql(body), since(prefix, body) {}
    const char* name;
    const char* meaning;
    Query sql;
    Query since;  ///< the same over what was recorded since $1
};

const Rule rules[] = {
    {"posted_rows_say_when", "Every posted row says on which business day it was recorded.",
     "SELECT 'entry ' || source_key, 'no day', '' FROM journal_entries WHERE recorded_on = '' "
     "UNION ALL SELECT 'bill ' || bill_number, 'no day', '' FROM bills WHERE recorded_on = '' "
     "UNION ALL SELECT 'payment ' || reference, 'no day', '' FROM payments WHERE recorded_on = '' "
     "UNION ALL SELECT 'return ' || reference, 'no day', '' FROM payment_returns "
     "WHERE recorded_on = '' "
     "UNION ALL SELECT 'item ' || source_key, 'no day', '' FROM open_items WHERE recorded_on = '' "
     "UNION ALL SELECT 'allocation to item ' || item_id, 'no day', '' FROM allocations "
     "WHERE recorded_on = ''"},
    {"one_version_is_known", "Of each dated fact one version is believed, the last.",
     "SELECT 'agreement ' || agreement_id || ' of account ' || account_id, SUM(believed), "
     "max(version) FROM (SELECT account_id, agreement_id, version, "
     "CASE WHEN superseded_on = '9999-12-31' THEN 1 ELSE 0 END AS believed, "
     "CASE WHEN superseded_on = '9999-12-31' THEN version ELSE 0 END AS last_believed "
     "FROM service_agreements) AS versions GROUP BY account_id, agreement_id "
     "HAVING SUM(believed) <> 1 OR max(last_believed) <> max(version)"},
    {"point_on_one_route", "Every service point stands on one route at a time.",
     "SELECT 'point ' || a.service_point_id, a.route, b.route FROM route_places a "
     "JOIN route_places b ON b.service_point_id = a.service_point_id "
     "AND b.active_from > a.active_from AND b.active_from < a.active_until "
     "WHERE a.superseded_on = '9999-12-31' AND b.superseded_on = '9999-12-31' "
     "UNION ALL SELECT 'point ' || p.service_point_id, 'no route', '' FROM service_points p "
     "LEFT JOIN route_places w ON w.service_point_id = p.service_point_id "
     "AND w.superseded_on = '9999-12-31' WHERE w.service_point_id IS NULL "
     "UNION ALL SELECT 'point ' || w.service_point_id, w.route, 'no such route' "
     "FROM route_places w LEFT JOIN read_routes q ON q.route = w.route "
     "AND q.superseded_on = '9999-12-31' AND q.active_from <= w.active_from "
     "WHERE w.superseded_on = '9999-12-31' AND q.route IS NULL"},
    {"journal_entries_balance",
     "Every journal entry has postings, and debits equal credits over the whole ledger.",
     "SELECT 'entry ' || e.source_kind || ' ' || e.source_key, 'no postings', '' "
     "FROM journal_entries e LEFT JOIN postings p ON p.account_id = e.account_id "
     "AND p.entry_id = e.entry_id WHERE p.entry_id IS NULL"},
    {"postings_have_entries", "Every posting belongs to a journal entry.",
     "SELECT 'posting of account ' || p.account_id, 'entry ' || p.entry_id, 'missing' "
     "FROM postings p LEFT JOIN journal_entries e ON e.account_id = p.account_id "
     "AND e.entry_id = p.entry_id WHERE e.entry_id IS NULL"},
    {"receivable_equals_open_items",
     "The receivable of each account in the ledger is its bills and fees less its payments.",
     "SELECT 'account ' || account_id, SUM(ledger), SUM(items) FROM ("
     "SELECT p.account_id, CASE WHEN p.debit_account = '1310' THEN p.amount_minor "
     "ELSE -p.amount_minor END AS ledger, 0 AS items FROM postings p "
     "WHERE p.account_id <> 0 AND (p.debit_account = '1310' OR p.credit_account = '1310') "
     "UNION ALL SELECT i.account_id, 0, i.amount_minor FROM open_items i "
     "UNION ALL SELECT y.account_id, 0, -y.amount_minor FROM payments y "
     "LEFT JOIN payment_returns r ON r.account_id = y.account_id AND r.payment_id = "
     "y.payment_id "
     "WHERE r.payment_id IS NULL AND y.account_id <> 0) AS sums GROUP BY account_id "
     "HAVING SUM(ledger) <> SUM(items)"},
    {"bill_equals_its_lines", "The current charges of a bill are the sum of its charge lines.",
     "SELECT 'bill ' || b.bill_number, b.current_charges_minor, COALESCE(l.total, 0) FROM "
     "bills b "
     "LEFT JOIN (SELECT account_id, bill_id, SUM(amount_minor) AS total FROM charge_lines "
     "GROUP BY account_id, bill_id) l ON l.account_id = b.account_id AND l.bill_id = b.bill_id "
     "WHERE b.current_charges_minor <> COALESCE(l.total, 0)"},
    {"bill_equals_its_segments", "The current charges of a bill are the sum of its segments.",
     "SELECT 'bill ' || b.bill_number, b.current_charges_minor, COALESCE(s.total, 0) FROM "
     "bills b "
     "LEFT JOIN (SELECT account_id, bill_id, SUM(current_charges_minor) AS total "
     "FROM bill_segments GROUP BY account_id, bill_id) s "
     "ON s.account_id = b.account_id AND s.bill_id = b.bill_id "
     "WHERE b.current_charges_minor <> COALESCE(s.total, 0)"},
    {"bill_equals_its_journal", "The journal entry of a bill moves exactly its current charges.",
     "SELECT 'bill ' || b.bill_number, b.current_charges_minor, COALESCE(j.total, 0) FROM "
     "bills b "
     "LEFT JOIN (SELECT e.account_id, e.source_key, SUM(CASE WHEN p.debit_account = '1310' "
     "THEN p.amount_minor ELSE -p.amount_minor END) AS total FROM journal_entries e "
     "JOIN postings p ON p.account_id = e.account_id AND p.entry_id = e.entry_id "
     "WHERE e.source_kind = 'bill' GROUP BY e.account_id, e.source_key) j "
     "ON j.account_id = b.account_id AND j.source_key = b.bill_number "
     "WHERE b.current_charges_minor <> COALESCE(j.total, 0)"},
    {"bill_lines_equal_their_postings",
     "For each bill and ledger account, lines and postings agree.",
     "SELECT 'bill ' || number || ' account ' || gl, SUM(lines), SUM(posted) FROM ("
     "SELECT b.bill_number AS number, l.gl_account AS gl, l.amount_minor AS lines, 0 AS posted "
     "FROM charge_lines l JOIN bills b ON b.account_id = l.account_id AND b.bill_id = "
     "l.bill_id "
     "UNION ALL SELECT e.source_key, CASE WHEN p.debit_account = '1310' THEN p.credit_account "
     "ELSE p.debit_account END, 0, CASE WHEN p.debit_account = '1310' THEN p.amount_minor "
     "ELSE -p.amount_minor END FROM journal_entries e JOIN postings p "
     "ON p.account_id = e.account_id AND p.entry_id = e.entry_id WHERE e.source_kind = 'bill') "
     "AS sides GROUP BY number, gl HAVING SUM(lines) <> SUM(posted)"},
    {"bills_follow_each_other", "A bill's previous balance is what the bill before it asked for.",
     "SELECT 'bill ' || bill_number, previous_balance_minor, before FROM ("
     "SELECT bill_number, previous_balance_minor, COALESCE(LAG(amount_due_minor) OVER ("
     "PARTITION BY account_id ORDER BY bill_date, period_until), 0) AS before FROM bills) AS "
     "chain "
     "WHERE previous_balance_minor <> before"},
    {"segments_tile_the_agreement",
     "The billed periods of an agreement follow each other without gap or overlap.",
     "SELECT 'agreement ' || agreement_id || ' of account ' || account_id, period_from, before "
     "FROM (SELECT account_id, agreement_id, period_from, LAG(period_until) OVER ("
     "PARTITION BY account_id, agreement_id ORDER BY period_from) AS before "
     "FROM bill_segments) AS chain WHERE before IS NOT NULL AND before <> period_from"},
    {"segments_equal_their_reads",
     "The kWh of a segment are the sum over the meters that were read for it.",
     "SELECT 'segment ' || s.segment_number || ' of bill ' || b.bill_number, s.delivered_wh, "
     "COALESCE(r.total, 0) FROM bill_segments s JOIN bills b ON b.account_id = s.account_id "
     "AND b.bill_id = s.bill_id LEFT JOIN (SELECT account_id, bill_id, segment_number, "
     "SUM(energy_wh) AS total FROM segment_reads GROUP BY account_id, bill_id, segment_number) r "
     "ON r.account_id = s.account_id AND r.bill_id = s.bill_id "
     "AND r.segment_number = s.segment_number WHERE s.delivered_wh <> COALESCE(r.total, 0)"},
    {"meters_hang_at_one_place", "No two installations of one meter overlap in time.",
     "SELECT 'meter ' || m.serial, i.active_from || ' to ' || i.active_until, "
     "o.active_from || ' to ' || o.active_until FROM meter_installations i "
     "JOIN meter_installations o ON o.meter_id = i.meter_id "
     "AND (o.service_point_id > i.service_point_id OR (o.service_point_id = i.service_point_id "
     "AND o.active_from > i.active_from)) "
     "JOIN meters m ON m.meter_id = i.meter_id WHERE i.superseded_on = '9999-12-31' "
     "AND o.superseded_on = '9999-12-31' AND i.active_from < o.active_until "
     "AND o.active_from < i.active_until"},
    {"segments_inside_the_agreement", "No day outside an agreement is billed to it.",
     "SELECT 'agreement ' || s.agreement_id || ' of account ' || s.account_id, "
     "s.period_from || ' to ' || s.period_until, a.active_from || ' to ' || a.active_until "
     "FROM bill_segments s JOIN service_agreements a ON a.account_id = s.account_id "
     "AND a.agreement_id = s.agreement_id AND a.superseded_on = '9999-12-31' "
     "WHERE s.period_from < a.active_from OR s.period_until > a.active_until"},
    {"files_add_up",
     "Posted and parked money of a file is its own total; its records are all accounted for.",
     "SELECT 'file ' || name, declared_minor || ' in ' || records, "
     "(posted_minor + parked_minor) || ' in ' || (posted + parked + rejected + repeated) "
     "FROM files WHERE declared_minor <> posted_minor + parked_minor "
     "OR records <> posted + parked + rejected + repeated",
     of_new_files},
    {"files_equal_their_payments",
     "The payments that came in a money file add up to what the file says was taken.",
     "SELECT 'file ' || f.name, f.posted_minor + f.parked_minor, COALESCE(p.total, 0) FROM "
     "files f "
     "LEFT JOIN (SELECT batch, SUM(amount_minor) AS total FROM payments GROUP BY batch) p "
     "ON p.batch = f.sha256 WHERE f.format = 'lockbox' "
     "AND f.posted_minor + f.parked_minor <> COALESCE(p.total, 0)",
     of_new_files},
    {"sums_have_their_block", "Sums of intervals stand only beside the block they are sums of.",
     "SELECT 'channel ' || s.channel_id, s.month, 'no block' FROM interval_sums s "
     "LEFT JOIN interval_blocks b ON b.channel_id = s.channel_id AND b.month = s.month "
     "WHERE b.channel_id IS NULL"},
    {"allocations_fit",
     "No item is paid more than it asks, no payment gives more than it holds, and a returned "
     "payment gives nothing.",
     "SELECT 'item ' || i.item_id || ' of account ' || i.account_id, i.amount_minor, g.total "
     "FROM open_items i JOIN (SELECT account_id, item_id, SUM(amount_minor) AS total "
     "FROM allocations GROUP BY account_id, item_id) g "
     "ON g.account_id = i.account_id AND g.item_id = i.item_id "
     "WHERE g.total < 0 OR g.total > i.amount_minor "
     "UNION ALL SELECT 'payment ' || p.reference, p.amount_minor, g.total FROM payments p "
     "JOIN (SELECT account_id, payment_id, SUM(amount_minor) AS total FROM allocations "
     "GROUP BY account_id, payment_id) g ON g.account_id = p.account_id "
     "AND g.payment_id = p.payment_id LEFT JOIN payment_returns r "
     "ON r.account_id = p.account_id AND r.payment_id = p.payment_id "
     "WHERE g.total > p.amount_minor OR (r.payment_id IS NOT NULL AND g.total <> 0)"},
    {"payments_are_in_the_books",
     "Every payment and every return has its journal entry of the same amount.",
     "SELECT 'payment ' || y.reference, y.amount_minor, COALESCE(j.total, 0) FROM payments y "
     "LEFT JOIN (SELECT e.account_id, e.source_key, SUM(p.amount_minor) AS total "
     "FROM journal_entries e JOIN postings p ON p.account_id = e.account_id "
     "AND p.entry_id = e.entry_id WHERE e.source_kind IN ('payment', 'suspense') "
     "GROUP BY e.account_id, e.source_key) j ON j.account_id = y.account_id "
     "AND j.source_key = y.reference WHERE y.amount_minor <> COALESCE(j.total, 0) "
     "UNION ALL SELECT 'return ' || r.reference, y.amount_minor, COALESCE(j.total, 0) "
     "FROM payment_returns r JOIN payments y ON y.account_id = r.account_id "
     "AND y.payment_id = r.payment_id LEFT JOIN (SELECT e.account_id, e.source_key, "
     "SUM(p.amount_minor) AS total FROM journal_entries e JOIN postings p "
     "ON p.account_id = e.account_id AND p.entry_id = e.entry_id "
     "WHERE e.source_kind = 'payment_return' GROUP BY e.account_id, e.source_key) j "
     "ON j.account_id = r.account_id AND j.source_key = r.reference "
     "WHERE y.amount_minor <> COALESCE(j.total, 0)"},
};

const Query select_blocks(
    "SELECT b.channel_id, b.month, b.block, s.days, s.wh, s.not_counted FROM interval_blocks b "
    "LEFT JOIN interval_sums s ON s.channel_id = b.channel_id AND s.month = b.month "
    "WHERE b.month >= $1 ORDER BY b.channel_id, b.month");

std::string cell(const Statement& row, int column) {
    return row.is_null(column) ? std::string("nothing") : row.text(column);
}

}  // namespace

std::vector<Invariant> sql_invariants() {
    std::vector<Invariant> all;
    for (const Rule& rule : rules) all.push_back({rule.name, rule.meaning});
    return all;
}

std::vector<Violation> run_invariant(Database& database, const std::string& name, int limit,
                                     std::optional<Date> since) {
    for (const Rule& rule : rules) {
        if (rule.name != name) continue;
        std::vector<Violation> violations;
        Statement select = database.prepare(since ? rule.since : rule.sql);
        if (since) select.bind(1, *since);
        while (select.step() && static_cast<int>(violations.size()) < limit) {
            violations.push_back(
                {name, cell(select, 0) + ": " + cell(select, 1) + " against " + cell(select, 2)});
        }
        return violations;
    }
    raise_defect(__FILE__, __LINE__, "name", "there is no invariant " + name);
}

void each_block(Database& database, Date from_month,
                const std::function<void(const BlockRow&)>& look) {
    Statement select = database.prepare(select_blocks);
    select.bind(1, from_month).stream();
    while (select.step()) {
        BlockRow row;
        row.channel = select.integer(0);
        row.month = select.date(1);
        row.block = select.bytes(2);
        if (!select.is_null(3)) {
            row.sums = select.bytes(3);
            row.wh = select.integer(4);
            row.not_counted = select.integer(5);
        }
        look(row);
    }
}

}  // namespace watthour::storage
