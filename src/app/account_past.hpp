// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "app/office.hpp"
#include "base/json.hpp"
#include "base/words.hpp"

#include <optional>
#include <string>
#include <vector>

namespace watthour::app {

/// One thing that happened to an account.
struct PastEntry {
    Date date;
    std::string kind;       ///< bill, payment, return, entry, read, work, edit, note
    std::string reference;  ///< what it is called: a bill number, a work item, a meter
    std::string text;       ///< in words, as it was recorded
    std::optional<Money> amount;
    std::string by;
};

/// Bills, money, reads, work items, edits and notes of an account as one row of entries, the
/// newest first, what work items say in the words of a language; within a day in the order of kind
/// and reference, so that a cursor finds its place.
[[nodiscard]] std::vector<PastEntry> account_past(Office& office, customers::AccountId account,
                                                  Language language = Language::english);

/// Places of a cursor: what stands before it was given already.
[[nodiscard]] std::string place_of(const PastEntry& entry);

[[nodiscard]] json::object to_json(const PastEntry& entry);

/// The account's entries in the books with the balance after each, the oldest first.
[[nodiscard]] json::array ledger_view(Office& office, customers::AccountId account);

/// Writes a remark about an account. Errors: app.note_empty.
[[nodiscard]] Result<PastEntry> add_note(Office& office, customers::AccountId account,
                                         const std::string& text);

}  // namespace watthour::app
