// SPDX-License-Identifier: Apache-2.0
#include "storage/dialect.hpp"

#include <algorithm>
#include <array>
#include <utility>
#include <vector>

namespace watthour::storage {
namespace {

using Replacements = std::vector<std::pair<std::string_view, std::string_view>>;

const Replacements& sqlite_words() {
    static const Replacements words = {
        {"IN ${IDS}", "IN (SELECT value FROM json_each($1))"},
        {" ${SKIP_LOCKED}", ""},
        {" ${FOR_UPDATE}", ""},
        {"${STRICT}", "STRICT"},
        {"${CLUSTERED}", "STRICT, WITHOUT ROWID"},
        {"${OF}", "main."},
        {"BIGINT", "INTEGER"},
        {"BYTEA", "BLOB"},
    };
    return words;
}

// The ids are one parameter of the type: the server reads its text once, not once a row, and a
// spread table goes straight to the shards of its ids.
const Replacements& postgresql_words() {
    static const Replacements words = {
        {"IN ${IDS}", "= ANY(CAST($1 AS BIGINT[]))"},
        {"${SKIP_LOCKED}", "FOR UPDATE SKIP LOCKED"},
        {"${FOR_UPDATE}", "FOR UPDATE"},
        {"${STRICT}", ""},
        {"${CLUSTERED}", ""},
        {"${OF}", ""},
        // Order as SQLite's, whatever the server's language is.
        {"TEXT NOT NULL", "TEXT COLLATE \"C\" NOT NULL"},
    };
    return words;
}

std::string replaced(std::string_view sql, const Replacements& words) {
    std::string text(sql);
    for (const auto& [from, to] : words) {
        for (std::size_t at = text.find(from); at != std::string::npos;
             at = text.find(from, at + to.size())) {
            text.replace(at, from.size(), to);
        }
    }
    return text;
}

constexpr std::array<std::string_view, 43> posted_tables = {
    "account_notes",
    "bill_numbers",
    "bills",
    "bill_segments",
    "segment_tou",
    "segment_reads",
    "charge_lines",
    "bill_activity",
    "cycle_runs",
    "journal_entries",
    "postings",
    "open_items",
    "payment_references",
    "payments",
    "payment_returns",
    "allocations",
    "draft_entries",
    "register_reads",
    "files",
    "interval_corrections",
    "file_rejects",
    "work_changes",
    "role_grants",
    "role_revocations",
    "audit_entries",
    "tariff_sets",
    "tariff_files",
    "tariff_adoptions",
    "meter_states",
    "meter_tests",
    "meter_seals",
    "meter_events",
    "cases",
    "case_evidence",
    "case_changes",
    "case_proposals",
    "head_end_changes",
    "file_details",
    "file_repairs",
    "read_profiles",
    "route_exports",
    "route_visits",
    "route_closings",
};

}  // namespace

std::string to_sqlite(std::string_view sql) { return replaced(sql, sqlite_words()); }

std::string to_postgresql(std::string_view sql) { return replaced(sql, postgresql_words()); }

std::string to_engine(EngineKind engine, std::string_view sql) {
    return engine == EngineKind::sqlite ? to_sqlite(sql) : to_postgresql(sql);
}

bool is_posted_table(std::string_view table) {
    return std::find(posted_tables.begin(), posted_tables.end(), table) != posted_tables.end();
}

std::size_t posted_table_count() { return posted_tables.size(); }

}  // namespace watthour::storage
