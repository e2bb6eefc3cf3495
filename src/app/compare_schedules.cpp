// SPDX-License-Identifier: Apache-2.0
#include "app/compare_schedules.hpp"

#include "app/errors.hpp"
#include "app/rate_again.hpp"
#include "tariff/rate_sheet.hpp"

#include <algorithm>

namespace watthour::app {

namespace {

constexpr int days_compared = 366;

/// Every schedule of the class with every value of the facts that an agreement can state.
std::vector<ScheduleChoice> choices_of(const tariff::Catalogue& catalogue,
                                       const tariff::RateSchedule& own,
                                       const billing::BillSegment& last) {
    std::vector<ScheduleChoice> choices;
    for (const tariff::RateSchedule& schedule : catalogue.schedules) {
        if (schedule.rate_class != own.rate_class) continue;
        ScheduleChoice choice;
        choice.schedule = schedule.code;
        choice.name_en = schedule.name.en;
        choice.name_es = schedule.name.es;
        // The phase is a fact of the wires, not a choice.
        if (schedule.values_of("phase") != nullptr) {
            choice.phase = last.phase.empty() ? "1" : last.phase;
        }
        const std::vector<std::string>* options = schedule.values_of("option");
        const std::vector<std::string> none{""};
        for (const std::string& option : options == nullptr ? none : *options) {
            choice.option = option;
            choice.current = schedule.code == last.schedule && option == last.option;
            // Heating is a fact too: another option of the same schedule is none to choose.
            if (!choice.current && schedule.code == last.schedule) continue;
            if (options != nullptr && schedule.code != last.schedule &&
                option != options->front()) {
                continue;
            }
            choices.push_back(choice);
        }
    }
    return choices;
}

void rate_choice(const tariff::Catalogue& catalogue, BillsAgain& bills, const RatedAgain& again,
                 ScheduleChoice& choice) {
    if (!choice.unavailable.empty()) return;
    const auto other = bills.on_other_terms(again, choice.schedule, choice.option, choice.phase);
    if (!other) {
        choice.unavailable = other.error().message();
        choice.rule = other.error().slug();
        return;
    }
    const auto rated = rating::rate(catalogue, (*other).request);
    if (!rated) {
        choice.unavailable = rated.error().message();
        choice.rule = rated.error().slug();
        return;
    }
    choice.total += (*rated).current_charges;
    choice.by_bill.emplace_back(again.segment->period.until.to_string(), (*rated).current_charges);
}

}  // namespace

Result<ScheduleComparison> compare_schedules(Office& office, customers::AccountId account,
                                             const tariff::Catalogue* proposed) {
    std::optional<tariff::Catalogue> in_force;
    if (proposed != nullptr) in_force = tariff::as_if_in_force(*proposed);
    const tariff::Catalogue& catalogue = in_force ? *in_force : office.catalogue();
    ScheduleComparison comparison;
    comparison.account = account;
    const auto issued = office.bills().of_account(account);
    if (issued.empty()) {
        return Error(errors::no_bills, {{"account", std::to_string(account.value)}});
    }
    Date newest = issued.front().bill_date;
    for (const auto& bill : issued) newest = std::max(newest, bill.bill_date);
    BillsAgain bills(office, catalogue);
    std::optional<Error> failure;
    bills.of_account(account, {newest - days_compared + 1, newest + 1},
                     [&](Result<RatedAgain> again) {
                         if (!again) {
                             failure = again.error();
                             return;
                         }
                         const billing::BillSegment& segment = *(*again).segment;
                         if (comparison.choices.empty()) {
                             comparison.period.from = segment.period.from;
                             const auto own = catalogue.find_schedule(segment.schedule);
                             if (own) comparison.choices = choices_of(catalogue, **own, segment);
                         }
                         comparison.period.until = segment.period.until;
                         comparison.billed += segment.current_charges;
                         for (ScheduleChoice& choice : comparison.choices) {
                             rate_choice(catalogue, bills, *again, choice);
                         }
                     });
    if (failure) return *failure;
    std::stable_sort(comparison.choices.begin(), comparison.choices.end(),
                     [](const ScheduleChoice& a, const ScheduleChoice& b) {
                         return std::pair(!a.unavailable.empty(), a.total) <
                                std::pair(!b.unavailable.empty(), b.total);
                     });
    return comparison;
}

json::value to_json(const ScheduleComparison& comparison) {
    json::array choices;
    for (const ScheduleChoice& choice : comparison.choices) {
        json::array bills;
        for (const auto& [until, amount] : choice.by_bill) {
            bills.push_back(json::object{{"until", until}, {"amount", amount.to_string()}});
        }
        choices.push_back(
            json::object{{"schedule", choice.schedule},
                         {"option", choice.option},
                         {"name", json::object{{"en", choice.name_en}, {"es", choice.name_es}}},
                         {"current", choice.current},
                         {"available", choice.unavailable.empty()},
                         {"reason", choice.unavailable},
                         {"rule", choice.rule},
                         {"total", choice.total.to_string()},
                         {"bills", std::move(bills)}});
    }
    return json::object{{"account", std::to_string(comparison.account.value)},
                        {"from", comparison.period.from.to_string()},
                        {"until", comparison.period.until.to_string()},
                        {"billed", comparison.billed.to_string()},
                        {"choices", std::move(choices)}};
}

}  // namespace watthour::app
