// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "base/problem.hpp"
#include "calendar/date.hpp"
#include "formats/layout.hpp"
#include "money/money.hpp"

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace watthour::formats {

/// One check that the bank opened.
struct LockboxItem {
    std::int64_t line = 0;
    int batch = 0;
    int item = 0;
    Money amount;
    std::string routing;
    std::string check_account;  ///< show only masked_account(check_account)
    std::string check_number;
    std::optional<Date> check_date;
    std::string remitter;
    std::string payee;
    std::vector<std::string> memos;  ///< overflow: the account from the stub; empty = check only
    friend bool operator==(const LockboxItem&, const LockboxItem&) = default;
};

struct LockboxBatch {
    std::int64_t line = 0;  ///< of its first record
    std::string lockbox;
    int number = 0;
    Date deposit_date;
    std::vector<LockboxItem> items;
    [[nodiscard]] Money amount() const;
    friend bool operator==(const LockboxBatch&, const LockboxBatch&) = default;
};

struct LockboxFile {
    std::string priority = "00";
    std::string destination;
    std::string origin;
    Date created;
    int created_second = 0;  ///< of the day
    std::string reference;
    std::vector<LockboxBatch> batches;
    Problems problems;

    /// False refuses the whole file: nothing of it may be posted.
    [[nodiscard]] bool ok() const { return problems.empty(); }
    [[nodiscard]] Money amount() const;
    [[nodiscard]] std::int64_t item_count() const;
};

/// Reads a lockbox remittance file and proves its totals.
///
/// Units:    cents. A stub without an account is no fault of form: the item has no memo.
/// Errors:   never; problems are lockbox.record_type, record_length, record_order, field_missing,
///           field_cut, not_numeric, date, time, overflow_item, overflow_order, batch_total,
///           box_total, count, header_missing, trailer_missing.
/// Source:   BAI-LOCKBOX-FILE.
[[nodiscard]] LockboxFile read_lockbox(std::string_view bytes,
                                       const Layout& layout = shipped_layout("bai-lockbox"));

/// Writes the file with its totals; batches of one lockbox and date that follow one another
/// share its header and total. A batch holds at most 999 items.
[[nodiscard]] std::string write_lockbox(const LockboxFile& file,
                                        const Layout& layout = shipped_layout("bai-lockbox"));

}  // namespace watthour::formats
