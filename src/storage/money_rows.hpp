// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "ledger/journal_entry.hpp"
#include "payments/payment.hpp"
#include "storage/database.hpp"

namespace watthour::storage {

/// ledger::JournalStore over journal_entries and postings.
class JournalRows final : public ledger::JournalStore {
public:
    explicit JournalRows(Database& database) : database_(database) {}
    void post(const std::vector<ledger::JournalEntry>& entries) override;
    std::vector<ledger::GlBalance> trial_balance(Date through, Date known_on) override;

private:
    Database& database_;
};

/// payments::PaymentStore over payments, payment_returns, open_items, allocations and
/// draft_entries.
class PaymentRows final : public payments::PaymentStore {
public:
    explicit PaymentRows(Database& database) : database_(database) {}
    std::vector<std::string> known_references(const std::vector<std::string>& references) override;
    void add(const std::vector<payments::Payment>& payments) override;
    void add_returns(const std::vector<payments::PaymentReturn>& returns) override;
    void add_allocations(const std::vector<receivables::Allocation>& allocations) override;
    void add_items(const std::vector<receivables::OpenItem>& items) override;
    std::vector<receivables::OpenItem> items(
        const std::vector<customers::AccountId>& accounts) override;
    std::vector<receivables::Allocation> allocations_of(customers::AccountId account,
                                                        payments::PaymentId payment) override;
    std::vector<payments::Payment> unapplied(
        const std::vector<customers::AccountId>& accounts) override;
    std::vector<payments::Payment> payments(customers::AccountId account) override;
    std::optional<payments::Payment> find(customers::AccountId account,
                                          payments::PaymentId payment) override;
    std::int64_t returns_since(customers::AccountId account, Date from) override;
    void add_drafts(const std::vector<payments::DraftEntry>& entries) override;
    std::optional<payments::DraftEntry> draft_of_trace(const std::string& trace) override;
    std::vector<payments::DraftEntry> drafts_of(const std::string& batch) override;
    std::vector<payments::ChannelTotal> totals_of_day(Date date, Date known_on) override;

private:
    Database& database_;
};

}  // namespace watthour::storage
