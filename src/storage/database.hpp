// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "calendar/date.hpp"
#include "money/money.hpp"
#include "quantity/energy.hpp"

#include <cstdint>
#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

struct sqlite3;
struct sqlite3_stmt;

namespace watthour::storage {

/// A prepared statement. Parameters are $1, $2, ... bound by number; columns are read by index.
/// Failures of the machine throw EnvironmentError with the exit code of the cause.
class Statement {
public:
    Statement(sqlite3* database, std::string_view sql);
    ~Statement();
    Statement(const Statement&) = delete;
    Statement& operator=(const Statement&) = delete;
    Statement(Statement&& other) noexcept;

    Statement& bind(int parameter, std::int64_t value);
    Statement& bind(int parameter, std::string_view text);
    Statement& bind_bytes(int parameter, std::string_view bytes);
    Statement& bind_null(int parameter);
    Statement& bind(int parameter, Date date);
    Statement& bind(int parameter, Money money) { return bind(parameter, money.minor_units()); }
    Statement& bind(int parameter, const std::optional<Demand>& demand);

    /// Moves to the next row; false when there is none.
    bool step();
    /// Runs a statement without rows and makes it ready to be bound again.
    void run();
    /// Like run, but a unique key already taken answers false instead of failing.
    [[nodiscard]] bool run_unless_taken();
    void reset();

    [[nodiscard]] std::int64_t integer(int column) const;
    [[nodiscard]] std::string text(int column) const;
    [[nodiscard]] std::string_view text_view(int column) const;
    [[nodiscard]] std::string_view bytes(int column) const;
    [[nodiscard]] bool is_null(int column) const;
    [[nodiscard]] Date date(int column) const;
    [[nodiscard]] Money money(int column) const { return Money::minor(integer(column)); }
    [[nodiscard]] Energy energy(int column) const { return Energy::watt_hours(integer(column)); }
    [[nodiscard]] std::optional<Demand> demand(int column) const;

private:
    sqlite3* database_;
    sqlite3_stmt* statement_ = nullptr;
    /// Where $n stands; SQLite numbers named parameters by first appearance.
    std::vector<int> places_;
};

enum class OpenMode { create_or_open, existing };

/// One open database. WAL and synchronous=FULL; posted tables refuse UPDATE and DELETE.
class Database {
public:
    /// `sqlite:PATH`. Errors: storage.url_unknown, storage.database_missing, storage.newer_schema.
    [[nodiscard]] static Result<std::unique_ptr<Database>> open(const std::string& url,
                                                                OpenMode mode);
    ~Database();
    Database(const Database&) = delete;
    Database& operator=(const Database&) = delete;

    [[nodiscard]] Statement prepare(std::string_view sql);
    /// Statements without parameters, several allowed.
    void execute(const std::string& sql);
    [[nodiscard]] const std::string& path() const { return path_; }
    [[nodiscard]] int schema_version();
    [[nodiscard]] sqlite3* handle() { return handle_; }

private:
    Database(sqlite3* handle, std::string path) : handle_(handle), path_(std::move(path)) {}
    [[nodiscard]] Result<void> migrate();
    sqlite3* handle_;
    std::string path_;
};

/// BEGIN IMMEDIATE ... COMMIT; rolls back unless committed. Source: ARCHITECTURE.
class Transaction {
public:
    explicit Transaction(Database& database);
    ~Transaction();
    Transaction(const Transaction&) = delete;
    Transaction& operator=(const Transaction&) = delete;
    void commit();

private:
    Database& database_;
    bool open_ = true;
};

/// The path inside a `sqlite:` URL; a bare path is taken as one. Errors: storage.url_unknown.
[[nodiscard]] Result<std::string> sqlite_path(const std::string& url);

}  // namespace watthour::storage
