// SPDX-License-Identifier: Apache-2.0
#include "app/case_past.hpp"

#include "base/arithmetic.hpp"

#include <algorithm>
#include <cstdlib>

namespace watthour::app {
namespace {

constexpr int days_of_a_year = 365;
constexpr int days_off_a_year = 20;
constexpr int fewest_days = 5;
constexpr std::size_t parts_of_a_side = 3;

bool is_a_year_before(DateRange earlier, DateRange later) {
    return std::abs((later.until - earlier.until) - days_of_a_year) <= days_off_a_year;
}

void add(UseOverDays& side, const storage::BilledMeterUse& use) {
    side.energy += use.energy;
    side.days += use.days.days();
}

}  // namespace

std::int64_t UseOverDays::a_day_wh() const {
    return days == 0 ? 0 : round_divide(energy.wh(), days, Rounding::half_away_from_zero);
}

std::string UseOverDays::a_day_text() const {
    if (days == 0) return "0.00";
    return Decimal(round_divide(energy.wh(), i128{days} * 10, Rounding::half_away_from_zero), 2)
        .to_string();
}

std::vector<storage::BilledMeterUse> meter_uses_of(const CaseSubject& subject) {
    std::vector<storage::BilledMeterUse> uses;
    for (const BilledSegment& one : subject.billed) {
        for (const auto& read : one.segment.reads) {
            uses.push_back({subject.account ? subject.account->id : customers::AccountId{},
                            one.segment.agreement, read.meter, read.period, read.energy,
                            read.multiplier});
        }
    }
    std::stable_sort(uses.begin(), uses.end(),
                     [](const auto& a, const auto& b) { return a.days.from < b.days.from; });
    return uses;
}

std::vector<ExchangeStep> exchange_steps(const std::vector<storage::BilledMeterUse>& uses) {
    std::vector<ExchangeStep> steps;
    for (std::size_t i = 1; i < uses.size(); ++i) {
        const auto& old = uses[i - 1];
        const auto& fresh = uses[i];
        if (old.serial == fresh.serial || fresh.days.from < old.days.until) continue;
        ExchangeStep step;
        step.on = fresh.days.from;
        step.old_meter = old.serial;
        step.new_meter = fresh.serial;
        step.old_multiplier = old.multiplier;
        step.new_multiplier = fresh.multiplier;
        for (std::size_t back = 0; back < std::min(parts_of_a_side, i); ++back) {
            const auto& part = uses[i - 1 - back];
            if (part.serial != old.serial) break;
            add(step.before, part);
        }
        for (std::size_t on = i; on < std::min(i + parts_of_a_side, uses.size()); ++on) {
            if (uses[on].serial != fresh.serial) break;
            add(step.after, uses[on]);
        }
        if (step.before.days < fewest_days || step.after.days < fewest_days) continue;
        steps.push_back(std::move(step));
    }
    return steps;
}

const billing::BillSegment* a_year_before(const CaseSubject& subject, DateRange period) {
    for (const BilledSegment& one : subject.billed) {
        if (is_a_year_before(one.segment.period, period)) return &one.segment;
    }
    return nullptr;
}

const storage::BilledUse* a_year_before(const std::vector<storage::BilledUse>& own,
                                        DateRange period) {
    for (const auto& one : own) {
        if (is_a_year_before(one.period, period)) return &one;
    }
    return nullptr;
}

ChangeOfOthers change_of_others(const std::vector<storage::BilledUse>& billed, Date until,
                                std::int64_t but_account) {
    ChangeOfOthers change;
    for (std::size_t begin = 0; begin < billed.size();) {
        std::size_t end = begin;
        const storage::BilledUse* now = nullptr;
        while (end < billed.size() && billed[end].agreement == billed[begin].agreement) {
            if (billed[end].period.until == until) now = &billed[end];
            ++end;
        }
        if (now != nullptr && now->account.value != but_account) {
            for (std::size_t i = begin; i < end; ++i) {
                if (!is_a_year_before(billed[i].period, now->period)) continue;
                ++change.count;
                change.now += now->delivered;
                change.then += billed[i].delivered;
                break;
            }
        }
        begin = end;
    }
    return change;
}

}  // namespace watthour::app
