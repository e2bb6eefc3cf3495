// SPDX-License-Identifier: Apache-2.0
#include "app/due_agreements.hpp"

#include <algorithm>
#include <map>
#include <utility>

namespace watthour::app {
namespace {

/// Agreements that ended longer ago than this were billed in earlier windows or are in the inbox.
constexpr int days_looked_back = 120;

void add_period(Office& office, const std::map<service::AgreementId, Date>& billed_until,
                Date read_date, const service::ServedAgreement& served, DueSet& set) {
    const auto& agreement = served.agreement;
    const auto billed = billed_until.find(agreement.id);
    DueAgreement due;
    due.served = served;
    due.first_period = billed == billed_until.end();
    due.period.from = due.first_period ? agreement.active.from : billed->second;
    due.period.until = std::min(read_date, agreement.active.until);
    due.final_period = agreement.active.until <= read_date;
    if (due.period.is_empty()) {
        if (!due.first_period) ++set.already_billed;
        return;
    }
    // The read that ended the last period may lie inside the read window after the schedule.
    const int days = due.period.days();
    if (!due.first_period && !due.final_period &&
        days <= office.catalogue().policies.reading.window_days_after) {
        ++set.already_billed;
        return;
    }
    // R4.20: a first period that is too short waits for the next one unless it is the last.
    if (due.first_period && !due.final_period &&
        days < office.catalogue().policies.billing.first_bill_min_days) {
        ++set.merged;
        return;
    }
    set.due.push_back(std::move(due));
}

void fetch_meters(Office& office, DueSet& set) {
    std::vector<service::ServicePointId> points;
    for (const DueAgreement& due : set.due) points.push_back(due.served.point.id);
    std::map<service::ServicePointId, std::vector<metering::InstalledMeter>> by_point;
    for (auto& meter : office.meters().installed_at(points)) {
        by_point[meter.installation.service_point].push_back(std::move(meter));
    }
    for (DueAgreement& due : set.due) due.meters = by_point[due.served.point.id];
}

void fetch_reads(Office& office, Date read_date, DueSet& set) {
    const auto& policy = office.catalogue().policies.reading;
    std::vector<metering::ChannelId> channels;
    Date earliest = read_date;
    for (const DueAgreement& due : set.due) {
        earliest = std::min(earliest, due.period.from);
        for (const auto& meter : due.meters) {
            for (const auto& channel : meter.channels) channels.push_back(channel.id);
        }
    }
    // Opening reads lie on many dates, closing reads near one: two narrow queries, not one wide.
    std::map<Date, std::vector<metering::ChannelId>> openings;
    for (const DueAgreement& due : set.due) {
        for (const auto& meter : due.meters) {
            for (const auto& channel : meter.channels) {
                openings[due.period.from].push_back(channel.id);
                if (due.period.until != read_date) {
                    openings[due.period.until].push_back(channel.id);
                }
            }
        }
    }
    for (const auto& [date, of_date] : openings) {
        set.shelf.put(office.meters().reads(
            of_date, {date - policy.window_days_before, date + policy.window_days_after + 1}));
    }
    set.shelf.put(office.meters().reads(channels, {read_date - policy.window_days_before,
                                                   read_date + policy.window_days_after + 1}));
    set.shelf.put(
        office.meters().blocks(channels, earliest.first_of_month(), read_date.first_of_month()));
}

void fetch_history(Office& office, Date read_date, DueSet& set) {
    std::vector<customers::AccountId> accounts;
    for (const DueAgreement& due : set.due) accounts.push_back(due.served.agreement.account);
    auto history = office.bills().history(accounts, read_date);
    // A yearly cap counts from the fiscal year's first day; a late account may lie a year back.
    const auto& utility = office.catalogue().utility;
    const auto taxed =
        office.bills().billed_lines(accounts, "UUT", utility.fiscal_year_of(read_date - 366));
    for (DueAgreement& due : set.due) {
        due.history = std::move(history[due.served.agreement.id]);
        const auto found = taxed.find(due.served.agreement.account);
        if (found == taxed.end()) continue;
        const Date year = utility.fiscal_year_of(due.period.until - 1);
        for (const auto& line : found->second) {
            if (line.last_service_day < due.period.until &&
                utility.fiscal_year_of(line.last_service_day) == year) {
                due.users_tax_this_year += line.amount;
            }
        }
    }
}

}  // namespace

std::vector<customers::AccountId> accounts_to_bill(Office& office, const std::string& cycle,
                                                   Date read_date) {
    return office.service().accounts_of_cycle(cycle, read_date,
                                              {read_date - days_looked_back, read_date});
}

DueSet collect_due(Office& office, const std::string& cycle, Date read_date,
                   customers::AccountRange range) {
    DueSet set;
    const auto served = office.service().agreements_of_cycle(
        cycle, read_date, {read_date - days_looked_back, read_date}, range);
    const auto billed_until = office.bills().billed_until(cycle, read_date, range);
    for (const auto& agreement : served) {
        ++set.agreements;
        add_period(office, billed_until, read_date, agreement, set);
    }
    if (set.due.empty()) return set;
    fetch_meters(office, set);
    fetch_reads(office, read_date, set);
    fetch_history(office, read_date, set);
    return set;
}

void prepare_runs(const tariff::Catalogue& catalogue, const DueSet& set,
                  tariff::TouRunCache& cache) {
    std::map<std::pair<const tariff::TouCalendar*, int>, DateRange> wanted;
    for (const DueAgreement& due : set.due) {
        const auto schedule = catalogue.find_schedule(due.served.agreement.schedule);
        if (!schedule || (*schedule)->usage != tariff::UsageSource::intervals) continue;
        const auto* calendar = tariff::tou_calendar_of(catalogue, **schedule, due.period.from);
        const int minutes = billing::interval_minutes_of(**schedule, due.meters);
        if (calendar == nullptr || minutes == 0) continue;
        auto [at, fresh] = wanted.insert({{calendar, minutes}, due.period});
        if (!fresh) {
            at->second.from = std::min(at->second.from, due.period.from);
            at->second.until = std::max(at->second.until, due.period.until);
        }
    }
    for (const auto& [key, days] : wanted) cache.prepare(*key.first, days, key.second);
}

}  // namespace watthour::app
