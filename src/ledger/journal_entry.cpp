// SPDX-License-Identifier: Apache-2.0
#include "ledger/journal_entry.hpp"

#include "base/check.hpp"

namespace watthour::ledger {

EntryId entry_id(const std::string& source_kind, const std::string& source_key) {
    return {id_from_key("journal_entry", source_kind + "|" + source_key)};
}

void add_posting(JournalEntry& entry, const std::string& debit_account,
                 const std::string& credit_account, Money amount) {
    WH_CHECK(debit_account != credit_account, "a posting needs two different accounts");
    if (amount.is_zero()) return;
    if (amount.is_negative()) {
        entry.postings.push_back({credit_account, debit_account, -amount});
    } else {
        entry.postings.push_back({debit_account, credit_account, amount});
    }
}

}  // namespace watthour::ledger
