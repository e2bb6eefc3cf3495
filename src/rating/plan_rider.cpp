// SPDX-License-Identifier: Apache-2.0
#include "base/check.hpp"
#include "rating/numbers.hpp"
#include "rating/plan_maker.hpp"
#include "tariff/errors.hpp"

#include <algorithm>

namespace watthour::rating {

using tariff::EnergyKind;
using tariff::PriceSegment;
using tariff::RiderPlace;

namespace {

bool contains(const std::vector<std::string>& codes, std::string_view code) {
    return std::find(codes.begin(), codes.end(), code) != codes.end();
}

/// Where a rider's charge stands; all its versions say the same.
RiderPlace place_of(const tariff::Rider& rider, const tariff::Charge& charge) {
    for (std::size_t v = 0; v < rider.terms.size(); ++v) {
        const auto& charges = rider.charges.versions[v].charges;
        for (std::size_t i = 0; i < charges.size(); ++i) {
            if (&charges[i] == &charge) return rider.terms[v].places[i];
        }
    }
    WH_CHECK(false, "a charge of a rider has no place");
    return RiderPlace::after_taxes;
}

}  // namespace

bool PlanMaker::left_out(std::string_view code) const {
    return terms_ != nullptr && contains(terms_->without, code);
}

bool PlanMaker::accrues(std::string_view code) const {
    return terms_ != nullptr && terms_->accrual && contains(terms_->accrual->charges, code);
}

Result<void> PlanMaker::rider_lines(RiderPlace place) {
    if (terms_ == nullptr) return {};
    if (place == RiderPlace::after_taxes && terms_->true_up && terms_->true_up->surplus &&
        !terms_->true_up->surplus->to_bank) {
        TRY([[maybe_unused]] const Slot paid, surplus_line(*terms_->true_up->surplus));
    }
    const tariff::RateSchedule& own = plan_.rider->charges;
    TRY(const auto codes, tariff::charge_codes(own, plan_.period));
    for (const std::string_view code : codes) {
        TRY(const Segments segments, segments_of(own, code));
        if (segments.empty() || place_of(*plan_.rider, *segments.front().charge) != place) {
            continue;
        }
        TRY_DONE(one_charge(segments));
    }
    if (terms_->bank && terms_->bank->place == place) {
        Slot kept = no_slot;
        if (terms_->true_up && terms_->true_up->surplus && terms_->true_up->surplus->to_bank) {
            TRY(kept, surplus_line(*terms_->true_up->surplus));
        }
        bank_lines(*terms_->bank, kept);
    }
    return {};
}

/// What a period earns pays first, then what was brought forward; the rest goes to the bank.
/// Source: VEU-RATING "NEM-1", "NB-1"; R3.03, R3.09.
void PlanMaker::bank_lines(const tariff::BankTerms& bank, Slot surplus) {
    using Earns = tariff::BankTerms::Earns;
    const bool below_zero = bank.earns == Earns::lines_below_zero;
    const Slot charges = sum_of_charges(bank.pays);
    const Slot owed = emit(OpCode::above_zero, charges);
    Slot earned = no_slot;
    if (below_zero) {
        earned = emit(OpCode::below_zero, charges);
    } else {
        std::vector<Slot> credits;
        for (std::size_t i = 0; i < plan_.lines.size(); ++i) {
            if (line_is_credit_[i] && plan_.lines[i].amount != surplus) {
                credits.push_back(plan_.lines[i].amount);
            }
        }
        earned = emit(OpCode::negate, sum(credits));
    }
    BankTemplate detail;
    detail.rider = plan_.rider->code;
    detail.group = bank.group;
    detail.account = bank.ledger_account;
    detail.open = input(FactKind::bank);
    Slot at_once = bank.same_period ? earned : zero();
    if (surplus != no_slot) {
        at_once = emit(OpCode::subtract, at_once, surplus);  // its line is below zero
        earned = emit(OpCode::subtract, earned, surplus);
    }
    const Slot used = emit(OpCode::smaller, at_once, owed);
    detail.deposit = emit(OpCode::subtract, earned, used);
    detail.applied = emit(OpCode::smaller, detail.open, emit(OpCode::subtract, owed, used));
    const Slot after =
        emit(OpCode::subtract, emit(OpCode::add, detail.open, detail.deposit), detail.applied);
    const auto line_for = [&](const std::string& code, const tariff::LocalText& text, Slot amount,
                              TraceTemplate trace, tariff::BaseSet bases) {
        LineTemplate line;
        line.code = code;
        line.text = text;
        line.amount = amount;
        line.prints = Prints::amount_not_zero;
        line.group = bank.group;
        line.account = account_of(bank.ledger_account);
        line.clause = plan_.rider->charges.versions.back().clause + " " + code;
        line.trace.push_back(std::move(trace));
        current_charge_ = code;
        add_line(std::move(line), bases);
    };
    line_for(bank.deposit_code, bank.deposit_text, detail.deposit,
             {TraceRule::bank_deposit,
              {ref_amount(earned), ref_amount(used), ref_amount(detail.deposit)}},
             bank.in_base_of);
    line_for(bank.apply_code, bank.apply_text, emit(OpCode::negate, detail.applied),
             {TraceRule::bank_applied,
              {ref_amount(detail.open), ref_amount(owed), ref_amount(detail.applied)}},
             bank.in_base_of);
    detail.forfeited = zero();
    detail.paid = zero();
    if (terms_->true_up && terms_->true_up->bank != tariff::TrueUpTerms::Bank::kept) {
        const Slot left = emit(OpCode::only_if, after, input(FactKind::true_up));
        if (terms_->true_up->bank == tariff::TrueUpTerms::Bank::forfeited) {
            detail.forfeited = left;
        } else {
            detail.paid = left;
            line_for(terms_->true_up->payout_code, terms_->true_up->payout_text,
                     emit(OpCode::negate, left), {TraceRule::bank_paid, {ref_amount(left)}},
                     0);  // settles, bills nothing
        }
        detail.close = emit(OpCode::subtract, after, left);
    } else {
        detail.close = after;
    }
    plan_.bank = detail;
}

/// A part of a charge that adds up until the true-up, less the price that is billed at once.
void PlanMaker::accrue_part(const PriceSegment& segment, DateRange range, const Decimal& less,
                            EnergyKind kind, const tariff::TouCalendar* calendar, int period) {
    const tariff::Charge& charge = *segment.charge;
    const auto& prices = tariff::price_row(charge.price, segment.season, plan_.facts);
    const std::size_t column = calendar == nullptr ? 0 : static_cast<std::size_t>(period);
    const Slot energy = interval_energy(kind, range, calendar, period, charge.code);
    if (!prices[column]) {
        plan_.unpriced.push_back(
            {energy, calendar->name_of(period), plan_.catalogue->seasons.at(segment.season).code});
        return;
    }
    const bool credit = kind == EnergyKind::received;
    AccrualTemplate part;
    part.code = calendar == nullptr ? charge.code : charge.tou->periods[column].code;
    part.range = range;
    part.price = *prices[column] - less;
    part.quantity = ref_energy(credit ? emit(OpCode::negate, energy) : energy);
    part.amount = priced(energy, energy_scale, part.price, {}, charge.rounding,
                         credit ? Sign::credit : Sign::charge);
    accrued_.push_back(part.amount);
    plan_.accruals.push_back(std::move(part));
}

/// Source: VEU-RATING "NEM-2"; R3.08.
Result<void> PlanMaker::accrue(const Segments& segments) {
    const std::string& less = terms_->accrual->less_charge;
    Segments taken_off;
    if (!less.empty()) {
        TRY(taken_off, segments_of(plan_.rider->charges, less));
    }
    for (const PriceSegment& segment : segments) {
        const tariff::TouCalendar* calendar =
            segment.charge->tou ? plan_.catalogue->find_tou_calendar(segment.charge->tou->calendar)
                                : nullptr;
        std::vector<std::pair<DateRange, Decimal>> parts;
        for (const PriceSegment& other : taken_off) {
            const DateRange common = other.range.intersection(segment.range);
            if (common.is_empty()) continue;
            parts.emplace_back(
                common, *tariff::price_row(other.charge->price, other.season, plan_.facts).front());
        }
        if (parts.empty()) parts.emplace_back(segment.range, Decimal());
        for (const auto& [range, price] : parts) {
            PeriodsTemplate detail{range, {}, {}, {}, {}};
            const int periods =
                calendar == nullptr ? 1 : static_cast<int>(calendar->periods().size());
            for (int p = 0; p < periods; ++p) {
                for (const EnergyKind kind : {EnergyKind::delivered, EnergyKind::received}) {
                    accrue_part(segment, range, price, kind, calendar, p);
                    auto& slots =
                        kind == EnergyKind::delivered ? detail.delivered : detail.received;
                    slots.push_back(
                        interval_energy(kind, range, calendar, p, segment.charge->code));
                }
                if (calendar == nullptr) continue;
                detail.periods.push_back(calendar->name_of(p));
                detail.priced.push_back(tariff::price_row(segment.charge->price, segment.season,
                                                          plan_.facts)[static_cast<std::size_t>(p)]
                                            .has_value());
            }
            if (calendar != nullptr) plan_.by_period.push_back(std::move(detail));
        }
    }
    return {};
}

void PlanMaker::accrue_adjustment(const tariff::Adjustment& adjustment,
                                  const tariff::AdjustmentSegment& segment, Slot energy) {
    AccrualTemplate part;
    part.code = adjustment.code;
    part.range = segment.range;
    part.price = segment.version->price;
    part.quantity = ref_energy(energy);
    part.amount =
        priced(energy, energy_scale, part.price, {}, {adjustment.rounding, 2}, Sign::charge);
    accrued_.push_back(part.amount);
    plan_.accruals.push_back(std::move(part));
}

/// At the true-up, what accrued above zero becomes one line; below zero it is dropped.
void PlanMaker::settle_accrual() {
    if (terms_ == nullptr || !terms_->accrual) return;
    const tariff::AccrualTerms& terms = *terms_->accrual;
    plan_.accrued = sum(accrued_);
    const Slot before = input(FactKind::accrued);
    const Slot total = emit(OpCode::add, before, plan_.accrued);
    LineTemplate line;
    line.code = terms.code;
    line.text = terms.text;
    line.amount = emit(OpCode::only_if, emit(OpCode::above_zero, total), input(FactKind::true_up));
    line.prints = Prints::amount_not_zero;
    line.group = terms.group;
    line.account = account_of(terms.ledger_account);
    line.clause = plan_.rider->charges.versions.back().clause + " " + terms.code;
    line.trace.push_back(
        {TraceRule::accrual, {ref_amount(before), ref_amount(plan_.accrued), ref_amount(total)}});
    current_charge_ = terms.code;
    add_line(std::move(line), terms.in_base_of);
}

/// Source: VEU-RATING "NSC"; R3.03.
Result<Slot> PlanMaker::surplus_line(const tariff::SurplusTerms& surplus) {
    const tariff::DatedPrice* version = tariff::version_on(surplus.versions, plan_.period.until);
    if (version == nullptr) {
        return Error(tariff::errors::no_version_on_date,
                     {{"name", surplus.code}, {"date", plan_.period.until.to_string()}});
    }
    const Slot energy = emit(OpCode::only_if, input(FactKind::surplus), input(FactKind::true_up));
    LineTemplate line;
    line.code = surplus.code;
    line.text = surplus.text;
    line.quantity = ref_energy(emit(OpCode::negate, energy));
    line.unit = "kWh";
    line.rate = version->price;
    const int places = terms_->bank && surplus.to_bank ? 8 : 2;
    line.amount = priced(energy, energy_scale, version->price, {},
                         {Rounding::half_away_from_zero, places}, Sign::credit);
    line.group = surplus.group;
    line.account = account_of(surplus.ledger_account);
    line.clause = version->clause;
    line.trace.push_back(product_trace(line));
    current_charge_ = surplus.code;
    current_is_credit_ = true;
    const Slot amount = line.amount;
    add_line(std::move(line), 0);
    current_is_credit_ = false;
    return amount;
}

}  // namespace watthour::rating
