// SPDX-License-Identifier: Apache-2.0
#include "app/post_payments.hpp"

#include "app/allocate_money.hpp"
#include "app/audit_trail.hpp"
#include "app/errors.hpp"
#include "base/text.hpp"
#include "formats/scan_line.hpp"

#include <fmt/format.h>

#include <algorithm>

namespace watthour::app {
namespace {

using customers::AccountId;
using payments::Payment;
using payments::PaymentReturn;

std::vector<AccountId> accounts_of(const std::vector<Payment>& payments) {
    std::vector<AccountId> accounts;
    for (const Payment& payment : payments) {
        if (payment.account != customers::utility_account) accounts.push_back(payment.account);
    }
    return accounts;
}

bool suspends_autopay(const tariff::AutopayPolicy& policy, const std::string& reason) {
    return std::find(policy.suspend_codes.begin(), policy.suspend_codes.end(), reason) !=
           policy.suspend_codes.end();
}

/// The fee stands as an item of its own until a payment clears it.
receivables::OpenItem fee_item(const PaymentReturn& back) {
    receivables::OpenItem item;
    item.account = back.account;
    item.item_id = id_from_key("open_item", "fee|" + back.reference);
    item.source_key = back.reference;
    item.item_class = receivables::ItemClass::fee;
    item.billed_on = back.date;
    item.due = back.date;
    item.amount = back.fee;
    return item;
}

}  // namespace

void post_payments(Office& office, const std::vector<Payment>& payments) {
    office.accounts().hold(accounts_of(payments));
    std::vector<ledger::JournalEntry> entries;
    for (const Payment& payment : payments) entries.push_back(payments::payment_entry(payment));
    office.payments().add(payments);
    office.journal().post(entries);
    allocate_unapplied(office, accounts_of(payments));
}

void post_returns(Office& office, const std::vector<PaymentReturn>& returns) {
    std::vector<ledger::JournalEntry> entries;
    std::vector<receivables::Allocation> undone;
    std::vector<receivables::OpenItem> items;
    std::vector<AccountId> accounts;
    for (const PaymentReturn& back : returns) accounts.push_back(back.account);
    office.accounts().hold(accounts);
    for (const PaymentReturn& back : returns) {
        const auto payment = office.payments().find(back.account, back.payment);
        WH_CHECK(payment.has_value(), "a return of a payment that is not there");
        entries.push_back(payments::return_entry(*payment, back));
        for (auto allocation : office.payments().allocations_of(back.account, back.payment)) {
            if (allocation.amount.is_zero()) continue;
            allocation.amount = -allocation.amount;
            undone.push_back(allocation);
        }
        if (back.fee.is_positive()) {
            entries.push_back(payments::return_fee_entry(back));
            items.push_back(fee_item(back));
        }
        if (suspends_autopay(office.catalogue().policies.autopay, back.reason)) {
            office.accounts().suspend_mandate(back.account, back.date, "returned " + back.reason);
        }
    }
    office.payments().add_returns(returns);
    office.payments().add_allocations(undone);
    office.payments().add_items(items);
    office.journal().post(entries);
    allocate_unapplied(office, accounts);
}

Money return_fee(Office& office, AccountId account, Date date) {
    const bool later = office.payments().returns_since(account, date - 365) > 0;
    const auto fee = office.catalogue().find_fee(later ? "RET-2" : "RET-1", date);
    return fee ? fee->first->amount : Money();
}

Result<customers::Account> find_account(Office& office, const std::string& number) {
    const Error unknown(errors::account_unknown, {{"account", number}});
    std::string digits;
    for (const char c : number) {
        if (c >= '0' && c <= '9') {
            digits.push_back(c);
        } else if (c != '-' && c != ' ') {
            return unknown;
        }
    }
    if (digits.size() != 11 || !formats::account_number_ok(digits)) return unknown;
    const auto found = office.accounts().accounts({AccountId{*parse_integer(digits)}});
    if (found.empty()) return unknown;
    return found.front();
}

Money account_balance(Office& office, AccountId account) {
    const auto last = office.bills().last_bills({account});
    Money balance;
    if (const auto found = last.find(account); found != last.end()) {
        balance = found->second.amount_due;
    }
    auto activity = office.bills().unbilled_activity({account});
    for (const auto& entry : activity[account]) balance += entry.amount;
    return balance;
}

Result<CounterReceipt> post_counter_payment(Office& office, const CounterPayment& request) {
    if (request.tender != "cash" && request.tender != "check" && request.tender != "card") {
        return Error(errors::tender_unknown, {{"tender", request.tender.substr(0, 80)}});
    }
    if (!request.amount.is_positive()) {
        return Error(errors::amount_not_positive, {{"amount", request.amount.to_string()}});
    }
    TRY(const auto account, find_account(office, request.account));
    Payment payment;
    payment.account = account.id;
    payment.reference = "counter:" + request.receipt;
    payment.id = payments::payment_id(payment.reference);
    payment.channel = "counter";
    payment.tender = request.tender;
    payment.effective = request.date;
    payment.amount = request.amount;
    payment.remitter = account.name;
    payment.batch = "counter-" + request.date.to_string();

    return storage::with_retries([&]() -> Result<CounterReceipt> {
        storage::Transaction transaction(office.database(), request.date);
        office.accounts().hold({account.id});
        if (!office.payments().known_references({payment.reference}).empty()) {
            return Error(errors::payment_reference_taken, {{"reference", request.receipt}});
        }
        CounterReceipt receipt;
        receipt.balance_before = account_balance(office, account.id);
        post_payments(office, {payment});
        receipt.balance_after = account_balance(office, account.id);
        receipt.payment = payment;
        record(office, access::permissions::payment_post,
               {account.id.value, "payment:" + payment.reference, "",
                payment.amount.to_string() + " " + payment.tender, "at the counter", 0});
        if (!request.dry_run) transaction.commit();
        return receipt;
    });
}

}  // namespace watthour::app
