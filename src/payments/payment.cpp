// SPDX-License-Identifier: Apache-2.0
#include "payments/payment.hpp"

namespace watthour::payments {

PaymentId payment_id(const std::string& reference) { return {id_from_key("payment", reference)}; }

ledger::JournalEntry payment_entry(const Payment& payment) {
    const bool unidentified = payment.account == customers::utility_account;
    ledger::JournalEntry entry;
    entry.account = payment.account.value;
    entry.source_kind = unidentified ? "suspense" : "payment";
    entry.source_key = payment.reference;
    entry.id = ledger::entry_id(entry.source_kind, entry.source_key);
    entry.business_date = payment.effective;
    entry.memo = payment.channel + " " + payment.tender;
    ledger::add_posting(entry, ledger::gl::cash_clearing,
                        unidentified ? ledger::gl::suspense : ledger::gl::receivable,
                        payment.amount);
    return entry;
}

ledger::JournalEntry return_entry(const Payment& payment, const PaymentReturn& back) {
    ledger::JournalEntry entry;
    entry.account = payment.account.value;
    entry.source_kind = "payment_return";
    entry.source_key = back.reference;
    entry.id = ledger::entry_id(entry.source_kind, entry.source_key);
    entry.business_date = back.date;
    entry.memo = "returned " + back.reason;
    ledger::add_posting(entry, ledger::gl::receivable, ledger::gl::cash_clearing, payment.amount);
    return entry;
}

ledger::JournalEntry return_fee_entry(const PaymentReturn& back) {
    ledger::JournalEntry entry;
    entry.account = back.account.value;
    entry.source_kind = "returned_item_fee";
    entry.source_key = back.reference;
    entry.id = ledger::entry_id(entry.source_kind, entry.source_key);
    entry.business_date = back.date;
    entry.memo = "returned item fee " + back.reason;
    ledger::add_posting(entry, ledger::gl::receivable, ledger::gl::fees, back.fee);
    return entry;
}

}  // namespace watthour::payments
