// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "base/words.hpp"
#include "calendar/date.hpp"
#include "money/money.hpp"
#include "quantity/energy.hpp"

#include <string>
#include <vector>

namespace watthour::documents {

/// Who sends the bill and how to reach them.
struct UtilityContact {
    std::string name;
    std::vector<std::string> address;        ///< lines of the office
    std::vector<std::string> remit_address;  ///< where checks go; empty = the office
    std::string phone;
    std::string web;       ///< empty = not printed
    std::string hours_en;  ///< "Monday to Friday, 8 a.m. to 5 p.m."; empty = not printed
    std::string hours_es;
};

/// One priced row, in the order of the bill.
struct BillLine {
    std::string code;
    std::string text_en;
    std::string text_es;
    DateRange period;      ///< printed when it is not the whole billing period; may be empty
    std::string quantity;  ///< "420.5", ungrouped; empty without one
    std::string unit;      ///< kWh, kW, month, day, each; others are printed as they are
    std::string rate;      ///< "0.14210" dollars or "2.85%"; empty without one
    Money amount;          ///< negative lowers the bill
    std::string group;     ///< base, discount, pbc, tax, fee
    std::string how_en;    ///< one line how it came about; printed where there is room
    std::string how_es;
};

/// One bar of the history.
struct UsageBar {
    Date from;
    Date until;
    Energy energy;
    bool estimated = false;
    bool missing = false;  ///< drawn as a gap, not as zero
};

/// Energy of one time-of-use period: code on, mid, off or super.
struct TouShare {
    std::string code;
    Energy energy;
};

struct MeterRead {
    std::string meter;
    std::string channel;
    Date from;
    Date until;
    std::string from_read;  ///< dial text; empty for intervals
    std::string until_read;
    std::string read_type;   ///< actual_ami, estimated, removal, ... of the closing read
    std::string multiplier;  ///< "1", "80"
    Energy energy;
    std::string demand_kw;  ///< "42.6"; empty without a demand
};

/// What moved the account since the last bill.
struct Activity {
    Date date;
    std::string code;     ///< payment, returned_payment, fee, adjustment
    Money amount;         ///< negative lowers what is owed
    std::string channel;  ///< lockbox, counter, autopay, ach, card, online, phone or empty
};

/// Everything that one bill shows; the page is a pure function of it. Source: R4.30, R4.35.
/// Invariants: previous_balance + payments + adjustments + current_charges = amount_due, and
/// current_charges = sum of the lines.
struct BillPage {
    Language language = Language::english;
    UtilityContact utility;

    std::string account_number;
    std::string bill_number;
    std::string customer_name;
    std::vector<std::string> mailing_address;
    std::vector<std::string> service_address;
    std::string schedule_code;
    std::string schedule_name_en;
    std::string schedule_name_es;
    Date bill_date;
    Date due_date;
    DateRange period;

    Money previous_balance;
    Money payments;     ///< negative or zero; returned payments raise it
    Money adjustments;  ///< fees and adjustments outside the lines
    Money current_charges;
    Money amount_due;  ///< negative = credit balance, no payment due
    bool autopay = false;
    Date autopay_date;       ///< with autopay: the day of the draft
    bool estimated = false;  ///< based on an estimated read

    std::vector<BillLine> lines;
    Energy energy;                  ///< delivered in the period
    std::vector<UsageBar> history;  ///< oldest first, this period last; the last 13 are drawn
    std::vector<TouShare> tou;      ///< empty unless the schedule has time-of-use periods
    std::vector<MeterRead> reads;
    std::vector<Activity> activity;
    std::vector<std::string> messages_en;
    std::vector<std::string> messages_es;
    std::string programs;   ///< "EAP, medical baseline" in the bill's language; may be empty
    std::string scan_line;  ///< 42 digits of the stub; empty = none is printed
};

}  // namespace watthour::documents
