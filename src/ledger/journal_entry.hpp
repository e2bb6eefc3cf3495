// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "base/ids.hpp"
#include "calendar/date.hpp"
#include "money/money.hpp"

#include <string>
#include <vector>

namespace watthour::ledger {

using EntryId = Id<struct EntryTag>;

/// The accounts of the books that the program itself posts to. Lines of bills post where the
/// GL map of the tariffs says.
namespace gl {
inline constexpr const char* cash_clearing = "1015";
inline constexpr const char* receivable = "1310";
inline constexpr const char* suspense = "2330";
inline constexpr const char* fees = "4600";
}  // namespace gl

/// One movement: the amount is positive and leaves the credit account for the debit account,
/// so that an unbalanced entry cannot be written at all (decision 0005).
struct Posting {
    std::string debit_account;
    std::string credit_account;
    Money amount;
};

/// One event in the books. `source_kind` and `source_key` name the document and guard it:
/// a second entry of the same source is refused by a unique key.
struct JournalEntry {
    std::int64_t account = 0;  ///< the customer's account the entry belongs to; 0 = none
    EntryId id;
    Date business_date;
    std::string source_kind;  ///< bill, payment, payment_return, returned_item_fee, suspense
    std::string source_key;
    std::string memo;
    std::vector<Posting> postings;
};

[[nodiscard]] EntryId entry_id(const std::string& source_kind, const std::string& source_key);

/// Adds a posting for a signed amount; negative swaps the sides, zero adds nothing.
void add_posting(JournalEntry& entry, const std::string& debit_account,
                 const std::string& credit_account, Money amount);

struct GlBalance {
    std::string account;
    Money debit;   ///< sum of debits
    Money credit;  ///< sum of credits
};

class JournalStore {
public:
    virtual ~JournalStore() = default;
    /// Writes entries in key order. A source already posted is a defect here: callers ask first
    /// or hold the unique key of their own effect.
    virtual void post(const std::vector<JournalEntry>& entries) = 0;
    /// Sums by GL account of all entries dated up to and including the day.
    [[nodiscard]] virtual std::vector<GlBalance> trial_balance(Date through, Date known_on) = 0;
};

}  // namespace watthour::ledger
