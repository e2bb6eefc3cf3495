// SPDX-License-Identifier: Apache-2.0
#include "rating/errors.hpp"
#include "rating/numbers.hpp"
#include "rating/plan_maker.hpp"
#include "tariff/errors.hpp"

#include <algorithm>

namespace watthour::rating {

using tariff::PriceSegment;

void PlanMaker::fixed_charge(const PriceSegment& segment) {
    const tariff::Charge& charge = *segment.charge;
    LineTemplate line = line_of(segment, charge.code, charge.text);
    line.rate = *tariff::price_row(charge.price, segment.season, plan_.facts).front();
    std::int64_t count = 1;
    if (charge.quantity == tariff::Quantity::months) {
        line.unit = "month";
        line.factor = month_share(segment, line.trace);
    } else {
        line.unit = "day";
        count = segment.range.days();
    }
    line.quantity = ref(count);
    line.amount = priced(constant(count), 0, *line.rate, line.factor, charge.rounding,
                         charge.credit ? Sign::credit : Sign::charge);
    line.trace.push_back(product_trace(line));
    add_line(std::move(line), charge.in_base_of);
}

void PlanMaker::percent_charge(const PriceSegment& segment) {
    const tariff::Charge& charge = *segment.charge;
    LineTemplate line = line_of(segment, charge.code, charge.text);
    line.period.reset();
    line.rate = charge.percent;
    line.rate_is_percent = true;
    line.base = sum_of_base(charge.base);
    line.prints = Prints::base_not_zero;
    line.factor = Ratio{segment.range.days(), days()}.lowest_terms();
    line.amount = percent_of(line.base, charge.percent, charge.rounding.mode,
                             line.factor == Ratio{} ? no_slot : constant(line.factor.numerator),
                             line.factor.denominator);
    line.trace.push_back({TraceRule::percent_of,
                          {ref_amount(line.base), ref(charge.percent), ref(line.factor.numerator),
                           ref(line.factor.denominator), ref_amount(line.amount)}});
    add_line(std::move(line), charge.in_base_of);
}

/// R2.24: what the lines of the base lack of the minimum becomes one line.
void PlanMaker::minimum_charge(const Segments& segments) {
    LineTemplate line =
        line_of(segments.front(), segments.front().charge->code, segments.front().charge->text);
    std::vector<Slot> parts;
    for (const PriceSegment& segment : segments) {
        const Decimal& price =
            *tariff::price_row(segment.charge->price, segment.season, plan_.facts).front();
        const Ratio share = month_share(segment, line.trace);
        const Slot part =
            priced(constant(1), 0, price, share, segment.charge->rounding, Sign::charge);
        line.trace.push_back(
            {TraceRule::product,
             {ref(1), ref(price), ref(share.numerator), ref(share.denominator), ref_amount(part)}});
        parts.push_back(part);
    }
    plan_.minimum = sum(parts);
    plan_.minimum_compared = sum_of_base(segments.front().charge->base);
    // A base below zero is a credit of its own: the minimum does not make up for it.
    const Slot compared = emit(OpCode::above_zero, plan_.minimum_compared);
    line.amount = emit(OpCode::above_zero, emit(OpCode::subtract, plan_.minimum, compared));
    line.period.reset();
    line.prints = Prints::amount_not_zero;
    line.trace.push_back(
        {TraceRule::minimum,
         {ref_amount(plan_.minimum), ref_amount(plan_.minimum_compared), ref_amount(line.amount)}});
    add_line(std::move(line), segments.front().charge->in_base_of);
}

/// Compares the year's sum of a base with a yearly minimum in the period that ends the year.
void PlanMaker::minimum_of_year(const PriceSegment& segment) {
    const tariff::Charge& charge = *segment.charge;
    const Decimal& price = *tariff::price_row(charge.price, segment.season, plan_.facts).front();
    LineTemplate line = line_of(segment, charge.code, charge.text);
    line.period.reset();
    const Slot least = priced(constant(1), 0, price, {}, charge.rounding, Sign::charge);
    plan_.year_compared = emit(OpCode::above_zero, sum_of_base(charge.base));
    const Slot year = emit(OpCode::add, plan_.year_compared, input(FactKind::billed_this_year));
    const Slot lacking = emit(OpCode::above_zero, emit(OpCode::subtract, least, year));
    line.amount = emit(OpCode::only_if, lacking, input(FactKind::year_ends));
    line.prints = Prints::amount_not_zero;
    line.trace.push_back(
        {TraceRule::minimum, {ref_amount(least), ref_amount(year), ref_amount(line.amount)}});
    add_line(std::move(line), charge.in_base_of);
}

void PlanMaker::discounts() {
    for (const tariff::Discount& discount : plan_.catalogue->discounts) {
        if (discount.form != tariff::DiscountForm::percent_of_base ||
            !plan_.schedule->offers(discount.code)) {
            continue;
        }
        current_charge_ = discount.code;
        LineTemplate line;
        line.code = discount.code;
        line.text = discount.text;
        line.rate = -discount.percent;
        line.rate_is_percent = true;
        line.base = sum_of_base(discount.base);
        line.active_days = input(FactKind::discount_days, 0, plan_.period, discount.code);
        line.discount = discount.code;
        line.amount =
            percent_of(line.base, *line.rate, discount.rounding, line.active_days, days());
        // Printed only while it is in force and there is something to take it of.
        line.flag = emit(OpCode::only_if, line.base, line.active_days);
        line.prints = Prints::flag_set;
        line.group = "discount";
        line.account = discount.ledger_account;
        line.clause = discount.clause;
        line.trace = {{TraceRule::active_days, {ref_count(line.active_days), ref(days())}},
                      {TraceRule::percent_of,
                       {ref_amount(line.base), ref(*line.rate), ref_count(line.active_days),
                        ref(days()), ref_amount(line.amount)}}};
        add_line(std::move(line), discount.in_base_of);
    }
}

void PlanMaker::tax_line(std::uint16_t number, const tariff::DatedPrice& version) {
    const tariff::Tax& tax = plan_.catalogue->taxes[number];
    LineTemplate line;
    line.code = tax.code;
    line.text = tax.text;
    line.rate = version.price;
    line.group = tax.group;
    line.account = tax.ledger_account;
    line.clause = version.clause;
    const bool exempts = !tax.exempt_flags.empty();
    const Slot exempt = exempts ? input(FactKind::exempt, number) : no_slot;
    Slot printed = no_slot;
    if (tax.form == tariff::TaxForm::percent_of_base) {
        line.rate_is_percent = true;
        line.base = emit(OpCode::above_zero, sum_of_base(tax.base));
        const Slot calculated = percent_of(line.base, version.price, tax.rounding);
        line.trace.push_back(
            {TraceRule::percent_of,
             {ref_amount(line.base), ref(version.price), ref(1), ref(1), ref_amount(calculated)}});
        line.amount = calculated;
        if (tax.fiscal_year_cap) {
            const std::int64_t cap =
                checked_mul(tax.fiscal_year_cap->minor_units(), amount_units_per_cent);
            const Slot before = input(FactKind::tax_this_year, number);
            const Slot room =
                emit(OpCode::above_zero, emit(OpCode::subtract, constant(cap), before));
            line.amount = emit(OpCode::smaller, calculated, room);
            plan_.capped_taxes.push_back({number, calculated, room});
            line.trace.push_back({TraceRule::yearly_cap,
                                  {ref_amount(calculated), ref_amount(constant(cap)),
                                   ref_amount(before), ref_amount(room)}});
        }
        printed = line.base;
    } else {
        printed = channel_total(tariff::EnergyKind::delivered);
        line.quantity = ref_energy(printed);
        line.unit = "kWh";
        line.amount =
            priced(printed, energy_scale, version.price, {}, {tax.rounding, 2}, Sign::charge);
        line.trace = {{TraceRule::version_day, {ref(date_number(plan_.period.from))}},
                      product_trace(line)};
    }
    if (exempts) {
        line.amount = emit(OpCode::zero_if, line.amount, exempt);
        printed = emit(OpCode::zero_if, printed, exempt);
    }
    line.flag = printed;
    line.prints = Prints::flag_set;
    add_line(std::move(line), tax.in_base_of);
}

Result<void> PlanMaker::taxes() {
    const auto& taxes = plan_.catalogue->taxes;
    for (std::size_t i = 0; i < taxes.size(); ++i) {
        current_charge_ = taxes[i].code;
        const tariff::DatedPrice* version =
            tariff::version_on(taxes[i].versions, plan_.period.from);
        if (version == nullptr) {
            return Error(tariff::errors::no_version_on_date,
                         {{"name", taxes[i].code}, {"date", plan_.period.from.to_string()}});
        }
        tax_line(static_cast<std::uint16_t>(i), *version);
    }
    return {};
}

}  // namespace watthour::rating
