// SPDX-License-Identifier: Apache-2.0
#include "app/move_database.hpp"

#include "app/errors.hpp"
#include "base/digest.hpp"
#include "base/files.hpp"

#include <fmt/format.h>

#include <filesystem>
#include <unistd.h>

namespace watthour::app {
namespace {

using storage::Database;
using storage::OpenMode;
using storage::TableDigest;

MoveOutcome outcome_of(std::vector<TableDigest> tables) {
    MoveOutcome outcome;
    Sha256 head;
    for (const TableDigest& table : tables) {
        outcome.rows += table.rows;
        head.add(fmt::format("{}|{}|{}\n", table.table, table.rows, table.sha256));
    }
    outcome.head = head.hex();
    outcome.tables = std::move(tables);
    return outcome;
}

/// The first table on which two sets of digests disagree; empty when they agree.
std::string first_difference(const std::vector<TableDigest>& a, const std::vector<TableDigest>& b) {
    for (std::size_t i = 0; i < a.size(); ++i) {
        if (i >= b.size() || a[i] != b[i]) return a[i].table;
    }
    return b.size() > a.size() ? b[a.size()].table : std::string();
}

std::string manifest_path(const std::string& file) { return file + ".manifest"; }

std::string manifest_of(const MoveOutcome& outcome, const std::string& sha256,
                        std::int64_t schema_version, std::int64_t taken_at) {
    json::array tables;
    for (const TableDigest& table : outcome.tables) {
        tables.push_back(
            json::object{{"table", table.table}, {"rows", table.rows}, {"sha256", table.sha256}});
    }
    return to_pretty_text(json::object{{"backup", 1},
                                       {"taken_at", taken_at},
                                       {"schema_version", schema_version},
                                       {"sha256", sha256},
                                       {"head", outcome.head},
                                       {"tables", std::move(tables)}}) +
           "\n";
}

/// A database in a file of its own that is gone when the work fails.
class Draft {
public:
    explicit Draft(std::string path) : path_(std::move(path)) { remove_all(); }
    ~Draft() { remove_all(); }
    Draft(const Draft&) = delete;
    Draft& operator=(const Draft&) = delete;
    [[nodiscard]] const std::string& path() const { return path_; }

private:
    void remove_all() const {
        std::error_code ignored;
        for (const char* suffix : {"", "-wal", "-shm", "-journal", "-queue"}) {
            std::filesystem::remove(path_ + suffix, ignored);
        }
    }
    std::string path_;
};

Error damaged(const std::string& file, const std::string& why) {
    return Error(errors::backup_damaged, {{"file", file}, {"why", why}});
}

}  // namespace

Result<MoveOutcome> copy_database(const std::string& from, const std::string& to,
                                  const storage::CopyProgress& progress) {
    TRY(auto source, Database::open(from, OpenMode::existing));
    TRY(auto target, Database::open(to, OpenMode::create_or_open));
    TRY(auto copied, storage::copy_tables(*source, *target, progress));
    const std::string differs = first_difference(copied, storage::digest_tables(*target));
    if (!differs.empty()) return Error(errors::copy_differs, {{"table", differs}});
    return outcome_of(std::move(copied));
}

Result<MoveOutcome> back_up(const std::string& from, const std::string& file, const Clock& clock,
                            const storage::CopyProgress& progress) {
    std::error_code ignored;
    if (std::filesystem::exists(file, ignored)) {
        return Error(errors::backup_exists, {{"file", file}});
    }
    const std::filesystem::path folder = std::filesystem::path(file).parent_path();
    if (!folder.empty()) std::filesystem::create_directories(folder, ignored);
    const Draft draft(fmt::format("{}.{}.part", file, ::getpid()));
    TRY(auto outcome, copy_database(from, "sqlite:" + draft.path(), progress));
    int version = 0;
    {
        // One file, without a log beside it, so that its bytes alone are the backup.
        TRY(auto copy, Database::open("sqlite:" + draft.path(), OpenMode::existing));
        version = copy->schema_version();
        copy->execute("PRAGMA wal_checkpoint(TRUNCATE); PRAGMA journal_mode=DELETE;");
    }
    TRY(const std::string bytes, read_file(draft.path()));
    // keep_file syncs; the manifest comes last and makes it a backup.
    keep_file(file, bytes);
    keep_file(manifest_path(file), manifest_of(outcome, sha256_hex(bytes), version, clock.now()));
    return outcome;
}

Result<MoveOutcome> verify_backup(const std::string& file) {
    TRY(const std::string bytes, read_file(file));
    const auto manifest = read_file(manifest_path(file));
    if (!manifest) return damaged(file, "its manifest is missing, so it was never finished");
    const auto said = parse_json(*manifest, manifest_path(file));
    if (!said || !said->is_object() || !said->as_object().contains("sha256") ||
        !said->as_object().contains("head")) {
        return damaged(file, "its manifest cannot be read");
    }
    const auto text = [&](const char* key) {
        const json::value& value = said->as_object().at(key);
        return value.is_string() ? std::string(value.as_string()) : std::string();
    };
    if (sha256_hex(bytes) != text("sha256")) {
        return damaged(file, "its bytes are not those that were written");
    }
    // Opened as a copy: looking must not change the backup.
    const Draft draft(fmt::format("{}.{}.looked-at", file, ::getpid()));
    write_file(draft.path(), bytes);
    TRY(auto database, Database::open("sqlite:" + draft.path(), OpenMode::as_is));
    auto outcome = outcome_of(storage::digest_tables(*database));
    if (outcome.head != text("head"))
        return damaged(file, "its tables are not those of the manifest");
    return outcome;
}

Result<MoveOutcome> restore(const std::string& file, const std::string& to,
                            const storage::CopyProgress& progress) {
    TRY(const auto verified, verify_backup(file));
    TRY(const std::string bytes, read_file(file));
    const Draft draft(fmt::format("{}.{}.restored-from", file, ::getpid()));
    write_file(draft.path(), bytes);
    bool same_schema = true;
    {
        TRY(auto backup, Database::open("sqlite:" + draft.path(), OpenMode::as_is));
        same_schema = backup->schema_version() == storage::newest_schema();
    }
    TRY(auto outcome, copy_database("sqlite:" + draft.path(), to, progress));
    // A backup of an older release is brought to this one's schema before it goes in.
    if (same_schema && outcome.head != verified.head) {
        return Error(errors::copy_differs,
                     {{"table", first_difference(verified.tables, outcome.tables)}});
    }
    return outcome;
}

Result<MoveOutcome> verify_database(const std::string& url) {
    TRY(auto database, Database::open(url, OpenMode::existing));
    return outcome_of(storage::digest_tables(*database));
}

}  // namespace watthour::app
