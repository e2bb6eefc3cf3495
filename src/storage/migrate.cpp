// SPDX-License-Identifier: Apache-2.0
#include "base/digest.hpp"
#include "base/embedded.hpp"
#include "storage/database.hpp"
#include "storage/dialect.hpp"
#include "storage/errors.hpp"

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

}  // namespace

Result<void> Database::migrate() {
    Transaction transaction(*this);
    execute(to_sqlite(create_table));
    std::map<std::int64_t, std::pair<std::string, std::string>> applied;
    {
        Statement select = prepare(select_applied);
        while (select.step()) {
            applied[select.integer(0)] = {select.text(1), select.text(2)};
        }
    }
    std::int64_t version = 0;
    for (const EmbeddedFile& file : migrations::files()) {
        ++version;
        const std::string digest = sha256_hex(file.text);
        if (const auto found = applied.find(version); found != applied.end()) {
            if (found->second.second != digest) {
                return Error(errors::migration_changed,
                             {{"name", found->second.first}, {"path", path_}});
            }
            continue;
        }
        execute(to_sqlite(file.text));
        prepare(insert_applied).bind(1, version).bind(2, file.name).bind(3, digest).run();
    }
    if (!applied.empty() && applied.rbegin()->first > version) {
        return Error(errors::newer_schema, {{"path", path_},
                                            {"found", std::to_string(applied.rbegin()->first)},
                                            {"known", std::to_string(version)}});
    }
    transaction.commit();
    return {};
}

int Database::schema_version() {
    Statement select = prepare("SELECT max(version) FROM schema_migrations");
    return select.step() ? static_cast<int>(select.integer(0)) : 0;
}

}  // namespace watthour::storage
