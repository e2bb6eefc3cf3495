// SPDX-License-Identifier: Apache-2.0
#include "storage/table_copy.hpp"

#include "storage/errors.hpp"
#include "storage/row_digest.hpp"

#include <fmt/format.h>

#include <set>

namespace watthour::storage {
namespace {

const std::set<std::string> no_part_of_the_books = {
    "jobs",           "job_units",        "credentials",   "sessions",
    "one_time_links", "idempotency_keys", "second_factors"};
constexpr const char* history_of_schema = "schema_migrations";

std::string joined(const std::vector<std::string>& names) {
    return fmt::format("{}", fmt::join(names, ", "));
}

std::vector<std::string> copied_tables(Database& database) {
    auto tables = database.tables();
    std::erase(tables, history_of_schema);
    return tables;
}

Statement rows_of(Database& database, const std::string& table,
                  const std::vector<std::string>& columns) {
    Statement select =
        database.prepare_text(fmt::format("SELECT {} FROM {} ORDER BY {}", joined(columns), table,
                                          joined(database.connection().key_of(table))));
    select.stream();
    return select;
}

/// A value to be read by people and by line tools: bytes as hex digits, a line end as \n.
void append_readable(std::string& to, const Statement& row, int column) {
    constexpr std::string_view digits = "0123456789abcdef";
    switch (row.kind(column)) {
        case ValueKind::null: to += "nothing"; return;
        case ValueKind::integer: to += std::to_string(row.integer(column)); return;
        case ValueKind::text:
            for (const char c : row.text_view(column)) {
                if (c == '\n') {
                    to += "\\n";
                } else if (c == '|' || c == '\\') {
                    to += '\\';
                    to += c;
                } else {
                    to += c;
                }
            }
            return;
        case ValueKind::bytes: break;
    }
    for (const char c : row.bytes(column)) {
        const auto byte = static_cast<unsigned char>(c);
        to += digits[byte >> 4U];
        to += digits[byte & 15U];
    }
}

TableDigest digest_of(Database& database, const std::string& table) {
    const auto columns = database.connection().columns_of(table);
    Statement select = rows_of(database, table, columns);
    RowDigest digest;
    while (select.step()) digest.add(select, 0, static_cast<int>(columns.size()));
    return {table, digest.rows(), digest.hex()};
}

void bind_value(Bulk& insert, const Statement& row, int column) {
    const int parameter = column + 1;
    switch (row.kind(column)) {
        case ValueKind::null: insert.bind_null(parameter); break;
        case ValueKind::integer: insert.bind(parameter, row.integer(column)); break;
        case ValueKind::text: insert.bind(parameter, row.text_view(column)); break;
        case ValueKind::bytes: insert.bind_bytes(parameter, row.bytes(column)); break;
    }
}

/// Rows go over in pieces, so that a large table needs no memory of its size.
constexpr std::int64_t rows_a_piece = 20000;

TableDigest copy_table(Database& from, Database& to, const std::string& table) {
    const auto columns = from.connection().columns_of(table);
    std::string places;
    for (std::size_t i = 1; i <= columns.size(); ++i) {
        places += fmt::format("{}${}", i == 1 ? "" : ", ", i);
    }
    const Query insert =
        Query::made(fmt::format("INSERT INTO {} ({}) VALUES ({})", table, joined(columns), places));
    Statement select = rows_of(from, table, columns);
    RowDigest digest;
    for (bool more = select.step(); more;) {
        Bulk piece = to.bulk(insert);
        for (std::int64_t rows = 0; more && rows < rows_a_piece; ++rows, more = select.step()) {
            digest.add(select, 0, static_cast<int>(columns.size()));
            for (int column = 0; column < static_cast<int>(columns.size()); ++column) {
                bind_value(piece, select, column);
            }
            piece.run();
        }
        piece.finish();
    }
    return {table, digest.rows(), digest.hex()};
}

}  // namespace

std::vector<TableDigest> digest_tables(Database& database) {
    const Snapshot snapshot(database);
    std::vector<TableDigest> digests;
    for (const std::string& table : copied_tables(database)) {
        digests.push_back(digest_of(database, table));
    }
    return digests;
}

Result<std::vector<TableDigest>> copy_tables(Database& from, Database& to,
                                             const CopyProgress& progress) {
    if (from.schema_version() != to.schema_version()) {
        return Error(errors::schema_differs, {{"from", std::to_string(from.schema_version())},
                                              {"to", std::to_string(to.schema_version())}});
    }
    const Snapshot snapshot(from);
    Transaction transaction(to);
    std::vector<TableDigest> digests;
    for (const std::string& table : copied_tables(from)) {
        {
            Statement any = to.prepare_text("SELECT 1 FROM " + table + " LIMIT 1");
            if (any.step()) return Error(errors::target_in_use, {{"table", table}});
        }
        digests.push_back(copy_table(from, to, table));
        if (progress) progress(table, digests.back().rows);
    }
    transaction.commit();
    return digests;
}

std::string dump_tables(Database& database) {
    const Snapshot snapshot(database);
    std::string text;
    for (const std::string& table : copied_tables(database)) {
        if (no_part_of_the_books.contains(table)) continue;
        auto columns = database.connection().columns_of(table);
        std::erase_if(columns, [](const std::string& name) {
            return name.ends_with("_sealed") || name.ends_with("_at");
        });
        Statement select = rows_of(database, table, columns);
        while (select.step()) {
            text += table;
            for (int column = 0; column < static_cast<int>(columns.size()); ++column) {
                text += '|';
                append_readable(text, select, column);
            }
            text += '\n';
        }
    }
    return text;
}

}  // namespace watthour::storage
