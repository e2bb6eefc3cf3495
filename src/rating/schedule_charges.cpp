// SPDX-License-Identifier: Apache-2.0
#include "rating/draft.hpp"
#include "rating/errors.hpp"

#include <algorithm>

namespace watthour::rating {

namespace {

using tariff::Charge;
using tariff::PriceSegment;
using tariff::Quantity;

ChargeLine line_of(const PriceSegment& segment) {
    ChargeLine line;
    line.code = segment.charge->code;
    line.text_en = segment.charge->text.en;
    line.text_es = segment.charge->text.es;
    line.period = segment.range;
    line.group = "base";
    line.gl_account = segment.charge->ledger_account;
    line.clause = segment.version->clause + " " + segment.charge->code;
    return line;
}

Decimal price_of(const Draft& draft, const PriceSegment& segment) {
    return *tariff::price_row(segment.charge->price, segment.season, draft.facts).front();
}

/// The share of a month that a segment's monthly price counts, with the steps that say why.
Ratio month_share(const Draft& draft, const PriceSegment& segment, std::vector<TraceStep>& trace) {
    const tariff::ProrationRule& rule = *segment.charge->proration;
    const Ratio factor = rule.factor(draft.days());
    trace.push_back(
        {TraceRule::month_factor,
         {as_decimal(draft.days()), as_decimal(rule.whole_from), as_decimal(rule.whole_through),
          as_decimal(rule.divisor), Decimal(factor.numerator, 0), Decimal(factor.denominator, 0)}});
    if (segment.range == draft.request.period) return factor;
    trace.push_back(
        {TraceRule::days_share, {as_decimal(segment.range.days()), as_decimal(draft.days())}});
    return multiply(factor, {segment.range.days(), draft.days()});
}

void finish(Draft& draft, ChargeLine line, const Charge& charge) {
    if (line.quantity->is_zero()) return;
    line.amount = price_amount(*line.quantity, *line.rate, line.factor, charge.rounding);
    line.trace.push_back(product_step(line));
    draft.add(std::move(line), charge.in_base_of);
}

void rate_months(Draft& draft, const PriceSegment& segment) {
    ChargeLine line = line_of(segment);
    line.quantity = Decimal(1, 0);
    line.unit = "month";
    line.rate = price_of(draft, segment);
    line.factor = month_share(draft, segment, line.trace);
    finish(draft, std::move(line), *segment.charge);
}

void rate_days(Draft& draft, const PriceSegment& segment) {
    ChargeLine line = line_of(segment);
    line.quantity = as_decimal(segment.range.days());
    line.unit = "day";
    line.rate = price_of(draft, segment);
    finish(draft, std::move(line), *segment.charge);
}

/// R2.21: the floor follows measured maxima, never billed ones, or it would feed itself.
DemandDetail billing_demand(const Draft& draft, const Charge& charge, Demand& highest) {
    const tariff::DemandRule& rule = *charge.demand;
    DemandDetail detail;
    detail.charge = charge.code;
    detail.measured = draft.request.measured_max->rounded_kw(rule.places);
    const std::vector<Demand>& prior = draft.request.prior_max;
    const auto used = std::min(prior.size(), static_cast<std::size_t>(rule.ratchet_periods));
    for (std::size_t i = prior.size() - used; i < prior.size(); ++i) {
        highest = std::max(highest, prior[i]);
    }
    const std::int64_t step = power_of_ten(3 - rule.places);
    const Decimal& percent = rule.ratchet_percent;
    const std::int64_t steps = round_divide(i128{highest.w()} * percent.units(),
                                            i128{power_of_ten(percent.scale())} * 100 * step,
                                            Rounding::half_away_from_zero);
    detail.ratchet_floor = Demand::watts(checked_mul(steps, step));
    detail.billing = std::max(detail.measured, detail.ratchet_floor);
    return detail;
}

Result<void> rate_demand(Draft& draft, const PriceSegment& segment) {
    if (!draft.request.measured_max) {
        return Error(errors::demand_missing, {{"schedule", draft.schedule.code}});
    }
    Demand highest;
    const DemandDetail detail = billing_demand(draft, *segment.charge, highest);
    draft.statement.demand = detail;
    ChargeLine line = line_of(segment);
    line.quantity = detail.billing.kw();
    line.unit = "kW";
    line.rate = price_of(draft, segment);
    line.trace.push_back({TraceRule::billing_demand,
                          {detail.measured.kw(), segment.charge->demand->ratchet_percent,
                           highest.kw(), detail.ratchet_floor.kw(), detail.billing.kw()}});
    line.factor = month_share(draft, segment, line.trace);
    finish(draft, std::move(line), *segment.charge);
    return {};
}

/// R2.24: what customer and energy charges lack of the minimum becomes one line.
void rate_minimum(Draft& draft, const std::vector<PriceSegment>& segments) {
    MinimumDetail detail;
    detail.compared = draft.sum_in_base(draft.catalogue.base_index("MIN"));
    ChargeLine line = line_of(segments.front());
    for (const PriceSegment& segment : segments) {
        const Ratio share = month_share(draft, segment, line.trace);
        const Money part =
            price_amount(Decimal(1, 0), price_of(draft, segment), share, segment.charge->rounding);
        line.trace.push_back({TraceRule::product,
                              {Decimal(1, 0), price_of(draft, segment), Decimal(share.numerator, 0),
                               Decimal(share.denominator, 0), as_decimal(part)}});
        detail.minimum += part;
    }
    draft.statement.minimum = detail;
    if (detail.minimum <= detail.compared) return;
    line.period.reset();
    line.amount = detail.minimum - detail.compared;
    line.trace.push_back(
        {TraceRule::minimum,
         {as_decimal(detail.minimum), as_decimal(detail.compared), as_decimal(line.amount)}});
    draft.add(std::move(line), segments.front().charge->in_base_of);
}

}  // namespace

Result<void> rate_schedule_charges(Draft& draft) {
    const DateRange period = draft.request.period;
    TRY(const auto codes, tariff::charge_codes(draft.schedule, period));
    for (const std::string_view code : codes) {
        TRY(const std::vector<PriceSegment> segments,
            tariff::price_segments(draft.schedule, draft.catalogue.seasons, code, draft.facts,
                                   period));
        switch (segments.front().charge->quantity) {
            case Quantity::months:
                for (const PriceSegment& segment : segments) rate_months(draft, segment);
                break;
            case Quantity::days:
                for (const PriceSegment& segment : segments) rate_days(draft, segment);
                break;
            case Quantity::billing_kw:
                for (const PriceSegment& segment : segments) {
                    TRY_DONE(rate_demand(draft, segment));
                }
                break;
            case Quantity::kwh:
            case Quantity::kwh_tiers:
            case Quantity::kwh_by_tou: TRY_DONE(rate_energy(draft, segments)); break;
            case Quantity::minimum: rate_minimum(draft, segments); break;
        }
    }
    return {};
}

}  // namespace watthour::rating
