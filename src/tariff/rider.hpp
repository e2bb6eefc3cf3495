// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "tariff/schedule.hpp"
#include "tariff/surcharges.hpp"

#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace watthour::tariff {

/// Where in a bill the lines of a rider stand.
enum class RiderPlace { after_energy, after_adjustments, after_discounts, after_taxes };

/// Over what a rider nets delivered against received energy. Source: R3.01.
enum class Netting { none, period, tou_period };

/// What becomes of energy that netting leaves below zero.
enum class BelowZero {
    negative_lines,  ///< valued like use, with the other sign
    kwh_bank,        ///< carried in kWh, by time-of-use period
    exported,        ///< counted as `exported` energy, for charges that buy it
};

/// Dollars that outlast a period. Source: R3.03, R3.04, R3.09.
struct BankTerms {
    enum class Earns { lines_below_zero, credit_lines };
    Earns earns = Earns::credit_lines;
    std::vector<std::string> pays;  ///< codes of charges; empty = all lines so far
    bool same_period = true;        ///< what the period earns may pay the same period
    RiderPlace place = RiderPlace::after_discounts;
    std::string deposit_code;
    LocalText deposit_text;
    std::string apply_code;
    LocalText apply_text;
    BaseSet in_base_of = 0;
    std::string group;
    std::string ledger_account;
};

/// Charges that are not billed but add up until the true-up. Source: R3.07, R3.08.
struct AccrualTerms {
    std::vector<std::string> charges;
    std::string less_charge;  ///< the rider's charge whose price is taken off first; "" = none
    std::string code;
    LocalText text;
    BaseSet in_base_of = 0;
    std::string group;
    std::string ledger_account;
};

/// What the utility pays for kWh left over at the end of a relevant period. Source: R3.03, R3.17.
struct SurplusTerms {
    std::string code;
    LocalText text;
    std::vector<DatedPrice> versions;  ///< the one in force on the day of the true-up
    bool to_bank = false;              ///< kept as credit instead of paid
    std::string group;
    std::string ledger_account;
};

/// The end of a relevant period. Source: R3.05.
struct TrueUpTerms {
    enum class Bank { forfeited, paid, kept };
    int periods = 12;
    Bank bank = Bank::kept;
    std::string payout_code;  ///< of a bank that is paid
    LocalText payout_text;
    std::optional<SurplusTerms> surplus;
};

struct RiderTerms {
    EnergyKind billed = EnergyKind::delivered;
    Netting netting = Netting::none;
    BelowZero below_zero = BelowZero::negative_lines;
    std::vector<std::string> without;  ///< codes of charges of the schedule that are not billed
    LocalText credit_text;             ///< "{line} credit": of a line below zero
    std::optional<BankTerms> bank;
    std::optional<AccrualTerms> accrual;
    std::optional<TrueUpTerms> true_up;
    std::vector<RiderPlace> places;  ///< of each charge of the version
};

/// A document that changes what is billed to agreements with generation of their own.
struct Rider {
    std::string code;
    LocalText name;
    LocalText applies_to;
    std::vector<std::string> schedules;  ///< with which it may be combined
    RateSchedule charges;                ///< its own lines, in dated versions
    std::vector<RiderTerms> terms;       ///< of each version

    /// The terms on a day, or null before the first version.
    [[nodiscard]] const RiderTerms* terms_on(Date date) const;
};

}  // namespace watthour::tariff
