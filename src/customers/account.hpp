// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "base/ids.hpp"
#include "calendar/date.hpp"

#include <limits>
#include <string>
#include <vector>

namespace watthour::customers {

using PersonId = Id<struct PersonTag>;
/// The account number itself (eleven digits, the last a check digit), so that rows of accounts
/// are written and read in the order in which people name them.
using AccountId = Id<struct AccountTag>;

/// The utility's own account: work and money that belong to no customer.
inline constexpr AccountId utility_account{0};

struct Person {
    PersonId id;
    std::string name;
    std::string language;  ///< "en" or "es"
    std::string phone;
    std::string email;
};

/// Where mail goes.
struct MailingAddress {
    std::string street;
    std::string city;
    std::string state;
    std::string zip;
};

struct Account {
    AccountId id;
    PersonId person;
    std::string name;      ///< as printed on the bill
    std::string language;  ///< of the bill and of letters
    MailingAddress mailing;
    Date opened;

    [[nodiscard]] std::string number() const;
};

/// Standing authorization to draft each bill from a bank account (autopay, PAP).
struct BankMandate {
    AccountId account;
    std::string routing;
    std::string bank_account;  ///< in the clear only in memory; sealed in the database
    std::string kind;          ///< "checking" or "savings"
    std::string state;         ///< "active" or "suspended"
    Date from;
};

/// Eleven digits. Errors: none; ids come from numbers.
[[nodiscard]] std::string account_number(AccountId id);

/// Remembers people and accounts. Functions speak in sets.
/// Accounts whose numbers are in a half-open range.
struct AccountRange {
    std::int64_t from = 0;
    std::int64_t until = 0;
};
inline constexpr AccountRange every_account{0, std::numeric_limits<std::int64_t>::max()};

class AccountStore {
public:
    virtual ~AccountStore() = default;
    virtual void add(const std::vector<Person>& people, const std::vector<Account>& accounts,
                     const std::vector<BankMandate>& mandates) = 0;
    /// Those that exist, in order of id.
    [[nodiscard]] virtual std::vector<Account> accounts(const std::vector<AccountId>& ids) = 0;
    [[nodiscard]] virtual std::vector<AccountId> all_account_ids() = 0;
    /// In order of account; the state says which are suspended.
    [[nodiscard]] virtual std::vector<BankMandate> mandates() = 0;
    /// Accounts that may be drafted; opens no sealed field.
    [[nodiscard]] virtual std::vector<AccountId> autopay_accounts() = 0;
    /// Inside a transaction: the accounts are ours until it ends, so that money of one account is
    /// moved by one writer at a time. Held in order of account, so that two cannot wait in a ring.
    virtual void hold(const std::vector<AccountId>& ids) = 0;
    virtual void suspend_mandate(AccountId account, Date on, const std::string& why) = 0;
};

}  // namespace watthour::customers
