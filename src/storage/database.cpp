// SPDX-License-Identifier: Apache-2.0
#include "storage/database.hpp"

#include "base/check.hpp"
#include "storage/dialect.hpp"
#include "storage/errors.hpp"

#include <fmt/format.h>
#include <sqlite3.h>

#include <cerrno>
#include <filesystem>

namespace watthour::storage {
namespace {

int exit_code_of(int sqlite_code) {
    switch (sqlite_code & 0xFF) {
        case SQLITE_BUSY:
        case SQLITE_LOCKED: return static_cast<int>(ExitCode::retry);
        case SQLITE_FULL:
        case SQLITE_IOERR:
        case SQLITE_CANTOPEN:
        case SQLITE_READONLY: return static_cast<int>(ExitCode::io);
        case SQLITE_CORRUPT:
        case SQLITE_NOTADB: return static_cast<int>(ExitCode::unavailable);
        default: return static_cast<int>(ExitCode::defect);
    }
}

std::string plain_words(sqlite3* database, int sqlite_code, const char* detail) {
    // A full disk may show first where SQLite maps its shared memory, as an I/O error.
    const bool full =
        sqlite3_system_errno(database) == ENOSPC && (sqlite_code & 0xFF) == SQLITE_IOERR;
    switch (full ? SQLITE_FULL : sqlite_code & 0xFF) {
        case SQLITE_FULL:
            return "The disk is full. Nothing of the unfinished step was kept; make room and give "
                   "the same command again";
        case SQLITE_IOERR:
            return fmt::format(
                "The disk refused a read or write ({}). Nothing of the unfinished step was kept; "
                "when the disk is well, give the same command again",
                detail);
        case SQLITE_BUSY:
            return "Another program is writing to the database; try again in a moment";
        case SQLITE_NOTADB: return "The file is not a Watthour database";
        case SQLITE_CORRUPT: return "The database file is damaged; restore it from a backup";
        case SQLITE_CANTOPEN: return "The database file cannot be opened";
        case SQLITE_READONLY: return "The database file cannot be written to";
        default: return fmt::format("The database refused a statement: {}", detail);
    }
}

[[noreturn]] void fail(sqlite3* database) {
    const int code = sqlite3_extended_errcode(database);
    throw EnvironmentError(exit_code_of(code),
                           plain_words(database, code, sqlite3_errmsg(database)));
}

void must(sqlite3* database, int code) {
    if (code != SQLITE_OK) fail(database);
}

/// Posted rows cannot be changed, whatever statement tries. Source: ADR-0005.
int guard_posted(void*, int action, const char* table, const char*, const char*, const char*) {
    if ((action == SQLITE_UPDATE || action == SQLITE_DELETE) && table != nullptr &&
        is_posted_table(table)) {
        return SQLITE_DENY;
    }
    return SQLITE_OK;
}

}  // namespace

Statement::Statement(sqlite3* database, std::string_view sql) : database_(database) {
    const std::string text = to_sqlite(sql);
    must(database_, sqlite3_prepare_v3(database_, text.c_str(), static_cast<int>(text.size()),
                                       SQLITE_PREPARE_PERSISTENT, &statement_, nullptr));
    const int count = sqlite3_bind_parameter_count(statement_);
    for (int number = 1; number <= count; ++number) {
        const std::string name = fmt::format("${}", number);
        places_.push_back(sqlite3_bind_parameter_index(statement_, name.c_str()));
    }
}

Statement::~Statement() { sqlite3_finalize(statement_); }

Statement::Statement(Statement&& other) noexcept
    : database_(other.database_),
      statement_(std::exchange(other.statement_, nullptr)),
      places_(std::move(other.places_)) {}

Statement& Statement::bind(int parameter, std::int64_t value) {
    must(database_, sqlite3_bind_int64(statement_,
                                       places_.at(static_cast<std::size_t>(parameter - 1)), value));
    return *this;
}

Statement& Statement::bind(int parameter, std::string_view text) {
    must(database_,
         sqlite3_bind_text(statement_, places_.at(static_cast<std::size_t>(parameter - 1)),
                           text.data(), static_cast<int>(text.size()), SQLITE_TRANSIENT));
    return *this;
}

Statement& Statement::bind_bytes(int parameter, std::string_view bytes) {
    must(database_,
         sqlite3_bind_blob(statement_, places_.at(static_cast<std::size_t>(parameter - 1)),
                           bytes.data(), static_cast<int>(bytes.size()), SQLITE_TRANSIENT));
    return *this;
}

Statement& Statement::bind_null(int parameter) {
    must(database_,
         sqlite3_bind_null(statement_, places_.at(static_cast<std::size_t>(parameter - 1))));
    return *this;
}

Statement& Statement::bind(int parameter, Date date) { return bind(parameter, date.to_string()); }

Statement& Statement::bind(int parameter, const std::optional<Demand>& demand) {
    return demand ? bind(parameter, demand->w()) : bind_null(parameter);
}

bool Statement::step() {
    const int code = sqlite3_step(statement_);
    if (code == SQLITE_ROW) return true;
    if (code == SQLITE_DONE) return false;
    const int failure = sqlite3_extended_errcode(database_);
    const std::string detail = sqlite3_errmsg(database_);
    sqlite3_reset(statement_);
    throw EnvironmentError(exit_code_of(failure), plain_words(database_, failure, detail.c_str()));
}

void Statement::run() {
    while (step()) {
    }
    reset();
}

bool Statement::run_unless_taken() {
    const int code = sqlite3_step(statement_);
    if (code == SQLITE_DONE) {
        reset();
        return true;
    }
    const int failure = sqlite3_extended_errcode(database_);
    const std::string detail = sqlite3_errmsg(database_);
    sqlite3_reset(statement_);
    if (failure == SQLITE_CONSTRAINT_PRIMARYKEY || failure == SQLITE_CONSTRAINT_UNIQUE ||
        failure == SQLITE_CONSTRAINT_ROWID) {
        return false;
    }
    throw EnvironmentError(exit_code_of(failure), plain_words(database_, failure, detail.c_str()));
}

void Statement::reset() { sqlite3_reset(statement_); }

std::int64_t Statement::integer(int column) const {
    return sqlite3_column_int64(statement_, column);
}

std::string_view Statement::text_view(int column) const {
    const auto* text = sqlite3_column_text(statement_, column);
    const int size = sqlite3_column_bytes(statement_, column);
    return {reinterpret_cast<const char*>(text), static_cast<std::size_t>(size)};
}

std::string Statement::text(int column) const { return std::string(text_view(column)); }

std::string_view Statement::bytes(int column) const {
    const void* blob = sqlite3_column_blob(statement_, column);
    const int size = sqlite3_column_bytes(statement_, column);
    return {static_cast<const char*>(blob), static_cast<std::size_t>(size)};
}

bool Statement::is_null(int column) const {
    return sqlite3_column_type(statement_, column) == SQLITE_NULL;
}

Date Statement::date(int column) const { return *Date::parse(text_view(column)); }

std::optional<Demand> Statement::demand(int column) const {
    if (is_null(column)) return std::nullopt;
    return Demand::watts(integer(column));
}

Result<std::string> sqlite_path(const std::string& url) {
    const std::size_t colon = url.find(':');
    const std::string_view word = std::string_view(url).substr(0, colon);
    const bool names_a_kind =
        colon != std::string::npos && word.find_first_of("/.") == std::string_view::npos;
    if (!names_a_kind && !url.empty()) return url;
    if (word == "sqlite" && url.size() > colon + 1) return url.substr(colon + 1);
    return Error(errors::url_unknown, {{"url", url}});
}

Result<std::unique_ptr<Database>> Database::open(const std::string& url, OpenMode mode) {
    TRY(const std::string path, sqlite_path(url));
    std::error_code ignored;
    if (mode == OpenMode::existing && !std::filesystem::exists(path, ignored)) {
        return Error(errors::database_missing, {{"path", path}});
    }
    sqlite3* handle = nullptr;
    const int code =
        sqlite3_open_v2(path.c_str(), &handle, SQLITE_OPEN_READWRITE | SQLITE_OPEN_CREATE, nullptr);
    if (code != SQLITE_OK) {
        sqlite3_close(handle);
        throw EnvironmentError(static_cast<int>(ExitCode::io),
                               fmt::format("The database {} cannot be opened", path));
    }
    std::unique_ptr<Database> database(new Database(handle, path));
    sqlite3_extended_result_codes(handle, 1);
    sqlite3_busy_timeout(handle, 10000);
    database->execute(
        "PRAGMA journal_mode=WAL; PRAGMA synchronous=FULL; PRAGMA foreign_keys=ON; "
        "PRAGMA cache_size=-131072; PRAGMA temp_store=MEMORY; PRAGMA wal_autocheckpoint=4000;");
    TRY_DONE(database->migrate());
    sqlite3_set_authorizer(handle, guard_posted, nullptr);
    return database;
}

Database::~Database() { sqlite3_close(handle_); }

Statement Database::prepare(std::string_view sql) { return {handle_, sql}; }

void Database::execute(const std::string& sql) {
    must(handle_, sqlite3_exec(handle_, sql.c_str(), nullptr, nullptr, nullptr));
}

Transaction::Transaction(Database& database) : database_(database) {
    database_.execute("BEGIN IMMEDIATE");
}

Transaction::~Transaction() {
    if (!open_) return;
    try {
        database_.execute("ROLLBACK");
    } catch (const EnvironmentError&) {
        // SQLite has already rolled back by itself, for instance on a full disk.
    }
}

void Transaction::commit() {
    database_.execute("COMMIT");
    open_ = false;
}

}  // namespace watthour::storage
