// SPDX-License-Identifier: Apache-2.0
#include "storage/dialect.hpp"
#include "storage/money_rows.hpp"

#include <array>
#include <map>

namespace watthour::storage {
namespace {

using customers::AccountId;
using payments::DraftEntry;
using payments::Payment;
using payments::PaymentId;
using receivables::Allocation;
using receivables::OpenItem;

const Query select_reference("SELECT 1 FROM payment_references WHERE reference = $1");
const Query insert_reference(
    "INSERT INTO payment_references (reference, account_id, payment_id) VALUES ($1, $2, $3)");
const Query insert_payment(
    "INSERT INTO payments (account_id, payment_id, reference, channel, tender, effective_on, "
    "amount_minor, remitter, memo, batch, recorded_on) "
    "VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11)");
const Query insert_return(
    "INSERT INTO payment_returns (account_id, payment_id, reason, returned_on, reference, "
    "fee_minor, recorded_on) VALUES ($1, $2, $3, $4, $5, $6, $7)");
const Query select_allocation_counts(
    "SELECT account_id, payment_id, item_id, direction, count(*) FROM allocations "
    "WHERE account_id IN ${IDS} GROUP BY account_id, payment_id, item_id, direction");
const Query insert_allocation(
    "INSERT INTO allocations (account_id, payment_id, item_id, direction, allocation_number, "
    "amount_minor, recorded_on) VALUES ($1, $2, $3, $4, $5, $6, $7)");
const Query insert_item(
    "INSERT INTO open_items (account_id, item_id, source_key, item_class, billed_on, due_date, "
    "amount_minor, recorded_on) VALUES ($1, $2, $3, $4, $5, $6, $7, $8)");
const Query select_items(
    "SELECT i.account_id, i.item_id, i.source_key, i.item_class, i.billed_on, i.due_date, "
    "i.amount_minor, COALESCE(g.given, 0) FROM open_items i LEFT JOIN ("
    "SELECT account_id, item_id, SUM(amount_minor) AS given FROM allocations "
    "WHERE account_id IN ${IDS} GROUP BY account_id, item_id) g "
    "ON g.account_id = i.account_id AND g.item_id = i.item_id WHERE i.account_id IN ${IDS} "
    "AND i.amount_minor <> COALESCE(g.given, 0) ORDER BY i.account_id, i.billed_on, i.item_id");
const Query select_allocations(
    "SELECT item_id, SUM(amount_minor) FROM allocations WHERE account_id = $1 AND "
    "payment_id = $2 GROUP BY item_id ORDER BY item_id");
constexpr const char* payment_columns =
    "SELECT p.account_id, p.payment_id, p.reference, p.channel, p.tender, p.effective_on, "
    "p.amount_minor, p.remitter, p.memo, p.batch, COALESCE((SELECT SUM(a.amount_minor) FROM "
    "allocations a WHERE a.account_id = p.account_id AND a.payment_id = p.payment_id), 0), "
    "(SELECT count(*) FROM payment_returns r WHERE r.account_id = p.account_id AND "
    "r.payment_id = p.payment_id) FROM payments p ";
const Query select_returns_since(
    "SELECT count(*) FROM payment_returns WHERE account_id = $1 AND returned_on >= $2");
const Query insert_draft(
    "INSERT INTO draft_entries (trace, account_id, bill_number, payment_id, amount_minor, batch, "
    "recorded_on) VALUES ($1, $2, $3, $4, $5, $6, $7)");
const Query select_draft(
    "SELECT trace, account_id, bill_number, payment_id, amount_minor, batch FROM draft_entries "
    "WHERE trace = $1");
const Query select_drafts_of(
    "SELECT trace, account_id, bill_number, payment_id, amount_minor, batch FROM draft_entries "
    "WHERE batch = $1 ORDER BY trace");
const Query select_totals(
    "SELECT channel, batch, SUM(n), SUM(amount) FROM ("
    "SELECT channel, batch, 1 AS n, amount_minor AS amount FROM payments WHERE effective_on = $1 "
    "AND recorded_on <= $2 "
    "UNION ALL SELECT 'return', r.reason, 1, -p.amount_minor FROM payment_returns r "
    "JOIN payments p ON p.account_id = r.account_id AND p.payment_id = r.payment_id "
    "WHERE r.returned_on = $1 AND r.recorded_on <= $2) AS moves GROUP BY channel, batch ORDER BY "
    "channel, batch");

const Query select_of_accounts(
    payment_columns,
    "WHERE p.account_id IN ${IDS} ORDER BY p.account_id, p.effective_on, "
    "p.payment_id");
const Query select_of_account(payment_columns,
                              "WHERE p.account_id = $1 ORDER BY p.effective_on, p.payment_id");
const Query select_payment(payment_columns, "WHERE p.account_id = $1 AND p.payment_id = $2");

Payment payment_row(Statement& row) {
    Payment p;
    p.account = {row.integer(0)};
    p.id = {row.integer(1)};
    p.reference = row.text(2);
    p.channel = row.text(3);
    p.tender = row.text(4);
    p.effective = row.date(5);
    p.amount = row.money(6);
    p.remitter = row.text(7);
    p.memo = row.text(8);
    p.batch = row.text(9);
    p.allocated = row.money(10);
    p.returned = row.integer(11) != 0;
    return p;
}

DraftEntry draft_row(Statement& row) {
    return {row.text(0), row.text(5),      {row.integer(1)},
            row.text(2), {row.integer(3)}, row.money(4)};
}

}  // namespace

std::vector<std::string> PaymentRows::known_references(const std::vector<std::string>& references) {
    std::vector<std::string> known;
    Statement select = database_.prepare(select_reference);
    for (const std::string& reference : references) {
        select.bind(1, reference);
        if (select.step()) known.push_back(reference);
        select.reset();
    }
    return known;
}

void PaymentRows::add(const std::vector<Payment>& payments) {
    const std::string recorded_on = database_.recorded_on().to_string();
    Bulk reference = database_.bulk(insert_reference);
    Bulk payment = database_.bulk(insert_payment);
    for (const Payment& p : payments) {
        reference.bind(1, p.reference).bind(2, p.account.value).bind(3, p.id.value).run();
        payment.bind(1, p.account.value)
            .bind(2, p.id.value)
            .bind(3, p.reference)
            .bind(4, p.channel)
            .bind(5, p.tender)
            .bind(6, p.effective)
            .bind(7, p.amount)
            .bind(8, p.remitter)
            .bind(9, p.memo)
            .bind(10, p.batch)
            .bind(11, recorded_on)
            .run();
    }
    reference.finish();
    payment.finish();
}

void PaymentRows::add_returns(const std::vector<payments::PaymentReturn>& returns) {
    Bulk insert = database_.bulk(insert_return);
    for (const auto& r : returns) {
        insert.bind(1, r.account.value)
            .bind(2, r.payment.value)
            .bind(3, r.reason)
            .bind(4, r.date)
            .bind(5, r.reference)
            .bind(6, r.fee)
            .bind(7, database_.recorded_on())
            .run();
    }
    insert.finish();
}

void PaymentRows::add_allocations(const std::vector<Allocation>& allocations) {
    if (allocations.empty()) return;
    std::vector<AccountId> accounts;
    for (const Allocation& a : allocations) accounts.push_back(a.account);
    using Key = std::array<std::int64_t, 4>;
    std::map<Key, std::int64_t> numbers;
    Statement select = database_.prepare(select_allocation_counts);
    select.bind(1, id_list(accounts));
    while (select.step()) {
        numbers[{select.integer(0), select.integer(1), select.integer(2), select.integer(3)}] =
            select.integer(4);
    }
    const std::string recorded_on = database_.recorded_on().to_string();
    Bulk insert = database_.bulk(insert_allocation);
    for (const Allocation& a : allocations) {
        const std::int64_t direction = a.amount.is_negative() ? -1 : 1;
        insert.bind(1, a.account.value)
            .bind(2, a.payment_id)
            .bind(3, a.item_id)
            .bind(4, direction)
            .bind(5, ++numbers[Key{a.account.value, a.payment_id, a.item_id, direction}])
            .bind(6, a.amount)
            .bind(7, recorded_on)
            .run();
    }
    insert.finish();
}

void PaymentRows::add_items(const std::vector<OpenItem>& items) {
    const std::string recorded_on = database_.recorded_on().to_string();
    Bulk insert = database_.bulk(insert_item);
    for (const OpenItem& i : items) {
        insert.bind(1, i.account.value)
            .bind(2, i.item_id)
            .bind(3, i.source_key)
            .bind(4, static_cast<std::int64_t>(i.item_class))
            .bind(5, i.billed_on)
            .bind(6, i.due)
            .bind(7, i.amount)
            .bind(8, recorded_on)
            .run();
    }
    insert.finish();
}

std::vector<OpenItem> PaymentRows::items(const std::vector<AccountId>& accounts) {
    std::vector<OpenItem> items;
    Statement select = database_.prepare(select_items);
    select.bind(1, id_list(accounts));
    while (select.step()) {
        OpenItem item;
        item.account = {select.integer(0)};
        item.item_id = select.integer(1);
        item.source_key = select.text(2);
        item.item_class = static_cast<receivables::ItemClass>(select.integer(3));
        item.billed_on = select.date(4);
        item.due = select.date(5);
        item.amount = select.money(6);
        item.allocated = select.money(7);
        items.push_back(std::move(item));
    }
    return items;
}

std::vector<Allocation> PaymentRows::allocations_of(AccountId account, PaymentId payment) {
    std::vector<Allocation> allocations;
    Statement select = database_.prepare(select_allocations);
    select.bind(1, account.value).bind(2, payment.value);
    while (select.step()) {
        allocations.push_back({account, payment.value, select.integer(0), select.money(1)});
    }
    return allocations;
}

std::vector<Payment> PaymentRows::unapplied(const std::vector<AccountId>& accounts) {
    std::vector<Payment> found;
    Statement select = database_.prepare(select_of_accounts);
    select.bind(1, id_list(accounts));
    while (select.step()) {
        Payment payment = payment_row(select);
        if (!payment.returned && payment.allocated < payment.amount) {
            found.push_back(std::move(payment));
        }
    }
    return found;
}

std::vector<Payment> PaymentRows::payments(AccountId account) {
    std::vector<Payment> found;
    Statement select = database_.prepare(select_of_account);
    select.bind(1, account.value);
    while (select.step()) found.push_back(payment_row(select));
    return found;
}

std::optional<Payment> PaymentRows::find(AccountId account, PaymentId payment) {
    Statement select = database_.prepare(select_payment);
    select.bind(1, account.value).bind(2, payment.value);
    if (!select.step()) return std::nullopt;
    return payment_row(select);
}

std::int64_t PaymentRows::returns_since(AccountId account, Date from) {
    Statement select = database_.prepare(select_returns_since);
    select.bind(1, account.value).bind(2, from);
    return select.step() ? select.integer(0) : 0;
}

void PaymentRows::add_drafts(const std::vector<DraftEntry>& entries) {
    Bulk insert = database_.bulk(insert_draft);
    for (const DraftEntry& e : entries) {
        insert.bind(1, e.trace)
            .bind(2, e.account.value)
            .bind(3, e.bill_number)
            .bind(4, e.payment.value)
            .bind(5, e.amount)
            .bind(6, e.batch)
            .bind(7, database_.recorded_on())
            .run();
    }
    insert.finish();
}

std::optional<DraftEntry> PaymentRows::draft_of_trace(const std::string& trace) {
    Statement select = database_.prepare(select_draft);
    select.bind(1, trace);
    if (!select.step()) return std::nullopt;
    return draft_row(select);
}

std::vector<DraftEntry> PaymentRows::drafts_of(const std::string& batch) {
    std::vector<DraftEntry> drafts;
    Statement select = database_.prepare(select_drafts_of);
    select.bind(1, batch);
    while (select.step()) drafts.push_back(draft_row(select));
    return drafts;
}

std::vector<payments::ChannelTotal> PaymentRows::totals_of_day(Date date, Date known_on) {
    std::vector<payments::ChannelTotal> totals;
    Statement select = database_.prepare(select_totals);
    select.bind(1, date).bind(2, known_on);
    while (select.step()) {
        totals.push_back({select.text(0), select.text(1), select.integer(2), select.money(3)});
    }
    return totals;
}

}  // namespace watthour::storage
