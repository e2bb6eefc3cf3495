// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "storage/database.hpp"

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

/// Runs one; every violating row becomes a sentence, at most `limit` of them.
[[nodiscard]] std::vector<Violation> run_invariant(Database& database, const std::string& name,
                                                   int limit);

/// Calls `look` with channel, month and bytes of every stored block.
template <class Look>
void each_block(Database& database, Look look) {
    Statement select = database.prepare(
        "SELECT channel_id, month, block FROM interval_blocks ORDER BY channel_id, month");
    while (select.step()) look(select.integer(0), select.date(1), select.bytes(2));
}

}  // namespace watthour::storage
