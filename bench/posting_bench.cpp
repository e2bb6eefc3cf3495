// SPDX-License-Identifier: Apache-2.0
// Durable posting of bills through the stores, against bare inserts of the very same rows written
// by hand for each engine. One transaction for 500 bills on both sides; the tables are compared
// before a time is printed.
// usage: posting_bench [postgresql://USER@HOST:PORT]   (SQLite always, in the current folder)
#include "storage/bill_rows.hpp"
#include "storage/money_rows.hpp"
#include "storage/table_copy.hpp"

#include <fmt/format.h>
#include <sqlite3.h>

#include <algorithm>
#include <chrono>
#include <filesystem>
#include <libpq-fe.h>
#include <unistd.h>

namespace {

using namespace watthour;
using Seconds = std::chrono::duration<double>;

constexpr int bills_in_all = 5000;
constexpr int bills_a_group = 500;

struct Group {
    std::vector<billing::Bill> bills;
    std::vector<ledger::JournalEntry> entries;
    std::vector<receivables::OpenItem> items;
};

billing::Bill make_bill(int number) {
    billing::Bill bill;
    bill.account = {10000000000 + number};
    bill.period = {Date::ymd(2026, 5, 8), Date::ymd(2026, 6, 8)};
    bill.number = billing::bill_number(bill.account, bill.period.until);
    bill.id = billing::bill_id(bill.number);
    bill.cycle = "05";
    bill.bill_date = Date::ymd(2026, 6, 10);
    bill.due_date = Date::ymd(2026, 7, 1);
    bill.language = "en";
    billing::BillSegment segment;
    segment.agreement = {number + 1};
    segment.period = bill.period;
    segment.schedule = "R-1";
    segment.delivered = Energy::watt_hours(600000 + number);
    segment.inputs_hash = std::string(64, 'a');
    segment.reads.push_back({"M-" + std::to_string(number), "KWH", bill.period, "04120", "04720",
                             "actual_ami", "1", segment.delivered});
    for (int l = 1; l <= 8; ++l) {
        rating::ChargeLine line;
        line.seq = l;
        line.code = "LINE-" + std::to_string(l);
        line.group = "energy";
        line.gl_account = "44" + std::to_string(10 + l);
        line.amount = Money::minor(1000 + l);
        line.text_en = "Energy, first tier";
        line.text_es = "Energía, primer escalón";
        line.clause = "R-1 sheet 2";
        segment.lines.push_back(line);
        segment.current_charges += line.amount;
    }
    bill.current_charges = segment.current_charges;
    bill.amount_due = bill.current_charges;
    bill.segments.push_back(segment);
    return bill;
}

std::vector<Group> make_groups() {
    std::vector<Group> groups;
    for (int number = 0; number < bills_in_all; ++number) {
        if (number % bills_a_group == 0) groups.emplace_back();
        Group& group = groups.back();
        group.bills.push_back(make_bill(number));
        const billing::Bill& bill = group.bills.back();
        ledger::JournalEntry entry;
        entry.account = bill.account.value;
        entry.source_kind = "bill";
        entry.source_key = bill.number;
        entry.id = ledger::entry_id(entry.source_kind, entry.source_key);
        entry.business_date = bill.bill_date;
        for (const auto& line : bill.segments[0].lines) {
            ledger::add_posting(entry, "1310", line.gl_account, line.amount);
        }
        group.entries.push_back(entry);
        receivables::OpenItem item;
        item.account = bill.account;
        item.item_id = bill.id.value;
        item.source_key = bill.number;
        item.billed_on = bill.bill_date;
        item.due = bill.due_date;
        item.amount = bill.current_charges;
        group.items.push_back(item);
    }
    return groups;
}

Seconds post_through_stores(storage::Database& database, const std::vector<Group>& groups) {
    storage::BillRows bills(database);
    storage::JournalRows journal(database);
    storage::PaymentRows payments(database);
    const auto begin = std::chrono::steady_clock::now();
    for (const Group& group : groups) {
        storage::Transaction transaction(database, Date::ymd(2026, 6, 15));
        bills.add(group.bills);
        journal.post(group.entries);
        payments.add_items(group.items);
        transaction.commit();
    }
    return std::chrono::steady_clock::now() - begin;
}

const char* const tables[] = {"bill_numbers", "bills",           "bill_segments", "segment_reads",
                              "charge_lines", "journal_entries", "postings",      "open_items"};

struct Cell {
    storage::ValueKind kind;
    std::int64_t number = 0;
    std::string text;
};

/// The rows of one table, cut into as many parts as there are groups.
struct Rows {
    std::string table;
    std::vector<std::string> columns;
    std::vector<std::vector<Cell>> rows;
};

std::vector<Rows> read_rows(storage::Database& database) {
    std::vector<Rows> all;
    for (const char* table : tables) {
        Rows rows{table, database.connection().columns_of(table), {}};
        auto select = database.prepare_text(
            fmt::format("SELECT {} FROM {} ORDER BY {}", fmt::join(rows.columns, ", "), table,
                        fmt::join(database.connection().key_of(table), ", ")));
        while (select.step()) {
            std::vector<Cell> row;
            for (int c = 0; c < static_cast<int>(rows.columns.size()); ++c) {
                const auto kind = select.kind(c);
                row.push_back({kind, kind == storage::ValueKind::integer ? select.integer(c) : 0,
                               kind == storage::ValueKind::text ? select.text(c) : ""});
            }
            rows.rows.push_back(std::move(row));
        }
        all.push_back(std::move(rows));
    }
    return all;
}

std::pair<std::size_t, std::size_t> part(const Rows& rows, std::size_t group, std::size_t groups) {
    return {rows.rows.size() * group / groups, rows.rows.size() * (group + 1) / groups};
}

Seconds bare_sqlite(const std::string& path, const std::vector<Rows>& all, std::size_t groups) {
    sqlite3* db = nullptr;
    sqlite3_open(path.c_str(), &db);
    sqlite3_exec(db, "PRAGMA journal_mode=WAL; PRAGMA synchronous=FULL; PRAGMA cache_size=-131072;",
                 nullptr, nullptr, nullptr);
    std::vector<sqlite3_stmt*> inserts;
    for (const Rows& rows : all) {
        std::string marks = "?";
        for (std::size_t c = 1; c < rows.columns.size(); ++c) marks += ", ?";
        const std::string sql = fmt::format("INSERT INTO {} ({}) VALUES ({})", rows.table,
                                            fmt::join(rows.columns, ", "), marks);
        inserts.push_back(nullptr);
        sqlite3_prepare_v2(db, sql.c_str(), -1, &inserts.back(), nullptr);
    }
    const auto begin = std::chrono::steady_clock::now();
    for (std::size_t g = 0; g < groups; ++g) {
        sqlite3_exec(db, "BEGIN IMMEDIATE", nullptr, nullptr, nullptr);
        for (std::size_t t = 0; t < all.size(); ++t) {
            const auto [from, until] = part(all[t], g, groups);
            for (std::size_t r = from; r < until; ++r) {
                int place = 0;
                for (const Cell& cell : all[t].rows[r]) {
                    ++place;
                    if (cell.kind == storage::ValueKind::integer) {
                        sqlite3_bind_int64(inserts[t], place, cell.number);
                    } else if (cell.kind == storage::ValueKind::text) {
                        sqlite3_bind_text(inserts[t], place, cell.text.data(),
                                          static_cast<int>(cell.text.size()), SQLITE_STATIC);
                    } else {
                        sqlite3_bind_null(inserts[t], place);
                    }
                }
                sqlite3_step(inserts[t]);
                sqlite3_reset(inserts[t]);
            }
        }
        sqlite3_exec(db, "COMMIT", nullptr, nullptr, nullptr);
    }
    const Seconds took = std::chrono::steady_clock::now() - begin;
    for (sqlite3_stmt* insert : inserts) sqlite3_finalize(insert);
    sqlite3_close(db);
    return took;
}

void append_cell(std::string& to, const Cell& cell) {
    if (cell.kind == storage::ValueKind::integer) {
        fmt::format_to(std::back_inserter(to), "{}", cell.number);
    } else if (cell.kind == storage::ValueKind::text) {
        to += cell.text;  // the rows of the benchmark hold no tab, line end or backslash
    } else {
        to += "\\N";
    }
}

Seconds bare_postgresql(const std::string& url, const std::vector<Rows>& all, std::size_t groups) {
    PGconn* connection = PQconnectdb(url.c_str());
    const auto run = [&](const std::string& sql) { PQclear(PQexec(connection, sql.c_str())); };
    const auto begin = std::chrono::steady_clock::now();
    std::string text;
    for (std::size_t g = 0; g < groups; ++g) {
        run("BEGIN");
        for (const Rows& rows : all) {
            const auto [from, until] = part(rows, g, groups);
            text.clear();
            for (std::size_t r = from; r < until; ++r) {
                for (std::size_t c = 0; c < rows.columns.size(); ++c) {
                    if (c > 0) text += '\t';
                    append_cell(text, rows.rows[r][c]);
                }
                text += '\n';
            }
            run(fmt::format("COPY {} ({}) FROM STDIN", rows.table, fmt::join(rows.columns, ", ")));
            PQputCopyData(connection, text.data(), static_cast<int>(text.size()));
            PQputCopyEnd(connection, nullptr);
            while (PGresult* result = PQgetResult(connection)) PQclear(result);
        }
        run("COMMIT");
    }
    const Seconds took = std::chrono::steady_clock::now() - begin;
    PQfinish(connection);
    return took;
}

/// Five rounds, each on fresh databases, the two sides in turn; the medians are compared.
int compare(const std::string& name, const std::string& base, bool postgresql) {
    const auto groups = make_groups();
    std::vector<double> ours;
    std::vector<double> bare;
    for (int round = 0; round < 5; ++round) {
        const auto url = [&](const char* side) {
            return fmt::format("{}posting_{}_{}_{}", base, side, ::getpid(), round) +
                   (postgresql ? "" : ".db");
        };
        auto one = *storage::Database::open(url("stores"), storage::OpenMode::create_or_open);
        ours.push_back(post_through_stores(*one, groups).count());
        const auto rows = read_rows(*one);
        auto two = *storage::Database::open(url("bare"), storage::OpenMode::create_or_open);
        bare.push_back(postgresql
                           ? bare_postgresql(url("bare"), rows, groups.size()).count()
                           : bare_sqlite(url("bare").substr(7), rows, groups.size()).count());
        if (storage::digest_tables(*one) != storage::digest_tables(*two)) {
            fmt::print(stderr, "{}: the two sides wrote different rows\n", name);
            return 1;
        }
    }
    std::sort(ours.begin(), ours.end());
    std::sort(bare.begin(), bare.end());
    fmt::print("{:<11} {} bills durable: stores {:.3f} s, bare {:.3f} s, ratio {:.2f}\n", name,
               bills_in_all, ours[2], bare[2], ours[2] / bare[2]);
    return 0;
}

}  // namespace

int main(int argc, char** argv) {
    const auto folder = std::filesystem::temp_directory_path() / "watthour-posting-bench";
    std::filesystem::remove_all(folder);
    std::filesystem::create_directories(folder);
    int failed = compare("sqlite", "sqlite:" + folder.string() + "/", false);
    if (argc > 1) failed += compare("postgresql", std::string(argv[1]) + "/", true);
    std::filesystem::remove_all(folder);
    return failed;
}
