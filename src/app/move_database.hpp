// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "base/clock.hpp"
#include "base/json.hpp"
#include "storage/placement.hpp"
#include "storage/table_copy.hpp"

#include <string>
#include <vector>

namespace watthour::app {

struct MoveOutcome {
    std::vector<storage::TableDigest> tables;
    std::int64_t rows = 0;
    std::string head;  ///< SHA-256 over the digests of all tables
};

/// Copies a database into a new one of either engine, reads the copy back and compares every
/// table. The source may be in use: the copy is of one moment. The key of sealed fields is not
/// copied: it belongs to the office, not to the database.
///
/// Errors: storage.*, app.copy_differs.
[[nodiscard]] Result<MoveOutcome> copy_database(const std::string& from, const std::string& to,
                                                const storage::CopyProgress& progress);

/// A backup is one SQLite file, whatever engine it comes from, and beside it FILE.manifest with
/// the SHA-256 of the file and of every table. Taken while the office works on. The manifest is
/// written last: a backup without one is no backup.
///
/// Errors: storage.*, app.backup_exists, app.copy_differs.
[[nodiscard]] Result<MoveOutcome> back_up(const std::string& from, const std::string& file,
                                          const Clock& clock,
                                          const storage::CopyProgress& progress);

/// Verifies a backup without touching anything else: manifest, bytes, structure, every table.
/// Errors: app.backup_damaged, base.file_missing.
[[nodiscard]] Result<MoveOutcome> verify_backup(const std::string& file);

/// Restores a verified backup into a database that does not exist yet or is empty.
/// Errors: as verify_backup and copy_database; a damaged backup touches nothing.
[[nodiscard]] Result<MoveOutcome> restore(const std::string& file, const std::string& to,
                                          const storage::CopyProgress& progress);

/// The digest of a database as it stands.
[[nodiscard]] Result<MoveOutcome> verify_database(const std::string& url);

/// storage::spread_database, for commands.
using storage::spread_database;

}  // namespace watthour::app
