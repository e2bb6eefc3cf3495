// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "customers/account.hpp"
#include "ledger/journal_entry.hpp"
#include "receivables/open_item.hpp"

#include <optional>
#include <string>
#include <vector>

namespace watthour::payments {

using PaymentId = Id<struct PaymentTag>;

/// Money received. Never edited: it is returned or transferred, with link and reason (R5.05).
struct Payment {
    customers::AccountId account;
    PaymentId id;
    std::string reference;  ///< unique in the whole utility: file hash + line, trace, receipt
    std::string channel;    ///< lockbox, counter, autopay
    std::string tender;     ///< check, cash, ach_debit
    Date effective;         ///< counts for due dates (R5.02)
    Money amount;
    std::string remitter;
    std::string memo;
    std::string batch;  ///< file or drawer it came in
    Money allocated;    ///< filled when read
    bool returned = false;
};

/// The bank took it back.
struct PaymentReturn {
    customers::AccountId account;
    PaymentId payment;
    std::string reason;  ///< NACHA code, R01
    Date date;
    std::string reference;  ///< file hash + line of the return
    Money fee;
};

[[nodiscard]] PaymentId payment_id(const std::string& reference);

/// Debit cash clearing, credit receivable (or suspense when nobody is known to own it).
[[nodiscard]] ledger::JournalEntry payment_entry(const Payment& payment);
[[nodiscard]] ledger::JournalEntry return_entry(const Payment& payment, const PaymentReturn& back);
[[nodiscard]] ledger::JournalEntry return_fee_entry(const PaymentReturn& back);

/// An entry of a released draft file, found again by its trace number.
struct DraftEntry {
    std::string trace;
    std::string batch;  ///< of the payments it makes: draft-2026-06-15
    customers::AccountId account;
    std::string bill_number;
    PaymentId payment;
    Money amount;
};

struct ChannelTotal {
    std::string channel;
    std::string batch;
    std::int64_t count = 0;
    Money amount;
};

class PaymentStore {
public:
    virtual ~PaymentStore() = default;
    /// Those of the references that are already taken.
    [[nodiscard]] virtual std::vector<std::string> known_references(
        const std::vector<std::string>& references) = 0;
    virtual void add(const std::vector<Payment>& payments) = 0;
    virtual void add_returns(const std::vector<PaymentReturn>& returns) = 0;
    virtual void add_allocations(const std::vector<receivables::Allocation>& allocations) = 0;
    virtual void add_items(const std::vector<receivables::OpenItem>& items) = 0;
    /// Items of the accounts that are not wholly paid, in order of account.
    [[nodiscard]] virtual std::vector<receivables::OpenItem> items(
        const std::vector<customers::AccountId>& accounts) = 0;
    [[nodiscard]] virtual std::vector<receivables::Allocation> allocations_of(
        customers::AccountId account, PaymentId payment) = 0;
    /// Payments of the accounts that are not returned and not wholly allocated.
    [[nodiscard]] virtual std::vector<Payment> unapplied(
        const std::vector<customers::AccountId>& accounts) = 0;
    [[nodiscard]] virtual std::vector<Payment> payments(customers::AccountId account) = 0;
    [[nodiscard]] virtual std::optional<Payment> find(customers::AccountId account,
                                                      PaymentId payment) = 0;
    [[nodiscard]] virtual std::int64_t returns_since(customers::AccountId account, Date from) = 0;
    virtual void add_drafts(const std::vector<DraftEntry>& entries) = 0;
    [[nodiscard]] virtual std::optional<DraftEntry> draft_of_trace(const std::string& trace) = 0;
    /// The entries of one draft file, by its batch name, in order of trace.
    [[nodiscard]] virtual std::vector<DraftEntry> drafts_of(const std::string& batch) = 0;
    /// Payments and (negative) returns of a business day by channel and batch.
    [[nodiscard]] virtual std::vector<ChannelTotal> totals_of_day(Date date, Date known_on) = 0;
};

}  // namespace watthour::payments
