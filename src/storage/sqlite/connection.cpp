// SPDX-License-Identifier: Apache-2.0
#include "storage/sqlite/connection.hpp"

#include "storage/database.hpp"
#include "storage/dialect.hpp"

#include <fmt/format.h>
#include <sqlite3.h>

#include <cerrno>
#include <fcntl.h>
#include <sys/file.h>
#include <unistd.h>

namespace watthour::storage::sqlite {
namespace {

int exit_code_of(int sqlite_code) {
    switch (sqlite_code & 0xFF) {
        case SQLITE_FULL:
        case SQLITE_IOERR:
        case SQLITE_CANTOPEN:
        case SQLITE_READONLY: return static_cast<int>(ExitCode::io);
        case SQLITE_NOMEM:
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
        case SQLITE_NOMEM: return "The machine has no memory left for the database";
        case SQLITE_NOTADB: return "The file is not a Watthour database";
        case SQLITE_CORRUPT: return "The database file is damaged; restore it from a backup";
        case SQLITE_CANTOPEN: return "The database file cannot be opened";
        case SQLITE_READONLY: return "The database file cannot be written to";
        default: return fmt::format("The database refused a statement: {}", detail);
    }
}

[[noreturn]] void fail(sqlite3* database, int code, const std::string& detail) {
    const int kind = code & 0xFF;
    if (kind == SQLITE_BUSY || kind == SQLITE_LOCKED) {
        throw Contention(static_cast<int>(ExitCode::retry),
                         "Another program is writing to the database; try again in a moment");
    }
    if (code == SQLITE_CONSTRAINT_PRIMARYKEY || code == SQLITE_CONSTRAINT_UNIQUE ||
        code == SQLITE_CONSTRAINT_ROWID) {
        throw KeyTaken(static_cast<int>(ExitCode::defect), "It is there already: " + detail);
    }
    throw EnvironmentError(exit_code_of(code), plain_words(database, code, detail.c_str()));
}

void must(sqlite3* database, int code) {
    if (code != SQLITE_OK) {
        fail(database, sqlite3_extended_errcode(database), sqlite3_errmsg(database));
    }
}

/// Posted rows cannot be changed, whatever statement tries. Source: decision 0005.
int guard_posted(void*, int action, const char* table, const char*, const char*, const char*) {
    if ((action == SQLITE_UPDATE || action == SQLITE_DELETE) && table != nullptr &&
        is_posted_table(table)) {
        return SQLITE_DENY;
    }
    return SQLITE_OK;
}

struct Finalize {
    void operator()(sqlite3_stmt* statement) const { sqlite3_finalize(statement); }
};

// A handle that is left open, when memory runs out for instance, keeps its locks for this process.
struct Close {
    void operator()(sqlite3* handle) const { sqlite3_close_v2(handle); }
};
using Handle = std::unique_ptr<sqlite3, Close>;

class SqliteStatement final : public Prepared {
public:
    SqliteStatement(sqlite3* database, const std::string& sql) : database_(database) {
        const int code = sqlite3_prepare_v3(database_, sql.c_str(), static_cast<int>(sql.size()),
                                            SQLITE_PREPARE_PERSISTENT, &statement_, nullptr);
        // Owned before anything else can throw.
        owner_.reset(statement_);
        must(database_, code);
        // SQLite numbers named parameters by first appearance.
        const int count = sqlite3_bind_parameter_count(statement_);
        for (int number = 1; number <= count; ++number) {
            const std::string name = fmt::format("${}", number);
            places_.push_back(sqlite3_bind_parameter_index(statement_, name.c_str()));
        }
    }

    void bind(int parameter, std::int64_t value) override {
        must(database_, sqlite3_bind_int64(statement_, place(parameter), value));
    }
    void bind(int parameter, std::string_view text) override {
        must(database_, sqlite3_bind_text(statement_, place(parameter), text.data(),
                                          static_cast<int>(text.size()), SQLITE_TRANSIENT));
    }
    void bind_bytes(int parameter, std::string_view bytes) override {
        must(database_, sqlite3_bind_blob(statement_, place(parameter), bytes.data(),
                                          static_cast<int>(bytes.size()), SQLITE_TRANSIENT));
    }
    void bind_null(int parameter) override {
        must(database_, sqlite3_bind_null(statement_, place(parameter)));
    }

    bool step() override {
        const int code = sqlite3_step(statement_);
        if (code == SQLITE_ROW) return true;
        if (code == SQLITE_DONE) return false;
        const int failure = sqlite3_extended_errcode(database_);
        const std::string detail = sqlite3_errmsg(database_);
        sqlite3_reset(statement_);
        fail(database_, failure, detail);
    }
    void reset() override { sqlite3_reset(statement_); }
    void stream() override {}
    [[nodiscard]] std::int64_t changed() const override { return sqlite3_changes(database_); }
    [[nodiscard]] bool is_null(int column) const override {
        return sqlite3_column_type(statement_, column) == SQLITE_NULL;
    }
    [[nodiscard]] std::int64_t integer(int column) const override {
        return sqlite3_column_int64(statement_, column);
    }
    [[nodiscard]] std::string_view text(int column) const override {
        const auto* text = sqlite3_column_text(statement_, column);
        const int size = sqlite3_column_bytes(statement_, column);
        return {reinterpret_cast<const char*>(text), static_cast<std::size_t>(size)};
    }
    [[nodiscard]] std::string_view bytes(int column) const override {
        const void* blob = sqlite3_column_blob(statement_, column);
        const int size = sqlite3_column_bytes(statement_, column);
        return {static_cast<const char*>(blob), static_cast<std::size_t>(size)};
    }
    [[nodiscard]] int columns() const override { return sqlite3_column_count(statement_); }
    [[nodiscard]] ValueKind kind(int column) const override {
        switch (sqlite3_column_type(statement_, column)) {
            case SQLITE_NULL: return ValueKind::null;
            case SQLITE_INTEGER: return ValueKind::integer;
            case SQLITE_BLOB: return ValueKind::bytes;
            default: return ValueKind::text;
        }
    }

private:
    [[nodiscard]] int place(int parameter) const {
        return places_.at(static_cast<std::size_t>(parameter - 1));
    }
    sqlite3* database_;
    sqlite3_stmt* statement_ = nullptr;
    std::unique_ptr<sqlite3_stmt, Finalize> owner_;
    std::vector<int> places_;
};

/// SQLite has no faster way in than a prepared insert inside a transaction.
class SqliteBulk final : public BulkWriter {
public:
    SqliteBulk(sqlite3* database, const std::string& sql) : insert_(database, sql) {}
    void bind(int parameter, std::int64_t value) override { insert_.bind(parameter, value); }
    void bind(int parameter, std::string_view text) override { insert_.bind(parameter, text); }
    void bind_bytes(int parameter, std::string_view bytes) override {
        insert_.bind_bytes(parameter, bytes);
    }
    void bind_null(int parameter) override { insert_.bind_null(parameter); }
    void end_row() override {
        (void)insert_.step();
        written_ += insert_.changed();
        insert_.reset();
    }
    std::int64_t finish() override { return written_; }

private:
    SqliteStatement insert_;
    std::int64_t written_ = 0;
};

/// Writers of all processes wait in one queue: the kernel's, of a file lock. SQLite's own busy
/// handler sleeps and looks again, so that a writer may wait long while others pass.
class WriterQueue {
public:
    explicit WriterQueue(const std::string& path)
        : lock_(::open((path + "-queue").c_str(), O_RDWR | O_CREAT | O_CLOEXEC, 0644)) {}
    ~WriterQueue() {
        if (lock_ >= 0) ::close(lock_);
    }
    WriterQueue(const WriterQueue&) = delete;
    WriterQueue& operator=(const WriterQueue&) = delete;
    void enter() const {
        while (lock_ >= 0 && ::flock(lock_, LOCK_EX) != 0 && errno == EINTR) {
        }
    }
    void leave() const {
        if (lock_ >= 0) ::flock(lock_, LOCK_UN);
    }

private:
    int lock_;
};

class SqliteConnection final : public Connection {
public:
    SqliteConnection(Handle handle, const std::string& path)
        : owner_(std::move(handle)), handle_(owner_.get()), queue_(path) {}
    SqliteConnection(const SqliteConnection&) = delete;
    SqliteConnection& operator=(const SqliteConnection&) = delete;

    [[nodiscard]] EngineKind engine() const override { return EngineKind::sqlite; }
    [[nodiscard]] std::unique_ptr<Prepared> prepare(const std::string& sql) override {
        return std::make_unique<SqliteStatement>(handle_, sql);
    }
    [[nodiscard]] std::unique_ptr<BulkWriter> bulk(const Query& query) override {
        return std::make_unique<SqliteBulk>(handle_, query.text_for(EngineKind::sqlite));
    }
    void execute(const std::string& sql) override {
        must(handle_, sqlite3_exec(handle_, sql.c_str(), nullptr, nullptr, nullptr));
    }
    void begin() override {
        queue_.enter();
        try {
            execute("BEGIN IMMEDIATE");
        } catch (...) {
            queue_.leave();
            throw;
        }
    }
    void begin_snapshot() override {
        execute("BEGIN");
        // The snapshot is taken by the first read.
        SqliteStatement(handle_, "SELECT count(*) FROM sqlite_master").step();
    }
    void commit() override {
        execute("COMMIT");
        queue_.leave();
    }
    void rollback() noexcept override {
        // A full disk may have rolled back already.
        sqlite3_exec(handle_, "ROLLBACK", nullptr, nullptr, nullptr);
        queue_.leave();
    }
    [[nodiscard]] std::vector<std::string> tables() override {
        std::vector<std::string> names;
        SqliteStatement select(handle_,
                               "SELECT name FROM sqlite_master WHERE type = 'table' "
                               "AND name NOT LIKE 'sqlite_%' ORDER BY name");
        while (select.step()) names.emplace_back(select.text(0));
        return names;
    }
    [[nodiscard]] std::vector<std::string> columns_of(const std::string& table) override {
        return names("SELECT name FROM pragma_table_info($1) ORDER BY name", table);
    }
    [[nodiscard]] std::vector<std::string> key_of(const std::string& table) override {
        return names("SELECT name FROM pragma_table_info($1) WHERE pk > 0 ORDER BY pk", table);
    }
    /// BEGIN IMMEDIATE has it already.
    void lock_schema() override {}
    void hold_days(bool /*exclusive*/) override {}
    [[nodiscard]] bool is_spread() override { return false; }
    void guard_posted_tables() override { sqlite3_set_authorizer(handle_, guard_posted, nullptr); }

private:
    std::vector<std::string> names(const char* sql, const std::string& table) {
        std::vector<std::string> found;
        SqliteStatement select(handle_, sql);
        select.bind(1, std::string_view(table));
        while (select.step()) found.emplace_back(select.text(0));
        return found;
    }
    Handle owner_;
    sqlite3* handle_;
    WriterQueue queue_;
};

}  // namespace

std::unique_ptr<Connection> open(const std::string& path) {
    // Its count of memory would be one lock for all threads; nobody asks for it. A refusal means
    // that the library was started before, by a test that brings its own memory.
    static const int uncounted = ::sqlite3_config(SQLITE_CONFIG_MEMSTATUS, 0);
    (void)uncounted;
    sqlite3* handle = nullptr;
    // A connection is used by one thread at a time: it needs no lock of its own.
    const int code =
        sqlite3_open_v2(path.c_str(), &handle,
                        SQLITE_OPEN_READWRITE | SQLITE_OPEN_CREATE | SQLITE_OPEN_NOMUTEX, nullptr);
    Handle owner(handle);
    if (code != SQLITE_OK) {
        throw EnvironmentError(static_cast<int>(ExitCode::io),
                               fmt::format("The database {} cannot be opened", path));
    }
    auto connection = std::make_unique<SqliteConnection>(std::move(owner), path);
    sqlite3_extended_result_codes(handle, 1);
    sqlite3_busy_timeout(handle, 10000);
    connection->execute(
        "PRAGMA journal_mode=WAL; PRAGMA synchronous=FULL; PRAGMA foreign_keys=ON; "
        "PRAGMA cache_size=-131072; PRAGMA temp_store=MEMORY; PRAGMA wal_autocheckpoint=4000;");
    return connection;
}

}  // namespace watthour::storage::sqlite
