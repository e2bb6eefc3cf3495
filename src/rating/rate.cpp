// SPDX-License-Identifier: Apache-2.0
#include "base/check.hpp"
#include "rating/errors.hpp"
#include "rating/numbers.hpp"
#include "rating/rating.hpp"

#include <algorithm>
#include <set>

namespace watthour::rating {

namespace {

template <class Names>
std::string joined(const Names& names) {
    std::string text;
    for (const std::string& name : names) text += (text.empty() ? "" : ", ") + name;
    return text;
}

Result<void> check_discounts(const Plan& plan, const RatingRequest& request) {
    for (const DatedCode& dated : request.discounts) {
        const tariff::Discount* discount = plan.catalogue->find_discount(dated.code);
        if (discount == nullptr) {
            std::vector<std::string> known;
            for (const auto& one : plan.catalogue->discounts) known.push_back(one.code);
            return Error(errors::discount_unknown,
                         {{"discount", dated.code}, {"known", joined(known)}});
        }
        // A mere tax exemption needs no schedule; one that ended before the period does not matter.
        if (discount->form == tariff::DiscountForm::exemption_only ||
            plan.schedule->offers(dated.code) ||
            dated.active.intersection(request.period).is_empty()) {
            continue;
        }
        return Error(errors::discount_not_offered,
                     {{"schedule", plan.schedule->code}, {"discount", dated.code}});
    }
    return {};
}

Result<void> check_exemptions(const Plan& plan, const RatingRequest& request) {
    std::set<std::string> known;
    for (const tariff::Tax& tax : plan.catalogue->taxes) {
        known.insert(tax.exempt_flags.begin(), tax.exempt_flags.end());
    }
    for (const DatedCode& dated : request.exemptions) {
        if (known.contains(dated.code)) continue;
        return Error(errors::exemption_unknown, {{"flag", dated.code}, {"known", joined(known)}});
    }
    return {};
}

/// Amounts that would otherwise be left out of the sum silently.
Result<void> check_solar_facts(const Plan& plan, const RatingRequest& request) {
    const auto refuse = [](const char* what) {
        return Error(errors::bank_without_rider, {{"what", what}});
    };
    const tariff::RiderTerms* terms =
        plan.rider == nullptr ? nullptr : plan.rider->terms_on(plan.period.from);
    if (!request.bank_open.is_zero() && !plan.bank) return refuse("A bank brought forward");
    if (request.true_up && (terms == nullptr || !terms->true_up)) return refuse("A true-up");
    if (!request.accrued_before.is_zero() && (terms == nullptr || !terms->accrual)) {
        return refuse("An amount accrued before");
    }
    if (!request.surplus.is_zero() &&
        (terms == nullptr || !terms->true_up || !terms->true_up->surplus)) {
        return refuse("Surplus energy");
    }
    return {};
}

}  // namespace

Result<void> check_period(DateRange period) {
    const int days = period.days();
    if (0 < days && days <= most_period_days) return {};
    return Error(days <= 0 ? errors::period_empty : errors::period_too_long,
                 {{"from", period.from.to_string()},
                  {"until", period.until.to_string()},
                  {"days", std::to_string(days)},
                  {"most", std::to_string(most_period_days)}});
}

PlanKey plan_key_of(const RatingRequest& request) {
    PlanKey key;
    key.schedule = request.schedule;
    key.facts = {request.option, request.phase, request.voltage, request.other_facts};
    key.rider = request.rider;
    key.period = request.period;
    key.lamps = request.lamps;
    return key;
}

Result<RatedStatement> rate_by(const Plan& plan, const RatingRequest& request) {
    TRY_DONE(check_discounts(plan, request));
    TRY_DONE(check_exemptions(plan, request));
    TRY_DONE(check_solar_facts(plan, request));
    std::vector<std::int64_t> slots = plan.initial;
    TRY_DONE(fill_inputs(plan, request, slots));
    run_plan(plan, slots, request.tier_filler);
    return print_statement(plan, request, slots);
}

Result<RatedStatement> rate(const tariff::Catalogue& catalogue, const RatingRequest& request) {
    TRY_DONE(check_period(request.period));
    TRY(const Plan plan, make_plan(catalogue, plan_key_of(request)));
    return rate_by(plan, request);
}

}  // namespace watthour::rating
