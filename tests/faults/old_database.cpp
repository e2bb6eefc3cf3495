// SPDX-License-Identifier: Apache-2.0
// Makes a database of the first schema with data, for the tests of upgrades.
// usage: old_database URL ROWS
#include "storage/database.hpp"

#include <fmt/format.h>

#include <cstdio>
#include <cstdlib>

int main(int argc, char** argv) {
    using namespace watthour;
    if (argc != 3) {
        std::fputs("usage: old_database URL ROWS\n", stderr);
        return 2;
    }
    auto database = storage::Database::open_at(argv[1], 1);
    if (!database) {
        std::fprintf(stderr, "%s\n", database.error().message().c_str());
        return 1;
    }
    const int rows = std::atoi(argv[2]);
    storage::Transaction transaction(**database);
    for (int row = 1; row <= rows; ++row) {
        (*database)->execute(fmt::format(
            "INSERT INTO journal_entries (account_id, entry_id, business_date, source_kind, "
            "source_key, memo) VALUES ({0}, {0}, '2026-05-{1:02}', 'payment', 'p-{0}', '');"
            "INSERT INTO postings (account_id, entry_id, posting_number, debit_account, "
            "credit_account, amount_minor) VALUES ({0}, {0}, 1, '1015', '1310', 500);"
            "INSERT INTO payments (account_id, payment_id, reference, channel, tender, "
            "effective_on, amount_minor, remitter, memo, batch) VALUES ({0}, {0}, 'p-{0}', "
            "'counter', 'cash', '2026-05-{1:02}', 500, '', '', 'b');"
            "INSERT INTO work_items (account_id, work_item_id, kind, cause, subject, evidence, "
            "next_step, at_stake_minor, opened_on) VALUES ({0}, {0}, 'k', 'c', 's-{0}', 'e', 'n', "
            "5, '2026-05-{1:02}')",
            row, row % 28 + 1));
    }
    transaction.commit();
    return 0;
}
