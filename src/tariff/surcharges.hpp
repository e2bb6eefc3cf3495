// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "base/decimal.hpp"
#include "calendar/date.hpp"
#include "money/money.hpp"
#include "tariff/charge.hpp"

#include <map>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace watthour::tariff {

/// A price that holds from a date until the next version.
struct DatedPrice {
    Date effective;
    Decimal price;
    std::string clause;  ///< "ECA 2025-07-01 sha256:1f6b..."
};

/// A price per kWh of every schedule, of either sign. Source: R2.14.
struct Adjustment {
    std::string code;
    LocalText text;
    Rounding rounding = Rounding::half_away_from_zero;
    BaseSet in_base_of = 0;
    std::string ledger_account;
    std::vector<DatedPrice> versions;
};

enum class TaxForm { percent_of_base, delivered_kwh };

/// A surcharge or tax; its version is the one in force on the first day of the period.
struct Tax {
    std::string code;
    LocalText text;
    TaxForm form = TaxForm::percent_of_base;
    int base = -1;                     ///< its own bit in BaseSet; -1 for a price per kWh
    std::vector<DatedPrice> versions;  ///< percent, or $ per kWh
    std::optional<Money> fiscal_year_cap;
    std::vector<std::string> exempt_flags;  ///< tested on the last service day
    Rounding rounding = Rounding::half_away_from_zero;
    BaseSet in_base_of = 0;
    std::string group;
    std::string ledger_account;
};

enum class DiscountForm { percent_of_base, allowance, exemption_only };

struct Discount {
    std::string code;
    LocalText name;
    LocalText text;  ///< of its line
    DiscountForm form = DiscountForm::percent_of_base;
    int base = -1;  ///< its own bit in BaseSet, for a percentage
    Decimal percent;
    Decimal kwh_per_day;
    Rounding rounding = Rounding::half_away_from_zero;
    BaseSet in_base_of = 0;
    std::string ledger_account;
    std::string grants_exemption;  ///< the flag it carries for taxes; "" = none
    int recertify_months = 0;      ///< 0 = never
    bool transfers_on_move = true;
    std::string clause;
};

enum class FeeForm { amount, amount_with_discount, greater_of_minimum_and_percent };

struct Fee {
    std::string code;
    LocalText text;
    FeeForm form = FeeForm::amount;
    Money amount;          ///< the amount, or the minimum of a percentage
    std::string discount;  ///< the discount that lowers it
    Money discounted_amount;
    Decimal percent;
    Money from_past_due;  ///< no fee below
    Rounding rounding = Rounding::half_away_from_zero;
};

struct FeeVersion {
    Date effective;
    std::vector<Fee> fees;
    std::string clause;
};

/// Fees carry no tax; the version is the one in force on the last service day. Source: R2.38.
struct FeeTable {
    std::string ledger_account;
    std::vector<FeeVersion> versions;
};

struct DepositRules {
    Money residential_amount;
    int residential_average_bills = 0;
    int residential_refund_months = 0;
    int residential_most_late = 0;
    int commercial_highest_bills = 0;
    int commercial_refund_months = 0;
    std::map<int, Decimal> interest_percent_by_year;
    Rounding interest_rounding = Rounding::half_away_from_zero;
};

/// The version in force on a day, or null before the first.
template <class Version>
[[nodiscard]] const Version* version_on(const std::vector<Version>& versions, Date date) {
    const Version* found = nullptr;
    for (const Version& version : versions) {
        if (version.effective <= date) found = &version;
    }
    return found;
}

}  // namespace watthour::tariff
