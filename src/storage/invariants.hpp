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

/// Calls `look` with channel, month and bytes of every stored block of a month and those after.
/// Nothing else may use the database meanwhile.
void each_block(Database& database, Date from_month,
                const std::function<void(std::int64_t, Date, std::string_view)>& look);

}  // namespace watthour::storage
