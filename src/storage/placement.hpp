// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "storage/database.hpp"

#include <functional>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace watthour::storage {

/// Where a table's rows lie when a database is spread over several machines.
enum class Where {
    by_key,       ///< divided by the value of a column; rows of one value lie together
    everywhere,   ///< whole on every machine: small, read in joins, seldom written
    coordinator,  ///< on the first machine alone: the queue, the seals
};

struct Placement {
    std::string_view table;
    Where where = Where::everywhere;
    std::string_view column;  ///< that its rows are divided by
};

/// Every table of the schema. A test holds it complete, and keys leading with the column.
[[nodiscard]] const std::vector<Placement>& placements();
/// Errors: none; a table without a placement is a defect.
[[nodiscard]] const Placement& placement_of(std::string_view table);

using SpreadProgress = std::function<void(const std::string& table, const std::string& where)>;

struct SpreadOutcome {
    std::vector<std::string> nodes;
    std::int64_t divided = 0;
    std::int64_t everywhere = 0;
    std::int64_t already = 0;  ///< tables that were spread before
};

/// Spreads a database of a PostgreSQL server that has Citus over the nodes ("host:port") and those
/// it knows already. Safe to repeat, with further nodes as well; every table is moved whole or not
/// at all. Errors: storage.not_postgresql, storage.citus_missing, storage.node_malformed.
[[nodiscard]] Result<SpreadOutcome> spread_database(const std::string& url,
                                                    const std::vector<std::string>& nodes,
                                                    const SpreadProgress& progress);

}  // namespace watthour::storage
