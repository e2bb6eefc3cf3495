// SPDX-License-Identifier: Apache-2.0
#include "app/rate_again.hpp"

#include "app/bill_account.hpp"
#include "app/errors.hpp"
#include "storage/route_rows.hpp"

#include <algorithm>

namespace watthour::app {

namespace {

const service::ServedAgreement* find_agreement(const std::vector<service::ServedAgreement>& served,
                                               service::AgreementId id) {
    for (const auto& one : served) {
        if (one.agreement.id == id) return &one;
    }
    return nullptr;
}

/// What the bill itself recorded of a segment that was read from registers.
billing::MeasuredUse recorded_use(const billing::BillSegment& segment) {
    billing::MeasuredUse use;
    use.period = segment.period;
    use.delivered = segment.delivered;
    use.reads = segment.reads;
    use.measured_demand = segment.measured_demand;
    return use;
}

}  // namespace

std::vector<customers::AccountId> billed_accounts(Office& office) {
    std::vector<customers::AccountId> accounts;
    for (const auto& bill : office.bills().issued({Date(), end_of_time}, end_of_time)) {
        accounts.push_back(bill.account);
    }
    std::sort(accounts.begin(), accounts.end());
    accounts.erase(std::unique(accounts.begin(), accounts.end()), accounts.end());
    return accounts;
}

std::int64_t BillsAgain::of_account(customers::AccountId account, DateRange bill_dates,
                                    const std::function<void(Result<RatedAgain>)>& take) {
    Past past;
    std::int64_t count = 0;
    std::vector<billing::BillSummary> bills = office_.bills().of_account(account);
    std::sort(bills.begin(), bills.end(), [](const auto& a, const auto& b) {
        return std::tie(a.period.until, a.number) < std::tie(b.period.until, b.number);
    });
    for (const billing::BillSummary& summary : bills) {
        const auto bill = office_.bills().find(summary.number);
        if (!bill) continue;
        served_ = office_.service().agreements_of_account(account, bill->bill_date);
        for (const billing::BillSegment& segment : bill->segments) {
            if (bill_dates.contains(bill->bill_date)) {
                take(rebuild(*bill, segment, past));
                ++count;
            }
            remember(segment, past);
        }
    }
    return count;
}

void BillsAgain::remember(const billing::BillSegment& segment, Past& past) {
    past.history[segment.agreement].push_back(
        {segment.period, segment.delivered, segment.measured_demand});
    for (const rating::ChargeLine& line : segment.lines) {
        if (line.code == "UUT") past.taxed.push_back({segment.period.until - 1, line.amount});
    }
}

Result<void> BillsAgain::measure_intervals(RatedAgain& again) {
    const DateRange period = again.segment->period;
    DueAgreement& due = again.due;
    TRY(const tariff::RateSchedule* schedule,
        catalogue_.find_schedule(due.served.agreement.schedule));
    due.meters = office_.meters().installed_at({due.served.point.id});
    std::vector<metering::ChannelId> channels;
    for (const auto& meter : due.meters) {
        for (const auto& channel : meter.channels) channels.push_back(channel.id);
    }
    billing::ReadShelf shelf;
    shelf.put(office_.meters().blocks(channels, period.from.first_of_month(),
                                      (period.until - 1).first_of_month()));
    const int minutes = billing::interval_minutes_of(*schedule, due.meters);
    const auto* calendar = tariff::tou_calendar_of(catalogue_, *schedule, period.from);
    if (calendar != nullptr && minutes != 0) runs_.prepare(*calendar, period, minutes);
    const billing::MeasureContext context{&catalogue_, &office_.zone(), &runs_, &shelf, nullptr};
    TRY(again.use, billing::measure(context, due.served, due.meters, period));
    return {};
}

Result<void> BillsAgain::measure(RatedAgain& again) {
    TRY(const tariff::RateSchedule* schedule,
        catalogue_.find_schedule(again.due.served.agreement.schedule));
    if (schedule->usage == tariff::UsageSource::intervals) {
        TRY_DONE(measure_intervals(again));
    } else {
        again.use = recorded_use(*again.segment);
    }
    again.request = rating_request(catalogue_, again.due, again.use);
    return {};
}

Result<RatedAgain> BillsAgain::on_other_terms(const RatedAgain& again, const std::string& schedule,
                                              const std::string& option, const std::string& phase) {
    RatedAgain other = again;
    other.due.served.agreement.schedule = schedule;
    other.due.served.agreement.option = option;
    other.due.served.agreement.phase = phase;
    // Programs that the other schedule does not offer would be refused; they are left behind.
    TRY(const tariff::RateSchedule* offered, catalogue_.find_schedule(schedule));
    auto& programs = other.due.served.agreement.programs;
    std::erase_if(programs, [&](const auto& program) {
        const auto* discount = catalogue_.find_discount(program.code);
        return program.kind == "discount" && discount != nullptr &&
               discount->form != tariff::DiscountForm::exemption_only &&
               !offered->offers(program.code);
    });
    TRY_DONE(measure(other));
    return other;
}

Result<RatedAgain> BillsAgain::rebuild(const billing::Bill& bill,
                                       const billing::BillSegment& segment, const Past& past) {
    RatedAgain again;
    again.bill = &bill;
    again.segment = &segment;
    again.served = find_agreement(served_, segment.agreement);
    if (again.served == nullptr && later_ == RecordedLater::as_known_now) {
        served_ = office_.service().agreements_of_account(bill.account, service::now_known);
        again.served = find_agreement(served_, segment.agreement);
    }
    if (again.served == nullptr) {
        return Error(errors::agreement_unknown_then,
                     {{"bill", bill.number}, {"date", bill.bill_date.to_string()}});
    }
    DueAgreement& due = again.due;
    due.served = *again.served;
    // The facts that the bill recorded, whatever the agreement says today.
    due.served.agreement.schedule = segment.schedule;
    due.served.agreement.option = segment.option;
    due.served.agreement.phase = segment.phase;
    due.period = segment.period;
    storage::RouteRows routes(office_.database());
    const auto point = due.served.point.id;
    due.served.point.reading = routes.reading_on(point, segment.period.until, bill.bill_date);
    if (due.served.point.reading.empty()) {
        due.served.point.reading =
            routes.reading_on(point, segment.period.until, service::now_known);
    }
    if (const auto known = past.history.find(segment.agreement); known != past.history.end()) {
        due.history = known->second;
    }
    const tariff::Utility& utility = catalogue_.utility;
    const Date last_day = segment.period.until - 1;
    for (const billing::BilledTax& line : past.taxed) {
        if (line.last_service_day < segment.period.until &&
            utility.fiscal_year_of(line.last_service_day) == utility.fiscal_year_of(last_day)) {
            due.users_tax_this_year += line.amount;
        }
    }
    TRY_DONE(measure(again));
    again.intervals_changed = !again.use.by_tou.empty() && again.use.by_tou != segment.by_tou;
    return again;
}

}  // namespace watthour::app
