// SPDX-License-Identifier: Apache-2.0
#include "base/check.hpp"
#include "rating/draft.hpp"
#include "rating/errors.hpp"

#include <algorithm>
#include <map>
#include <set>

namespace watthour::rating {

namespace {

Result<void> check_period(DateRange period) {
    const int days = period.days();
    if (0 < days && days <= most_period_days) return {};
    return Error(days <= 0 ? errors::period_empty : errors::period_too_long,
                 {{"from", period.from.to_string()},
                  {"until", period.until.to_string()},
                  {"days", std::to_string(days)},
                  {"most", std::to_string(most_period_days)}});
}

Result<void> check_discounts(const Draft& draft) {
    for (const DatedCode& dated : draft.request.discounts) {
        const tariff::Discount* discount = draft.catalogue.find_discount(dated.code);
        if (discount == nullptr) {
            std::string known;
            for (const auto& one : draft.catalogue.discounts) {
                known += (known.empty() ? "" : ", ") + one.code;
            }
            return Error(errors::discount_unknown, {{"discount", dated.code}, {"known", known}});
        }
        // A mere tax exemption needs no schedule; one that ended before the period does not matter.
        if (discount->form == tariff::DiscountForm::exemption_only ||
            draft.schedule.offers(dated.code) ||
            dated.active.intersection(draft.request.period).is_empty()) {
            continue;
        }
        return Error(errors::discount_not_offered,
                     {{"schedule", draft.schedule.code}, {"discount", dated.code}});
    }
    return {};
}

Result<void> check_exemptions(const Draft& draft) {
    for (const DatedCode& dated : draft.request.exemptions) {
        std::set<std::string> known;
        for (const tariff::Tax& tax : draft.catalogue.taxes) {
            known.insert(tax.exempt_flags.begin(), tax.exempt_flags.end());
        }
        if (known.contains(dated.code)) continue;
        std::string list;
        for (const std::string& flag : known) list += (list.empty() ? "" : ", ") + flag;
        return Error(errors::exemption_unknown, {{"flag", dated.code}, {"known", list}});
    }
    return {};
}

Result<void> check_interval_use(const Draft& draft) {
    const RatingRequest& request = draft.request;
    const Facts dates{{"schedule", draft.schedule.code},
                      {"from", request.period.from.to_string()},
                      {"until", request.period.until.to_string()}};
    if (request.tou.empty()) return Error(errors::tou_use_missing, dates);
    Energy sum;
    Date reached = request.period.from;
    for (const TouSegmentUse& piece : request.tou) {
        if (piece.segment.from != reached || piece.segment.is_empty()) break;
        reached = piece.segment.until;
        for (const auto& [period, energy] : piece.by_period) {
            if (energy < Energy()) {
                return Error(errors::use_negative,
                             {{"kwh", energy.to_string()}, {"schedule", draft.schedule.code}});
            }
            sum += energy;
        }
    }
    if (reached != request.period.until || request.tou.back().segment.until != reached) {
        return Error(errors::use_not_tiled, dates);
    }
    if (sum != request.delivered) {
        return Error(errors::use_disagrees,
                     {{"delivered", request.delivered.to_string()}, {"sum", sum.to_string()}});
    }
    return {};
}

Result<void> check_request(const Draft& draft) {
    const RatingRequest& request = draft.request;
    if (!request.rider.empty()) {
        return Error(errors::rider_not_supported, {{"rider", request.rider}});
    }
    TRY_DONE(tariff::check_facts(draft.schedule, draft.facts));
    TRY_DONE(check_discounts(draft));
    TRY_DONE(check_exemptions(draft));
    if (request.delivered < Energy()) {
        return Error(errors::use_negative,
                     {{"kwh", request.delivered.to_string()}, {"schedule", draft.schedule.code}});
    }
    if (draft.schedule.usage == tariff::UsageSource::intervals) return check_interval_use(draft);
    return {};
}

}  // namespace

void write_journal(Draft& draft) {
    RatedStatement& statement = draft.statement;
    std::map<std::string, Money> credits;
    for (const ChargeLine& line : statement.lines) credits[line.gl_account] += line.amount;
    const std::string& receivable = draft.catalogue.gl.role("receivable");
    const auto leg = [&](const std::string& account, Money debit) {
        if (debit.is_zero()) return;
        statement.journal.push_back(debit.is_positive() ? JournalLeg{account, debit, Money()}
                                                        : JournalLeg{account, Money(), -debit});
    };
    leg(receivable, statement.current_charges);
    for (const auto& [account, credit] : credits) leg(account, -credit);
    Money balance;
    for (const JournalLeg& posted : statement.journal) balance += posted.debit - posted.credit;
    WH_CHECK(balance.is_zero(), "the journal of a statement does not balance");
}

Money RatedStatement::subtotal(std::string_view group) const {
    Money sum;
    for (const ChargeLine& line : lines) {
        if (line.group == group) sum += line.amount;
    }
    return sum;
}

Result<RatedStatement> rate(const tariff::Catalogue& catalogue, const RatingRequest& request) {
    TRY_DONE(check_period(request.period));
    TRY(const tariff::RateSchedule* schedule, catalogue.find_schedule(request.schedule));
    Draft draft{catalogue, request, *schedule, {request.option, request.phase, request.voltage},
                {},        {}};
    TRY_DONE(check_request(draft));
    TRY(const tariff::ScheduleVersion* version, schedule->version_on(request.period.from));
    draft.statement.period_days = draft.days();
    draft.statement.delivered = request.delivered;
    draft.statement.fixed_charge_factor = version->proration_rules.front().factor(draft.days());
    TRY_DONE(rate_schedule_charges(draft));
    TRY_DONE(rate_adjustments(draft));
    TRY_DONE(rate_discounts(draft));
    TRY_DONE(rate_taxes(draft));
    TRY_DONE(rate_fees(draft));
    write_journal(draft);
    return std::move(draft.statement);
}

}  // namespace watthour::rating
