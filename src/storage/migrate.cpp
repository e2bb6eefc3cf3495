// SPDX-License-Identifier: Apache-2.0
#include "base/digest.hpp"
#include "base/embedded.hpp"
#include "storage/database.hpp"
#include "storage/dialect.hpp"
#include "storage/errors.hpp"

#include <algorithm>
#include <map>

namespace watthour::storage::migrations {
std::span<const EmbeddedFile> files();
}  // namespace watthour::storage::migrations

namespace watthour::storage {
namespace {

constexpr const char* create_table =
    "CREATE TABLE IF NOT EXISTS schema_migrations (version BIGINT NOT NULL PRIMARY KEY, "
    "name TEXT NOT NULL, sha256 TEXT NOT NULL) ${STRICT}";
constexpr const char* select_applied =
    "SELECT version, name, sha256 FROM schema_migrations ORDER BY version";
constexpr const char* insert_applied =
    "INSERT INTO schema_migrations (version, name, sha256) VALUES ($1, $2, $3)";
constexpr const char* select_version = "SELECT max(version) FROM schema_migrations";

struct Applied {
    std::string name;
    std::string sha256;
};

std::map<std::int64_t, Applied> applied_in(Database& database) {
    std::map<std::int64_t, Applied> applied;
    const auto tables = database.tables();
    if (std::find(tables.begin(), tables.end(), "schema_migrations") == tables.end()) return {};
    Statement select = database.prepare_text(select_applied);
    while (select.step()) applied[select.integer(0)] = {select.text(1), select.text(2)};
    return applied;
}

/// What this program knows against what the database has had.
Result<void> compare(const std::map<std::int64_t, Applied>& applied, std::int64_t known,
                     const std::string& path) {
    if (!applied.empty() && applied.rbegin()->first > known) {
        return Error(errors::newer_schema, {{"path", path},
                                            {"found", std::to_string(applied.rbegin()->first)},
                                            {"known", std::to_string(known)}});
    }
    for (const auto& [version, had] : applied) {
        const EmbeddedFile& file = migrations::files()[static_cast<std::size_t>(version - 1)];
        if (had.sha256 != sha256_hex(file.text)) {
            return Error(errors::migration_changed, {{"name", had.name}, {"path", path}});
        }
    }
    return {};
}

}  // namespace

Result<void> Database::migrate(OpenMode mode, int newest) {
    TRY(const std::string path, local_path(url_));
    auto applied = applied_in(*this);
    TRY_DONE(compare(applied, newest, path));
    if (static_cast<int>(applied.size()) == newest || mode == OpenMode::as_is) return {};

    // Another process may migrate at the same moment: look again with the schema held.
    Transaction transaction(*this);
    connection_->lock_schema();
    execute(to_engine(engine(), create_table));
    applied = applied_in(*this);
    TRY_DONE(compare(applied, newest, path));
    std::int64_t version = 0;
    for (const EmbeddedFile& file : migrations::files().first(static_cast<std::size_t>(newest))) {
        if (applied.contains(++version)) continue;
        execute(to_engine(engine(), file.text));
        prepare_text(insert_applied)
            .bind(1, version)
            .bind(2, file.name)
            .bind(3, sha256_hex(file.text))
            .run();
    }
    transaction.commit();
    return {};
}

int newest_schema() { return static_cast<int>(migrations::files().size()); }

int Database::schema_version() {
    Statement select = prepare_text(select_version);
    return select.step() ? static_cast<int>(select.integer(0)) : 0;
}

}  // namespace watthour::storage
