// SPDX-License-Identifier: Apache-2.0
#include "base/text.hpp"
#include "storage/audit_rows.hpp"
#include "storage/row_digest.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <array>
#include <map>
#include <set>

namespace watthour::storage {
namespace {

using audit::Seal;

/// A sealed table and the table that says on which day its rows were recorded.
struct SealedTable {
    std::string_view name;
    std::string_view header;
    std::string_view joined_by;  ///< columns of both; empty: the table says it itself
};

constexpr std::array<SealedTable, 43> tables_in_order = {{
    {"account_notes", "account_notes", ""},
    {"allocations", "allocations", ""},
    {"audit_entries", "audit_entries", ""},
    {"bill_activity", "bills", "account_id,bill_id"},
    {"bill_numbers", "bills", "account_id,bill_id"},
    {"bill_segments", "bills", "account_id,bill_id"},
    {"bills", "bills", ""},
    {"case_changes", "case_changes", ""},
    {"case_evidence", "case_evidence", ""},
    {"case_proposals", "case_proposals", ""},
    {"cases", "cases", ""},
    {"charge_lines", "bills", "account_id,bill_id"},
    {"cycle_runs", "cycle_runs", ""},
    {"draft_entries", "draft_entries", ""},
    {"file_details", "file_details", ""},
    {"file_rejects", "files", "file_id"},
    {"file_repairs", "file_repairs", ""},
    {"files", "files", ""},
    {"head_end_changes", "head_end_changes", ""},
    {"interval_corrections", "interval_corrections", ""},
    {"journal_entries", "journal_entries", ""},
    {"meter_events", "meter_events", ""},
    {"meter_seals", "meter_seals", ""},
    {"meter_states", "meter_states", ""},
    {"meter_tests", "meter_tests", ""},
    {"open_items", "open_items", ""},
    {"payment_references", "payments", "account_id,payment_id"},
    {"payment_returns", "payment_returns", ""},
    {"payments", "payments", ""},
    {"postings", "journal_entries", "account_id,entry_id"},
    {"read_profiles", "read_profiles", ""},
    {"register_reads", "files", "file_id"},
    {"role_grants", "role_grants", ""},
    {"role_revocations", "role_revocations", ""},
    {"route_closings", "route_closings", ""},
    {"route_exports", "route_exports", ""},
    {"route_visits", "route_visits", ""},
    {"segment_reads", "bills", "account_id,bill_id"},
    {"segment_tou", "bills", "account_id,bill_id"},
    {"tariff_adoptions", "tariff_adoptions", ""},
    {"tariff_files", "tariff_sets", "set_hash"},
    {"tariff_sets", "tariff_sets", ""},
    {"work_changes", "work_changes", ""},
}};

const Query select_seals(
    "SELECT day, table_name, columns, row_count, sha256, head FROM seals ORDER BY day, table_name");
const Query insert_seal(
    "INSERT INTO seals (day, table_name, columns, row_count, sha256, head) "
    "VALUES ($1, $2, $3, $4, $5, $6)");
const Query put_state(
    "INSERT INTO seal_state (state_id, sealed_through) VALUES (1, $1) "
    "ON CONFLICT (state_id) DO UPDATE SET sealed_through = excluded.sealed_through");

std::string columns_of(Database& database, std::string_view table) {
    return fmt::format("{}", fmt::join(database.connection().columns_of(std::string(table)), ","));
}

std::string qualified(std::string_view prefix, const std::string& columns) {
    std::string text;
    for (const std::string_view column : split_text(columns, ',')) {
        text += fmt::format("{}{}.{}", text.empty() ? "" : ", ", prefix, column);
    }
    return text;
}

std::string select_of(Database& database, const SealedTable& table, const std::string& columns) {
    std::string from = fmt::format("{} t", table.name);
    std::string_view header = "t";
    if (!table.joined_by.empty()) {
        header = "h";
        from += fmt::format(" JOIN {} h ON ", table.header);
        bool first = true;
        for (const std::string_view column : split_text(table.joined_by, ',')) {
            from += fmt::format("{}h.{} = t.{}", first ? "" : " AND ", column, column);
            first = false;
        }
    }
    const auto key =
        fmt::format("{}", fmt::join(database.connection().key_of(std::string(table.name)), ","));
    return fmt::format(
        "SELECT {0}.recorded_on, {1} FROM {2} WHERE {0}.recorded_on > $1 AND {0}.recorded_on <= $2 "
        "ORDER BY {0}.recorded_on, {3}",
        header, qualified("t", columns), from, qualified("t", key));
}

/// The rows of a table that were recorded after one day and through another, a seal for each day
/// that has any; read in one pass.
std::vector<Seal> digest_days(Database& database, const SealedTable& table,
                              const std::string& columns, Date after, Date through) {
    std::vector<Seal> seals;
    const int count = static_cast<int>(std::count(columns.begin(), columns.end(), ',')) + 1;
    Statement select = database.prepare_text(select_of(database, table, columns));
    select.bind(1, after).bind(2, through).stream();
    std::optional<RowDigest> digest;
    std::string day;
    const auto finish = [&] {
        if (!digest) return;
        seals.push_back({*Date::parse(day),
                         std::string(table.name),
                         columns,
                         digest->rows(),
                         digest->hex(),
                         {}});
    };
    while (select.step()) {
        if (select.text_view(0) != day) {
            finish();
            day = select.text(0);
            digest.emplace();
        }
        digest->add(select, 1, count + 1);
    }
    finish();
    return seals;
}

}  // namespace

std::vector<std::string> sealed_tables() {
    std::vector<std::string> names;
    for (const SealedTable& table : tables_in_order) names.emplace_back(table.name);
    return names;
}

std::vector<Seal> SealRows::seal_through(Date day) {
    Transaction transaction(database_);
    database_.connection().hold_days(true);
    const Date after = database_.sealed_through();
    std::vector<Seal> seals;
    if (day <= after) return seals;
    for (const SealedTable& table : tables_in_order) {
        auto found = digest_days(database_, table, columns_of(database_, table.name), after, day);
        std::move(found.begin(), found.end(), std::back_inserter(seals));
    }
    std::stable_sort(seals.begin(), seals.end(),
                     [](const Seal& a, const Seal& b) { return a.day < b.day; });
    const auto before = chain();
    std::string head = before.empty() ? std::string(audit::first_head) : before.back().head;
    Statement insert = database_.prepare(insert_seal);
    for (Seal& seal : seals) {
        seal.head = audit::chained(head, seal);
        head = seal.head;
        insert.bind(1, seal.day)
            .bind(2, seal.table)
            .bind(3, seal.columns)
            .bind(4, seal.rows)
            .bind(5, seal.sha256)
            .bind(6, seal.head)
            .run();
    }
    database_.prepare(put_state).bind(1, day).run();
    transaction.commit();
    return seals;
}

std::vector<Seal> SealRows::chain() {
    std::vector<Seal> seals;
    Statement select = database_.prepare(select_seals);
    while (select.step()) {
        seals.push_back({select.date(0), select.text(1), select.text(2), select.integer(3),
                         select.text(4), select.text(5)});
    }
    return seals;
}

std::vector<std::string> SealRows::changed_since_sealed() {
    std::vector<std::string> changed;
    const Date through = database_.sealed_through();
    std::map<std::string, std::map<Date, Seal>, std::less<>> sealed;
    for (Seal& seal : chain()) {
        const Date day = seal.day;
        sealed[seal.table].insert_or_assign(day, std::move(seal));
    }
    const auto say = [&](const Seal& seal, std::int64_t rows, std::string_view what) {
        changed.push_back(fmt::format("{} of {}: {} rows were sealed, {} are there; {}", seal.table,
                                      seal.day.to_string(), seal.rows, rows, what));
    };
    for (const SealedTable& table : tables_in_order) {
        auto& days = sealed[std::string(table.name)];
        // As a rule one: a release that adds a column begins a second.
        std::set<std::string> column_lists;
        for (const auto& [day, seal] : days) column_lists.insert(seal.columns);
        if (column_lists.empty()) column_lists.insert(columns_of(database_, table.name));
        std::set<Date> seen;
        for (const std::string& columns : column_lists) {
            for (const Seal& now :
                 digest_days(database_, table, columns, Date::ymd(1, 1, 1), through)) {
                const auto at = days.find(now.day);
                if (at == days.end()) {
                    if (!seen.insert(now.day).second) continue;
                    say({now.day, now.table, {}, 0, {}, {}}, now.rows,
                        "they came after the sealing");
                } else if (at->second.columns == columns) {
                    seen.insert(now.day);
                    if (now.sha256 != at->second.sha256) say(at->second, now.rows, "they differ");
                }
            }
        }
        for (const auto& [day, seal] : days) {
            if (!seen.contains(day)) say(seal, 0, "they are gone");
        }
    }
    return changed;
}

}  // namespace watthour::storage
