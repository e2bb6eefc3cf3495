// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "storage/database.hpp"

#include <string>
#include <vector>

namespace watthour::storage {

struct CountAndMoney {
    std::string name;
    std::int64_t count = 0;
    Money amount;
};

/// What a range of business dates brought, in figures.
struct Summary {
    std::int64_t accounts = 0;
    std::int64_t meters = 0;
    std::int64_t register_reads = 0;
    std::int64_t interval_blocks = 0;
    std::int64_t block_bytes = 0;
    std::int64_t bills = 0;
    Energy delivered;
    Money current_charges;
    std::int64_t bills_ever = 0;
    std::vector<CountAndMoney> lines;     ///< by line code, of bills dated in the range
    std::vector<CountAndMoney> payments;  ///< by channel, effective in the range
};

[[nodiscard]] Summary summarize(Database& database, DateRange days);

}  // namespace watthour::storage
