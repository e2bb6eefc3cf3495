// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "base/ids.hpp"
#include "calendar/date.hpp"
#include "customers/account.hpp"
#include "money/money.hpp"
#include "quantity/energy.hpp"
#include "rating/rating.hpp"
#include "service/service_agreement.hpp"

#include <cstdint>
#include <map>
#include <optional>
#include <set>
#include <string>
#include <vector>

namespace watthour::billing {

using BillId = Id<struct BillTag>;

/// A register or interval total that a segment was computed from.
struct SegmentRead {
    std::string meter;
    std::string channel;
    DateRange period;
    std::string from_read;  ///< text on the dials; empty for intervals
    std::string until_read;
    std::string read_type;  ///< of the closing read: actual_ami, actual_manual, removal, ...
    std::string multiplier;
    Energy energy;
};

/// One agreement and period of a bill. Posted segments are frozen: never edited, only cancelled.
struct BillSegment {
    int number = 1;
    service::AgreementId agreement;
    DateRange period;
    std::string schedule;
    std::string option;
    std::string phase;
    Energy delivered;
    std::vector<std::pair<std::string, Energy>> by_tou;  ///< sums over the whole period
    std::optional<Demand> measured_demand;
    std::optional<Demand> billed_demand;
    std::string inputs_hash;  ///< SHA-256 of everything the segment was computed from
    Money current_charges;
    std::vector<SegmentRead> reads;
    std::vector<rating::ChargeLine> lines;
};

/// Something that moved the account between two bills.
struct Activity {
    Date date;
    std::string kind;  ///< payment, payment_return, returned_item_fee, ...
    std::string memo;
    Money amount;  ///< negative lowers what is owed
    std::int64_t entry_id = 0;
};

/// Statement of charges for a service period; immutable once issued.
struct Bill {
    customers::AccountId account;
    BillId id;
    std::string number;  ///< account number, a dash, and the period's end: 10000000017-260609
    std::string cycle;
    Date bill_date;  ///< mailed
    Date due_date;
    DateRange period;
    std::string language;
    Money previous_balance;
    Money activity_total;
    Money current_charges;
    Money amount_due;
    bool autopay = false;
    std::vector<Activity> activity;
    std::vector<BillSegment> segments;
};

struct BillSummary {
    customers::AccountId account;
    BillId id;
    std::string number;
    std::string cycle;
    Date bill_date;
    Date due_date;
    DateRange period;
    Money previous_balance;
    Money activity_total;
    Money current_charges;
    Money amount_due;
    bool autopay = false;
};

/// One bar of the history on a bill.
struct PeriodUse {
    DateRange period;
    Energy delivered;
    std::optional<Demand> measured_demand;
};

/// A tax line already billed, for yearly caps.
struct BilledTax {
    Date last_service_day;
    Money amount;
};

/// What a run of one cycle and night did; the control report of R4.03.
struct CycleRun {
    std::string cycle;
    Date read_date;
    Date run_date;
    std::int64_t billed = 0;
    std::int64_t held = 0;
    Money amount;
};

/// An account left out of a run, and why. A bad account never stops a run.
struct BillingException {
    customers::AccountId account;
    service::AgreementId agreement;
    DateRange period;
    std::string cause;     ///< slug of the refusal
    std::string evidence;  ///< in words
    std::string next_step;
    Money at_stake;
};

[[nodiscard]] std::string bill_number(customers::AccountId account, Date period_end);
[[nodiscard]] BillId bill_id(const std::string& bill_number);

class BillStore {
public:
    virtual ~BillStore() = default;
    /// Last day billed of each agreement (the `until` of its last segment) whose point belongs to
    /// the cycle on a day.
    [[nodiscard]] virtual std::map<service::AgreementId, Date> billed_until(
        const std::string& cycle, Date on, customers::AccountRange accounts) = 0;
    /// Agreements of the accounts with the first days of the periods billed from a day on.
    [[nodiscard]] virtual std::set<std::pair<service::AgreementId, Date>> billed_periods(
        const std::vector<customers::AccountId>& accounts, Date from) = 0;
    virtual void add(const std::vector<Bill>& bills) = 0;
    /// Those of the numbers that are taken.
    [[nodiscard]] virtual std::vector<std::string> taken_numbers(
        const std::vector<std::string>& numbers) = 0;
    virtual void add_run(const CycleRun& run) = 0;
    [[nodiscard]] virtual std::vector<CycleRun> runs() = 0;
    /// Uses of the agreements' last `periods` periods, oldest first.
    [[nodiscard]] virtual std::map<service::AgreementId, std::vector<PeriodUse>> history(
        const std::vector<customers::AccountId>& accounts, Date before) = 0;
    /// Lines of a code that the accounts were billed for service from a day on. Source: R2.37.
    [[nodiscard]] virtual std::map<customers::AccountId, std::vector<BilledTax>> billed_lines(
        const std::vector<customers::AccountId>& accounts, const std::string& code, Date from) = 0;
    /// The last bill of each account issued on or before the date.
    [[nodiscard]] virtual std::map<customers::AccountId, BillSummary> last_bills(
        const std::vector<customers::AccountId>& accounts) = 0;
    /// Journal entries of the accounts that no bill has shown yet.
    [[nodiscard]] virtual std::map<customers::AccountId, std::vector<Activity>> unbilled_activity(
        const std::vector<customers::AccountId>& accounts) = 0;
    [[nodiscard]] virtual std::optional<Bill> find(const std::string& number) = 0;
    [[nodiscard]] virtual std::vector<BillSummary> issued(DateRange bill_dates, Date known_on) = 0;
    [[nodiscard]] virtual std::vector<BillSummary> due(DateRange due_dates) = 0;
    [[nodiscard]] virtual std::vector<BillSummary> of_account(customers::AccountId account) = 0;
};

}  // namespace watthour::billing
