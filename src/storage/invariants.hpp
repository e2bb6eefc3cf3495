// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "storage/database.hpp"

#include <functional>
#include <optional>
#include <string>
#include <vector>

namespace watthour::storage {

/// One thing that must be true of the books and the data, whatever happened.
struct Invariant {
    std::string name;
    std::string meaning;
};

struct Violation {
    std::string invariant;
    std::string what;  ///< the thing, in natural keys, and the two facts that disagree
};

/// All invariants that are kept by SQL, in order.
[[nodiscard]] std::vector<Invariant> sql_invariants();

/// Runs one, over everything or over the accounts and files that something was recorded for since
/// a business day; every violating row becomes a sentence, at most `limit` of them.
[[nodiscard]] std::vector<Violation> run_invariant(Database& database, const std::string& name,
                                                   int limit,
                                                   std::optional<Date> since = std::nullopt);

/// A stored block and what stands beside it.
struct BlockRow {
    std::int64_t channel = 0;
    Date month;
    std::string_view block;
    std::string_view sums;  ///< empty: written before sums were kept
    std::int64_t wh = 0;
    std::int64_t not_counted = 0;
};

/// Calls `look` with every stored block of a month and those after. Nothing else may use the
/// database meanwhile.
void each_block(Database& database, Date from_month,
                const std::function<void(const BlockRow&)>& look);

}  // namespace watthour::storage
