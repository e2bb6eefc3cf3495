// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "base/result.hpp"
#include "storage/query.hpp"

#include <cstdint>
#include <memory>
#include <string>
#include <string_view>
#include <vector>

namespace watthour::storage {

enum class ValueKind { null, integer, text, bytes };

/// A statement that the engine holds ready. Parameters and columns as in Statement.
class Prepared {
public:
    virtual ~Prepared() = default;
    virtual void bind(int parameter, std::int64_t value) = 0;
    virtual void bind(int parameter, std::string_view text) = 0;
    virtual void bind_bytes(int parameter, std::string_view bytes) = 0;
    virtual void bind_null(int parameter) = 0;
    virtual bool step() = 0;
    virtual void reset() = 0;
    virtual void stream() = 0;
    /// Rows that the last run changed.
    [[nodiscard]] virtual std::int64_t changed() const = 0;
    [[nodiscard]] virtual bool is_null(int column) const = 0;
    [[nodiscard]] virtual std::int64_t integer(int column) const = 0;
    [[nodiscard]] virtual std::string_view text(int column) const = 0;
    [[nodiscard]] virtual std::string_view bytes(int column) const = 0;
    [[nodiscard]] virtual int columns() const = 0;
    [[nodiscard]] virtual ValueKind kind(int column) const = 0;
};

class BulkWriter {
public:
    virtual ~BulkWriter() = default;
    virtual void bind(int parameter, std::int64_t value) = 0;
    virtual void bind(int parameter, std::string_view text) = 0;
    virtual void bind_bytes(int parameter, std::string_view bytes) = 0;
    virtual void bind_null(int parameter) = 0;
    virtual void end_row() = 0;
    virtual std::int64_t finish() = 0;
};

/// One connection of one engine. Failures throw EnvironmentError or one of its kinds.
class Connection {
public:
    virtual ~Connection() = default;
    [[nodiscard]] virtual EngineKind engine() const = 0;
    /// SQL of this engine.
    [[nodiscard]] virtual std::unique_ptr<Prepared> prepare(const std::string& sql) = 0;
    [[nodiscard]] virtual std::unique_ptr<BulkWriter> bulk(const Query& query) = 0;
    virtual void execute(const std::string& sql) = 0;
    virtual void begin() = 0;
    /// A transaction that only reads and sees one moment, whatever others write meanwhile.
    virtual void begin_snapshot() = 0;
    virtual void commit() = 0;
    /// Never throws: what the machine has rolled back by itself is rolled back.
    virtual void rollback() noexcept = 0;
    [[nodiscard]] virtual std::vector<std::string> tables() = 0;
    /// Columns of a table in order of their names: any two engines agree on it.
    [[nodiscard]] virtual std::vector<std::string> columns_of(const std::string& table) = 0;
    [[nodiscard]] virtual std::vector<std::string> key_of(const std::string& table) = 0;
    /// Inside a transaction: nobody else changes the schema until it ends.
    virtual void lock_schema() = 0;
    /// Inside a transaction: no day is sealed until it ends; who seals (exclusive) waits for all
    /// who record, and they for him.
    virtual void hold_days(bool exclusive) = 0;
    /// Whether the tables are spread over several machines.
    [[nodiscard]] virtual bool is_spread() = 0;
    /// From now on posted tables refuse UPDATE and DELETE. Source: decision 0005.
    virtual void guard_posted_tables() = 0;
};

}  // namespace watthour::storage
