// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "customers/account.hpp"
#include "storage/database.hpp"

#include <string>
#include <vector>

namespace watthour::storage {

/// What was written about an account by a person.
struct AccountNote {
    customers::AccountId account;
    std::int64_t id = 0;
    std::string text;
    std::string written_by;
    std::int64_t written_at = 0;  ///< seconds of UTC
    Date recorded_on;
};

/// An entry of the books as the account sees it.
struct AccountEntry {
    std::int64_t id = 0;
    Date date;
    std::string kind;  ///< bill, payment, payment_return, ...
    std::string key;   ///< of its source: a bill number, a payment's reference
    std::string memo;
    Money receivable;  ///< positive: more is owed
};

/// A row of the list of accounts.
struct AccountRow {
    customers::AccountId account;
    std::string name;
    std::string street;    ///< where it is served now, or its mail goes
    std::string schedule;  ///< of its first agreement in force; empty without one
    std::string cycle;
    std::string language;
    Money balance;
};

/// Reads about many accounts, or about all that happened to one: for lists, timelines and ledgers.
/// Nothing here takes part in billing.
class PastRows {
public:
    explicit PastRows(Database& database) : database_(database) {}
    [[nodiscard]] std::vector<AccountEntry> entries(customers::AccountId account);
    [[nodiscard]] std::vector<AccountNote> notes(customers::AccountId account);
    /// The same text of the same person at the same second is one note. Inside a transaction.
    void add(const AccountNote& note);
    /// Accounts after one, in order of number.
    [[nodiscard]] std::vector<AccountRow> accounts(customers::AccountId after, int most, Date on);

private:
    Database& database_;
};

}  // namespace watthour::storage
