// SPDX-License-Identifier: Apache-2.0
#include "app/late_reads.hpp"

#include "app/rate_again.hpp"
#include "rating/plan_book.hpp"
#include "worklist/told.hpp"

#include <fmt/format.h>

namespace watthour::app {
namespace {

/// More than the policy leaves alone: over its dollars or over its share of the bill.
bool is_worth_a_rebill(const tariff::VeeVersion& rules, Money then, Money now) {
    const Money difference = (now - then).magnitude();
    if (difference > rules.rebill_over) return true;
    return i128{difference.minor_units()} * 100 >
           i128{then.magnitude().minor_units()} * rules.rebill_over_percent;
}

worklist::WorkItem rebill_item(const RatedAgain& again, Money then, Money now, Date on) {
    const billing::BillSegment& segment = *again.segment;
    worklist::WorkItem item;
    item.account = again.bill->account.value;
    item.kind = "rebill";
    item.cause = "vee.late_after_bill";
    item.subject = fmt::format("{}|{}", again.bill->number, now.to_string());
    item.id = worklist::work_item_id(item.kind, item.account, item.subject);
    item.evidence = worklist::stored(
        worklist::tell("told.late_after_bill", {{"bill", again.bill->number},
                                                {"from", segment.period.from.to_string()},
                                                {"until", segment.period.until.to_string()},
                                                {"then_kwh", segment.delivered.to_string()},
                                                {"now_kwh", again.use.delivered.to_string()},
                                                {"now", now.to_string()},
                                                {"then", then.to_string()},
                                                {"difference", (now - then).to_string()}}));
    item.next_step = worklist::stored(worklist::tell("told.late_after_bill.next"));
    item.at_stake = (now - then).magnitude();
    item.opened_on = on;
    return item;
}

}  // namespace

std::vector<worklist::WorkItem> late_after_bill(Office& office, const ChangedDays& changed,
                                                Date on) {
    std::vector<worklist::WorkItem> items;
    const tariff::VeeVersion* rules = office.catalogue().vee.version_on(on);
    if (rules == nullptr || changed.empty()) return items;
    rating::PlanBook plans(office.catalogue());
    BillsAgain bills(office, office.catalogue());
    for (const auto& [account, days] : changed) {
        bills.of_account(account, {Date(), end_of_time}, [&](const Result<RatedAgain>& again) {
            if (!again || !again->intervals_changed) return;
            if (again->segment->period.intersection(days).is_empty()) return;
            const auto rated = plans.rate(again->request);
            if (!rated) return;
            const Money then = again->segment->current_charges;
            if (is_worth_a_rebill(*rules, then, rated->current_charges)) {
                items.push_back(rebill_item(*again, then, rated->current_charges, on));
            }
        });
    }
    return items;
}

std::int64_t ask_for_rebills(Office& office, const ChangedDays& changed, Date on) {
    const auto items = late_after_bill(office, changed, on);
    if (items.empty()) return 0;
    storage::Transaction transaction(office.database(), on);
    const std::int64_t opened = office.work().open(items);
    transaction.commit();
    return opened;
}

}  // namespace watthour::app
