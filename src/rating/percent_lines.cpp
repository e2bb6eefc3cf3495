// SPDX-License-Identifier: Apache-2.0
#include "rating/draft.hpp"
#include "rating/errors.hpp"
#include "tariff/errors.hpp"

#include <algorithm>

namespace watthour::rating {

namespace {

ChargeLine percent_line(const std::string& code, const tariff::LocalText& text,
                        const Decimal& percent, Money base) {
    ChargeLine line;
    line.code = code;
    line.text_en = text.en;
    line.text_es = text.es;
    line.rate = percent;
    line.rate_is_percent = true;
    line.base = base;
    return line;
}

void take(ChargeLine& line, Rounding rounding) {
    line.amount = take_percent(*line.base, *line.rate, line.factor, rounding);
    line.trace.push_back({TraceRule::percent_of,
                          {as_decimal(*line.base), *line.rate, Decimal(line.factor.numerator, 0),
                           Decimal(line.factor.denominator, 0), as_decimal(line.amount)}});
}

/// R2.37: the line stays with the part up to the cap, or with 0.00.
void limit_to_cap(Draft& draft, ChargeLine& line, Money cap) {
    const Money before = draft.request.uut_year_to_date;
    const Money room = std::max(Money(), cap - before);
    if (line.amount <= room) return;
    draft.statement.uut_cap = CapDetail{line.amount, room};
    line.trace.push_back(
        {TraceRule::yearly_cap,
         {as_decimal(line.amount), as_decimal(cap), as_decimal(before), as_decimal(room)}});
    line.amount = room;
}

std::vector<std::string> exempt_flags(const Draft& draft, const tariff::Tax& tax) {
    std::vector<std::string> found;
    for (const std::string& flag : tax.exempt_flags) {
        if (draft.exempt(flag)) found.push_back(flag);
    }
    return found;
}

void rate_tax(Draft& draft, const tariff::Tax& tax, const tariff::DatedPrice& version) {
    ChargeLine line;
    if (tax.form == tariff::TaxForm::percent_of_base) {
        const Money base = std::max(Money(), draft.sum_in_base(tax.base));
        if (base.is_zero()) return;
        line = percent_line(tax.code, tax.text, version.price, base);
        take(line, tax.rounding);
        if (tax.fiscal_year_cap) limit_to_cap(draft, line, *tax.fiscal_year_cap);
    } else {
        if (draft.request.delivered.is_zero()) return;
        line.code = tax.code;
        line.text_en = tax.text.en;
        line.text_es = tax.text.es;
        line.quantity = draft.request.delivered.kwh();
        line.unit = "kWh";
        line.rate = version.price;
        line.amount = price_amount(*line.quantity, version.price, line.factor, tax.rounding);
        line.trace.push_back({TraceRule::version_day, {date_number(draft.request.period.from)}});
        line.trace.push_back(product_step(line));
    }
    line.group = tax.group;
    line.gl_account = tax.ledger_account;
    line.clause = version.clause;
    draft.add(std::move(line), tax.in_base_of);
}

}  // namespace

Result<void> rate_discounts(Draft& draft) {
    for (const tariff::Discount& discount : draft.catalogue.discounts) {
        if (discount.form != tariff::DiscountForm::percent_of_base) continue;
        const int active = draft.discount_days(discount.code, draft.request.period);
        const Money base = draft.sum_in_base(discount.base);
        if (active == 0 || base.is_zero()) continue;
        ChargeLine line = percent_line(discount.code, discount.text, -discount.percent, base);
        line.period = draft.discount_hull(discount.code);
        line.factor = Ratio{active, draft.days()}.lowest_terms();
        line.group = "discount";
        line.gl_account = discount.ledger_account;
        line.clause = discount.clause;
        line.trace.push_back(
            {TraceRule::active_days, {as_decimal(active), as_decimal(draft.days())}});
        take(line, discount.rounding);
        draft.add(std::move(line), discount.in_base_of);
    }
    return {};
}

Result<void> rate_taxes(Draft& draft) {
    for (const tariff::Tax& tax : draft.catalogue.taxes) {
        const tariff::DatedPrice* version =
            tariff::version_on(tax.versions, draft.request.period.from);
        if (version == nullptr) {
            return Error(tariff::errors::no_version_on_date,
                         {{"name", tax.code}, {"date", draft.request.period.from.to_string()}});
        }
        std::vector<std::string> flags = exempt_flags(draft, tax);
        if (flags.empty()) {
            rate_tax(draft, tax, *version);
        } else if (tax.fiscal_year_cap) {
            draft.statement.uut_exempt = std::move(flags);
        }
    }
    return {};
}

Result<void> rate_fees(Draft& draft) {
    for (const FeeRequest& request : draft.request.fees) {
        TRY(const auto found, draft.catalogue.find_fee(request.code, draft.last_service_day()));
        const tariff::Fee& fee = *found.first;
        ChargeLine line;
        Money amount = fee.amount;
        if (fee.form == tariff::FeeForm::amount_with_discount &&
            draft.discount_on(fee.discount, draft.last_service_day())) {
            amount = fee.discounted_amount;
        }
        if (fee.form == tariff::FeeForm::greater_of_minimum_and_percent) {
            if (request.past_due < fee.from_past_due) continue;
            amount =
                std::max(fee.amount, take_percent(request.past_due, fee.percent, {}, fee.rounding));
            line.trace.push_back({TraceRule::late_fee,
                                  {as_decimal(request.past_due), fee.percent,
                                   as_decimal(fee.amount), as_decimal(amount)}});
        } else {
            line.trace.push_back({TraceRule::fee, {as_decimal(amount)}});
        }
        line.code = "FEE-" + fee.code;
        line.text_en = fee.text.en;
        line.text_es = fee.text.es;
        line.quantity = Decimal(1, 0);
        line.unit = "each";
        line.rate = as_decimal(amount);
        line.amount = amount;
        line.group = "fee";
        line.gl_account = draft.catalogue.fees.ledger_account;
        line.clause = found.second->clause + " " + fee.code;
        draft.add(std::move(line), 0);
    }
    return {};
}

}  // namespace watthour::rating
