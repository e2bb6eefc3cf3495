// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "storage/database.hpp"

#include <functional>
#include <string>
#include <vector>

namespace watthour::storage {

/// One table's rows in the order of its key, as a count and a SHA-256 over all values.
struct TableDigest {
    std::string table;
    std::int64_t rows = 0;
    std::string sha256;
    friend bool operator==(const TableDigest&, const TableDigest&) = default;
};

/// Digests of all tables as of one moment. The same rows give the same digests on every engine.
[[nodiscard]] std::vector<TableDigest> digest_tables(Database& database);

/// Called after each table with its name and rows.
using CopyProgress = std::function<void(const std::string& table, std::int64_t rows)>;

/// Copies every row of one database, as of one moment, into an empty one of either engine, in one
/// transaction: all of it or nothing. The digests are of the rows read; compare them with those
/// of the target. Errors: storage.target_in_use, storage.schema_differs.
[[nodiscard]] Result<std::vector<TableDigest>> copy_tables(Database& from, Database& to,
                                                           const CopyProgress& progress);

/// All rows as text, a table after the other in the order of keys, without sealed columns, whose
/// bytes differ each time they are sealed, without the time of day at which things were done,
/// and without the queue of jobs and who is signed in.
/// Two databases with the same books give the same text.
[[nodiscard]] std::string dump_tables(Database& database);

}  // namespace watthour::storage
