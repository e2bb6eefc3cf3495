// SPDX-License-Identifier: Apache-2.0
#include "base/check.hpp"
#include "rating/numbers.hpp"
#include "rating/plan_maker.hpp"

#include <algorithm>

namespace watthour::rating {

using tariff::DemandRule;
using tariff::PriceSegment;

namespace {

/// Milliwatts in the last place of a rounded demand.
std::int64_t step_of(const DemandRule& rule) {
    return power_of_ten(power_scale - rule.places.value_or(power_scale));
}

std::int64_t milliwatts(const Decimal& kw) {
    return kw.rescaled(power_scale, Rounding::half_away_from_zero).units();
}

tariff::Determinant::Kind kind_of(DemandRule::Measure measure) {
    using Kind = tariff::Determinant::Kind;
    switch (measure) {
        case DemandRule::Measure::highest_if_in: return Kind::peak_if_in;
        case DemandRule::Measure::coincident: return Kind::coincident;
        default: return Kind::peak;
    }
}

tariff::UsageChannel channel_of(DemandRule::Of of) {
    switch (of) {
        case DemandRule::Of::kvar: return tariff::UsageChannel::reactive;
        case DemandRule::Of::kva: return tariff::UsageChannel::apparent;
        default: return tariff::UsageChannel::delivered;
    }
}

}  // namespace

Slot PlanMaker::measured_demand(const DemandRule& rule, std::string_view charge) {
    const bool by_register = rule.measure == DemandRule::Measure::highest &&
                             rule.of == DemandRule::Of::kw && !by_intervals();
    Slot raw = no_slot;
    if (by_register) {
        raw = input(FactKind::register_peak);
    } else {
        tariff::Determinant wanted;
        wanted.kind = kind_of(rule.measure);
        wanted.channel = channel_of(rule.of);
        wanted.range = plan_.period;
        wanted.window_minutes = rule.window_minutes;
        wanted.sliding = rule.sliding;
        if (!rule.calendar.empty()) {
            wanted.calendar = plan_.catalogue->find_tou_calendar(rule.calendar);
            wanted.periods = rule.periods;
        }
        raw = measured(wanted, charge);
    }
    if (!rule.places) return raw;
    return emit(OpCode::scale, raw, no_slot, no_slot, {1, step_of(rule), step_of(rule)});
}

/// R2.21: the floor follows measured maxima, never billed ones.
Slot PlanMaker::ratcheted(const DemandRule& rule, Slot measured, DemandTemplate& detail) {
    const tariff::Ratchet& ratchet = *rule.ratchet;
    int scale = 0;
    for (const Decimal& percent : ratchet.percent_by_month) {
        scale = std::max(scale, percent.scale());
    }
    const auto number = static_cast<std::uint16_t>(plan_.ratchets.size());
    const int month = (plan_.period.until - 1).month();
    plan_.ratchets.push_back({ratchet, scale, month});
    detail.ratchet = number;
    const Slot weighted = input(FactKind::weighted_prior, number);
    const std::int64_t step = step_of(rule);
    const std::int64_t whole = checked_mul(checked_mul(power_of_ten(scale), 100), step);
    detail.floor = emit(OpCode::scale, weighted, no_slot, no_slot, {1, whole, step});
    const auto at = static_cast<std::size_t>(month - 1);
    Slot own = measured;
    if (!ratchet.own_counts_whole[at]) {
        const std::int64_t units =
            ratchet.percent_by_month[at].rescaled(scale, Rounding::toward_zero).units();
        own = emit(OpCode::scale, measured, no_slot, no_slot, {units, whole, step});
    }
    return emit(OpCode::larger, own, detail.floor);
}

Slot PlanMaker::adjusted_by_power_factor(const DemandRule& rule, Slot demand) {
    if (rule.power_factor == DemandRule::PowerFactor::none) return demand;
    // The threshold is written as a share: 0.85. Power factor is in whole percent.
    const Decimal threshold = rule.power_factor_threshold.rescaled(2, Rounding::toward_zero);
    const Slot gap = emit(OpCode::above_zero,
                          emit(OpCode::subtract, constant(threshold.units()), power_factor()));
    const std::int64_t step = step_of(rule);
    if (rule.power_factor == DemandRule::PowerFactor::kw_times_gap) {
        const Slot more = emit(OpCode::scale_by, demand, emit(OpCode::add, gap, constant(100)),
                               no_slot, {1, 100 * step, step});
        return more;
    }
    // kW x threshold / power factor, as a share of a whole that is in a slot.
    const Slot factor = emit(OpCode::smaller, power_factor(), constant(threshold.units()));
    const Slot raised = emit(OpCode::share, demand, zero(), constant(threshold.units()),
                             {static_cast<std::int64_t>(factor)});
    return emit(OpCode::scale, raised, no_slot, no_slot, {1, step, step});
}

Slot PlanMaker::billing_demand(const PriceSegment& segment, const std::string& name,
                               std::string_view charge) {
    const std::string key = segment.version->clause + "|" + name;
    if (const auto known = demands_.find(key); known != demands_.end()) return known->second;
    const DemandRule* rule = segment.version->find_demand(name);
    WH_CHECK(rule != nullptr, "the demand " + name + " was not checked");
    DemandTemplate detail;
    detail.charge = std::string(charge);
    detail.measured = measured_demand(*rule, charge);
    Slot demand = detail.measured;
    if (rule->ratchet) demand = ratcheted(*rule, demand, detail);
    demand = adjusted_by_power_factor(*rule, demand);
    if (!rule->floor_kw.is_zero()) {
        demand = emit(OpCode::larger, demand, constant(milliwatts(rule->floor_kw)));
    }
    if (!rule->contract_percent.is_zero()) {
        const std::int64_t step = step_of(*rule);
        const Slot least =
            emit(OpCode::scale, input(FactKind::contract_power), no_slot, no_slot,
                 {rule->contract_percent.units(),
                  checked_mul(checked_mul(power_of_ten(rule->contract_percent.scale()), 100), step),
                  step});
        demand = emit(OpCode::larger, demand, least);
    }
    detail.billing = demand;
    plan_.demands.push_back(detail);
    demands_.emplace(key, demand);
    return demand;
}

void PlanMaker::demand_line(const PriceSegment& segment, LineTemplate line, Slot quantity,
                            const Decimal& price, const char* unit) {
    line.quantity = ref_power(quantity);
    line.unit = unit;
    line.rate = price;
    line.factor = month_share(segment, line.trace);
    line.amount =
        priced(quantity, power_scale, price, line.factor, segment.charge->rounding, Sign::charge);
    line.trace.push_back(product_trace(line));
    add_line(std::move(line), segment.charge->in_base_of);
}

void PlanMaker::demand_charge(const PriceSegment& segment) {
    const tariff::Charge& charge = *segment.charge;
    const DemandRule& rule = *segment.version->find_demand(charge.demand);
    const Slot billed = billing_demand(segment, charge.demand, charge.code);
    const char* unit = rule.of == DemandRule::Of::kw     ? "kW"
                       : rule.of == DemandRule::Of::kvar ? "kVAR"
                                                         : "kVA";
    // The demand may have been made for a limit of another charge: its detail is found by slot.
    const auto detail = std::find_if(plan_.demands.begin(), plan_.demands.end(),
                                     [&](const auto& one) { return one.billing == billed; });
    TraceTemplate trace{TraceRule::measured_demand,
                        {ref_power(detail->measured), ref_power(billed)}};
    if (rule.ratchet) {
        trace = {TraceRule::billing_demand,
                 {ref_power(detail->measured), ref(rule.ratchet->percent_by_month.front()),
                  ref_power(input(FactKind::highest_prior, detail->ratchet)),
                  ref_power(detail->floor), ref_power(billed)}};
    }
    if (charge.demand_tiers.empty()) {
        LineTemplate line = line_of(segment, charge.code, charge.text);
        line.trace.push_back(std::move(trace));
        demand_line(segment, std::move(line), billed,
                    *tariff::price_row(charge.price, segment.season, plan_.facts).front(), unit);
        return;
    }
    Slot lower = zero();
    for (const tariff::Tier& tier : charge.demand_tiers) {
        const bool open = tier.up_to.form == tariff::TierBound::Form::open;
        const auto season = static_cast<std::size_t>(segment.season);
        const Slot upper = open ? constant(std::numeric_limits<std::int64_t>::max())
                                : constant(milliwatts(tier.up_to.by_season[season]));
        LineTemplate line = line_of(segment, tier.code, tier.text);
        const Slot part = emit(OpCode::block, billed, lower, upper);
        line.trace = {trace,
                      {TraceRule::demand_block,
                       {ref_power(billed), ref_power(lower), open ? ref(-1) : ref_power(upper),
                        ref_power(part)}}};
        demand_line(segment, std::move(line), part, tier.price_by_season[season], unit);
        lower = upper;
    }
}

Slot PlanMaker::reactive_energy() {
    if (plan_.reactive != no_slot) return plan_.reactive;
    if (by_intervals()) {
        tariff::Determinant wanted;
        wanted.channel = tariff::UsageChannel::reactive;
        wanted.range = plan_.period;
        plan_.reactive = measured(wanted, "the power factor");
    } else {
        plan_.reactive = input(FactKind::register_energy,
                               static_cast<std::uint16_t>(tariff::UsageChannel::reactive));
    }
    return plan_.reactive;
}

Slot PlanMaker::power_factor() {
    if (plan_.power_factor != no_slot) return plan_.power_factor;
    const Slot active = channel_total(tariff::EnergyKind::delivered);
    const Slot reactive = reactive_energy();
    return plan_.power_factor = emit(OpCode::power_factor, active, reactive);
}

/// 0.6% for each point below 95, of the lines in the base. Source: VEU-RATING "Power factor".
void PlanMaker::power_factor_charge(const PriceSegment& segment) {
    const tariff::Charge& charge = *segment.charge;
    const tariff::PointRule& rule = *charge.points;
    LineTemplate line = line_of(segment, charge.code, charge.text);
    line.period.reset();
    const Slot points =
        emit(OpCode::above_zero, emit(OpCode::subtract, constant(rule.threshold), power_factor()));
    line.quantity = ref_count(points);
    line.unit = "point";
    line.rate = rule.percent_per_point;
    line.rate_is_percent = true;
    line.base = sum_of_base(rule.base);
    line.amount = percent_of(line.base, rule.percent_per_point, charge.rounding.mode, points);
    line.trace = {
        {TraceRule::power_factor,
         {ref_energy(channel_total(tariff::EnergyKind::delivered)), ref_energy(reactive_energy()),
          ref_count(power_factor()), ref(rule.threshold), ref_count(points)}},
        {TraceRule::percent_of,
         {ref_amount(line.base), ref(rule.percent_per_point), ref_count(points), ref(1),
          ref_amount(line.amount)}}};
    add_line(std::move(line), charge.in_base_of);
}

void PlanMaker::reactive_charge(const PriceSegment& segment) {
    const tariff::Charge& charge = *segment.charge;
    // kVARh above a share of the kWh; the share is an exact decimal.
    const Decimal& free = charge.free_kvarh_per_kwh;
    const Slot spared = emit(OpCode::scale, channel_total(tariff::EnergyKind::delivered), no_slot,
                             no_slot, {free.units(), power_of_ten(free.scale()), 1});
    const Slot billed = emit(OpCode::above_zero, emit(OpCode::subtract, reactive_energy(), spared));
    LineTemplate line = line_of(segment, charge.code, charge.text);
    line.quantity = ref_energy(billed);
    line.unit = "kVARh";
    line.rate = *tariff::price_row(charge.price, segment.season, plan_.facts).front();
    if (segment.range != plan_.period) line.factor = month_share(segment, line.trace);
    line.amount =
        priced(billed, energy_scale, *line.rate, line.factor, charge.rounding, Sign::charge);
    line.trace.push_back(product_trace(line));
    add_line(std::move(line), charge.in_base_of);
}

}  // namespace watthour::rating
