// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "app/office.hpp"

#include <vector>

namespace watthour::app {

/// Writes payments, their journal entries and their allocations. Inside the caller's
/// transaction; references must be free.
void post_payments(Office& office, const std::vector<payments::Payment>& payments);

/// Takes payments back: journal, allocations undone item by item, fee, autopay suspended where
/// the code asks for it. Source: R5.05, R5.14, R2.60.
void post_returns(Office& office, const std::vector<payments::PaymentReturn>& returns);

/// The fee of a returned item: the first in twelve months, or a later one. Source: VEU, R2.60.
[[nodiscard]] Money return_fee(Office& office, customers::AccountId account, Date date);

struct CounterPayment {
    std::string account;  ///< as written on the bill; the check digit is verified
    Money amount;
    std::string tender;   ///< cash, check, card
    std::string receipt;  ///< the request key: the same receipt posts once
    Date date;
    bool dry_run = false;
};

struct CounterReceipt {
    payments::Payment payment;
    Money balance_before;
    Money balance_after;
};

/// Money taken at the counter.
/// Errors: app.tender_unknown, app.account_unknown, app.amount_not_positive,
/// app.payment_reference_taken.
[[nodiscard]] Result<CounterReceipt> post_counter_payment(Office& office,
                                                          const CounterPayment& request);

/// What the account owes by the ledger.
[[nodiscard]] Money account_balance(Office& office, customers::AccountId account);

/// Finds an account by its number as people write it. Errors: app.account_unknown.
[[nodiscard]] Result<customers::Account> find_account(Office& office, const std::string& number);

}  // namespace watthour::app
