// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "billing/bill.hpp"
#include "calendar/holidays.hpp"
#include "customers/account.hpp"
#include "money/money.hpp"
#include "payments/payment.hpp"

#include <cstdint>
#include <set>
#include <string>
#include <unordered_map>
#include <vector>

namespace watthour::sample {

/// Whether a bank file carries what the sample wants to be seen at least once, or only what
/// happens by itself.
enum class Trouble { planted, usual };

/// What a customer of the sample does about a bill.
struct PlannedPayment {
    customers::AccountId account;
    std::string bill_number;
    Money amount;
    Date date;            ///< a bank business day
    std::string channel;  ///< "lockbox" or "counter"
    std::string tender;   ///< "check" or "cash"
    std::string check_number;
};

/// How the customers answer their bills; a choice depends on seed and bill number alone.
///
/// Of a hundred: 79 pay in full 3 to 19 days after the bill date, 8 some days late, 4 a part,
/// 5 nothing (the next bill asks for it again), 4 too much. Of the payers 70% mail a check to the
/// lockbox, the others come to the counter. Nothing due, nothing paid; autopay bills are left out.
/// Rounding: a part is cut to whole dollars.
[[nodiscard]] std::vector<PlannedPayment> plan_payments(
    const std::vector<billing::BillSummary>& bills, const std::set<customers::AccountId>& autopay,
    const Holidays& bank_holidays, std::int64_t seed);

/// An account number that nobody has, and whose check digit is wrong at that.
inline constexpr const char* nobodys_account = "19999999990";

/// Names of remitters by account; who is missing remits without a name.
using RemitterNames = std::unordered_map<customers::AccountId, std::string>;

/// The bank's file of a deposit day: the planned lockbox payments of that date, and on some days,
/// where trouble is planted, one item each of what lockbox clerks know: an account that is
/// nobody's, a check without a stub, one check for two accounts. Empty when there is nothing to
/// deposit. Source: BAI-LOCKBOX-FILE.
[[nodiscard]] std::string lockbox_file(const std::vector<PlannedPayment>& payments,
                                       Date deposit_date, const RemitterNames& names,
                                       std::int64_t seed, Trouble trouble = Trouble::planted);

/// The bank's file of returned drafts. Usual: one in sixty by chance, for want of funds (R01).
/// Planted: at least one of those, one account closed or unknown (R03), and one return of a draft
/// that was never sent. Empty when nothing comes back. Source: NACHA-FILE, NACHA-RET.
[[nodiscard]] std::string ach_return_file(const std::vector<payments::DraftEntry>& drafted,
                                          Date settlement, std::int64_t seed,
                                          Trouble trouble = Trouble::planted);

}  // namespace watthour::sample
