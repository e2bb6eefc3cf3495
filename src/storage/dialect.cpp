// SPDX-License-Identifier: Apache-2.0
#include "storage/dialect.hpp"

#include <algorithm>
#include <array>
#include <utility>

namespace watthour::storage {
namespace {

constexpr std::array<std::pair<std::string_view, std::string_view>, 5> sqlite_words = {{
    {"${IDS}", "(SELECT value FROM json_each($1))"},
    {"${STRICT}", "STRICT"},
    {"${CLUSTERED}", "STRICT, WITHOUT ROWID"},
    {"BIGINT", "INTEGER"},
    {"BYTEA", "BLOB"},
}};

constexpr std::array<std::string_view, 20> posted_tables = {
    "bill_numbers",    "bills",           "bill_segments",        "segment_tou",
    "segment_reads",   "charge_lines",    "bill_activity",        "cycle_runs",
    "journal_entries", "postings",        "open_items",           "payment_references",
    "payments",        "payment_returns", "allocations",          "draft_entries",
    "register_reads",  "files",           "interval_corrections", "file_rejects",
};

}  // namespace

std::string to_sqlite(std::string_view sql) {
    std::string text(sql);
    for (const auto& [from, to] : sqlite_words) {
        for (std::size_t at = text.find(from); at != std::string::npos;
             at = text.find(from, at + to.size())) {
            text.replace(at, from.size(), to);
        }
    }
    return text;
}

bool is_posted_table(std::string_view table) {
    return std::find(posted_tables.begin(), posted_tables.end(), table) != posted_tables.end();
}

}  // namespace watthour::storage
