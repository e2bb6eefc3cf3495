// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "base/check.hpp"
#include "base/result.hpp"
#include "calendar/date.hpp"
#include "money/money.hpp"
#include "quantity/energy.hpp"
#include "storage/engine.hpp"
#include "storage/query.hpp"

#include <cstdint>
#include <map>
#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace watthour::storage {

/// The connection to the server is gone; what was not committed is not there (exit code 69).
class ConnectionLost : public EnvironmentError {
public:
    using EnvironmentError::EnvironmentError;
};

/// Others held what was wanted; the same transaction may be tried again (exit code 75).
class Contention : public EnvironmentError {
public:
    using EnvironmentError::EnvironmentError;
};

/// A unique key is taken: the effect is there already.
class KeyTaken : public EnvironmentError {
public:
    using EnvironmentError::EnvironmentError;
};

/// A prepared statement. Parameters are $1, $2, ... bound by number; columns are read by index.
/// Failures of the machine throw EnvironmentError with the exit code of the cause.
class Statement {
public:
    Statement(std::unique_ptr<Prepared> prepared, std::vector<std::unique_ptr<Prepared>>* shelf);
    ~Statement();
    Statement(const Statement&) = delete;
    Statement& operator=(const Statement&) = delete;
    Statement(Statement&& other) noexcept;

    Statement& bind(int parameter, std::int64_t value);
    Statement& bind(int parameter, std::string_view text);
    Statement& bind_bytes(int parameter, std::string_view bytes);
    Statement& bind_null(int parameter);
    Statement& bind(int parameter, Date date) { return bind(parameter, date.to_string()); }
    Statement& bind(int parameter, Money money) { return bind(parameter, money.minor_units()); }
    Statement& bind(int parameter, const std::optional<Demand>& demand);

    /// Moves to the next row; false when there is none.
    bool step() { return prepared_->step(); }
    /// Runs a statement without rows, makes it ready to be bound again and answers how many rows
    /// it changed.
    std::int64_t run();
    /// Runs an INSERT ... ON CONFLICT DO NOTHING; false when the key was taken.
    [[nodiscard]] bool run_unless_taken() { return run() > 0; }
    void reset() { prepared_->reset(); }
    /// Large results are fetched row by row; nothing else may run before the last one is read.
    Statement& stream();

    [[nodiscard]] std::int64_t integer(int column) const { return prepared_->integer(column); }
    [[nodiscard]] std::string text(int column) const { return std::string(text_view(column)); }
    [[nodiscard]] std::string_view text_view(int column) const { return prepared_->text(column); }
    [[nodiscard]] std::string_view bytes(int column) const { return prepared_->bytes(column); }
    [[nodiscard]] bool is_null(int column) const { return prepared_->is_null(column); }
    [[nodiscard]] ValueKind kind(int column) const { return prepared_->kind(column); }
    [[nodiscard]] Date date(int column) const;
    [[nodiscard]] Money money(int column) const { return Money::minor(integer(column)); }
    [[nodiscard]] Energy energy(int column) const { return Energy::watt_hours(integer(column)); }
    [[nodiscard]] std::optional<Demand> demand(int column) const;

private:
    std::unique_ptr<Prepared> prepared_;
    std::vector<std::unique_ptr<Prepared>>* shelf_;
};

/// Writes many rows with one INSERT: COPY where the engine has it, a prepared statement where
/// not. Rows are bound like a statement; run() ends a row, finish() makes all of them stand.
/// A plain INSERT is copied, one with ON CONFLICT is sent in a pipeline. Errors: as Statement.
class Bulk {
public:
    Bulk(Connection& connection, const Query& query);
    ~Bulk();
    Bulk(const Bulk&) = delete;
    Bulk& operator=(const Bulk&) = delete;

    Bulk& bind(int parameter, std::int64_t value);
    Bulk& bind(int parameter, std::string_view text);
    Bulk& bind_bytes(int parameter, std::string_view bytes);
    Bulk& bind_null(int parameter);
    Bulk& bind(int parameter, Date date) { return bind(parameter, date.to_string()); }
    Bulk& bind(int parameter, Money money) { return bind(parameter, money.minor_units()); }
    Bulk& bind(int parameter, const std::optional<Demand>& demand);
    void run() { writer_->end_row(); }
    /// Rows that were written; fewer than were given where ON CONFLICT left some out.
    std::int64_t finish();

private:
    std::unique_ptr<BulkWriter> writer_;
    bool finished_ = false;
    int failures_before_;
};

enum class OpenMode {
    create_or_open,
    existing,
    as_is,  ///< existing, and its schema is left as old as it is: a backup that is looked at
};

/// One open database. Posted tables refuse UPDATE and DELETE. Not shared between threads.
class Database {
public:
    /// `sqlite:PATH` or `postgresql://user@host:port/name`.
    /// Errors: storage.url_unknown, storage.database_missing, storage.newer_schema,
    /// storage.migration_changed, storage.server_unreachable.
    [[nodiscard]] static Result<std::unique_ptr<Database>> open(const std::string& url,
                                                                OpenMode mode);

    /// As a program would open it that knows only the first `version` migrations; for tests of
    /// upgrades.
    [[nodiscard]] static Result<std::unique_ptr<Database>> open_at(const std::string& url,
                                                                   int version);

    [[nodiscard]] Statement prepare(const Query& query);
    [[nodiscard]] Bulk bulk(const Query& query) { return {*connection_, query}; }
    /// Statements without parameters, several allowed: migrations and tests.
    void execute(const std::string& sql) { connection_->execute(sql); }
    /// A statement of the schema's own making: a copy of tables, a test.
    [[nodiscard]] Statement prepare_text(const std::string& sql);
    [[nodiscard]] const std::string& url() const { return url_; }
    [[nodiscard]] EngineKind engine() const { return connection_->engine(); }
    [[nodiscard]] Connection& connection() { return *connection_; }
    /// The day that rows of the running transaction are recorded on.
    [[nodiscard]] Date recorded_on() const;
    /// The last day that is sealed, the day before time began where none is.
    [[nodiscard]] Date sealed_through();
    [[nodiscard]] int schema_version();
    /// Names of the tables, in order.
    [[nodiscard]] std::vector<std::string> tables();

private:
    Database(std::unique_ptr<Connection> connection, std::string url)
        : connection_(std::move(connection)), url_(std::move(url)) {}
    [[nodiscard]] static Result<std::unique_ptr<Database>> open_knowing(const std::string& url,
                                                                        OpenMode mode, int version);
    [[nodiscard]] Result<void> migrate(OpenMode mode, int newest);
    friend class Transaction;
    std::unique_ptr<Connection> connection_;
    std::string url_;
    std::optional<Date> recorded_on_;
    /// Prepared statements that wait to be used again.
    std::map<const Query*, std::vector<std::unique_ptr<Prepared>>> shelves_;
};

/// Begin to commit; rolls back unless committed. SQLite: BEGIN IMMEDIATE.
class Transaction {
public:
    /// Of what records nothing: a schema, a copy, a test.
    explicit Transaction(Database& database);
    /// Of what is recorded: on the business date, or on the first day after it that is not sealed.
    Transaction(Database& database, Date business_date);
    ~Transaction();
    Transaction(const Transaction&) = delete;
    Transaction& operator=(const Transaction&) = delete;
    void commit();

private:
    Database& database_;
    bool open_ = true;
};

/// Reads of one moment, whatever others write meanwhile; nothing may be written within. Cheaper
/// than as many single reads, each of which locks and unlocks the file.
class Snapshot {
public:
    explicit Snapshot(Database& database);
    ~Snapshot();
    Snapshot(const Snapshot&) = delete;
    Snapshot& operator=(const Snapshot&) = delete;

private:
    Database& database_;
};

/// The schema version that this program brings a database to.
[[nodiscard]] int newest_schema();

/// Where files of a database lie by default: the path of a SQLite file, or the name of a
/// PostgreSQL database in the current folder. Errors: storage.url_unknown.
[[nodiscard]] Result<std::string> local_path(const std::string& url);

/// Whether the database is there; a server that does not answer is a refusal.
/// Errors: storage.url_unknown, storage.server_unreachable.
[[nodiscard]] Result<bool> database_exists(const std::string& url);

/// Does a transaction again, at most twenty times, when others were in the way or took a key
/// meanwhile: the work looks again and finds what they did. It must begin from nothing each time.
template <class Work>
auto with_retries(Work&& work) {
    constexpr int attempts = 20;
    for (int attempt = 1;; ++attempt) {
        try {
            return work();
        } catch (const Contention&) {
            if (attempt == attempts) throw;
        } catch (const KeyTaken&) {
            if (attempt == attempts) throw;
        }
    }
}

}  // namespace watthour::storage
