// SPDX-License-Identifier: Apache-2.0
#include "base/check.hpp"
#include "rating/errors.hpp"
#include "rating/numbers.hpp"
#include "rating/plan_maker.hpp"

#include <algorithm>

namespace watthour::rating {

using tariff::EnergyKind;
using tariff::PriceSegment;
using tariff::Tier;
using tariff::TierBound;
using tariff::UsageChannel;

namespace {

constexpr std::int64_t wh_per_kwh = 1000;

const Decimal& of_season(const std::vector<Decimal>& values, int season) {
    return values[static_cast<std::size_t>(season)];
}

UsageChannel channel_of(EnergyKind kind) {
    switch (kind) {
        case EnergyKind::received: return UsageChannel::received;
        case EnergyKind::generation: return UsageChannel::generation;
        case EnergyKind::gross: return UsageChannel::gross;
        case EnergyKind::net: return UsageChannel::net;
        default: return UsageChannel::delivered;
    }
}

bool any_tier(const std::vector<Tier>& tiers, TierBound::Form form) {
    return std::any_of(tiers.begin(), tiers.end(),
                       [&](const Tier& tier) { return tier.within.form == form; });
}

/// Limits that cannot rise by themselves have to be held to the one before.
bool may_fall(const std::vector<Tier>& tiers) {
    for (std::size_t i = 1; i + 1 < tiers.size(); ++i) {
        if (tiers[i].up_to.form != tiers[i - 1].up_to.form) return true;
    }
    return !std::all_of(tiers.begin(), tiers.end(),
                        [](const Tier& tier) { return tier.within.form == TierBound::Form::open; });
}

/// The periods of a calendar that some moment of a range belongs to.
std::uint64_t periods_in(const tariff::TouCalendar& calendar, DateRange range) {
    constexpr int step = 15 * 60;
    std::uint64_t mask = 0;
    for (Date date = range.from; date < range.until; date = date + 1) {
        for (int second = 0; second < 86'400; second += step) {
            mask |= std::uint64_t{1} << static_cast<unsigned>(calendar.period_of(date, second));
        }
    }
    return mask;
}

bool in(std::uint64_t mask, std::size_t period) { return ((mask >> period) & 1U) != 0; }

}  // namespace

EnergyKind PlanMaker::resolved(EnergyKind kind) const {
    if (kind != EnergyKind::billed) return kind;
    return terms_ == nullptr ? EnergyKind::delivered : terms_->billed;
}

Slot PlanMaker::channel_total(EnergyKind kind) {
    Slot& known = kind_totals_[static_cast<std::size_t>(kind)];
    if (known != no_slot) return known;
    Slot made = no_slot;
    switch (kind) {
        case EnergyKind::net:
            made = emit(OpCode::subtract, channel_total(EnergyKind::delivered),
                        channel_total(EnergyKind::received));
            break;
        case EnergyKind::gross:
            made = emit(OpCode::add, channel_total(EnergyKind::net),
                        channel_total(EnergyKind::generation));
            break;
        case EnergyKind::exported:
            made = emit(OpCode::below_zero, channel_total(EnergyKind::net));
            break;
        default:
            if (!key_.lamps.empty()) {
                made = constant(checked_mul(all_lamp_kwh(), wh_per_kwh));
            } else if (by_intervals()) {
                tariff::Determinant wanted;
                wanted.channel = channel_of(kind);
                wanted.range = plan_.period;
                made = measured(wanted, "the period");
            } else {
                made =
                    input(FactKind::register_energy, static_cast<std::uint16_t>(channel_of(kind)));
            }
    }
    return kind_totals_[static_cast<std::size_t>(kind)] = made;
}

Slot PlanMaker::interval_energy(EnergyKind kind, DateRange range,
                                const tariff::TouCalendar* calendar, int period,
                                std::string_view charge) {
    const auto of = [&](EnergyKind other) {
        return interval_energy(other, range, calendar, period, charge);
    };
    switch (kind) {
        case EnergyKind::net:
            return emit(OpCode::subtract, of(EnergyKind::delivered), of(EnergyKind::received));
        case EnergyKind::gross:
            return emit(OpCode::add, of(EnergyKind::net), of(EnergyKind::generation));
        case EnergyKind::exported: return emit(OpCode::below_zero, of(EnergyKind::net));
        default: break;
    }
    tariff::Determinant wanted;
    wanted.channel = channel_of(kind);
    wanted.range = range;
    wanted.calendar = calendar;
    if (calendar != nullptr) wanted.periods = std::uint64_t{1} << static_cast<unsigned>(period);
    return measured(wanted, charge);
}

std::vector<PlanMaker::SegmentUse> PlanMaker::uses_of(EnergyKind kind,
                                                      std::span<const DateRange> ranges,
                                                      std::string_view charge) {
    const bool billed = kind == EnergyKind::billed;
    const EnergyKind real = resolved(kind);
    const bool floored = billed && terms_ != nullptr && real == EnergyKind::net &&
                         terms_->below_zero == tariff::BelowZero::exported;
    std::vector<SegmentUse> uses;
    for (const DateRange& range : ranges) {
        SegmentUse use;
        if (by_intervals()) {
            use.energy = interval_energy(real, range, nullptr, -1, charge);
            use.trace.push_back({TraceRule::interval_sum, {ref_energy(use.energy)}});
        } else if (ranges.size() == 1 && range == plan_.period) {
            use.energy = channel_total(real);
        } else {
            const std::int64_t before = range.from - plan_.period.from;
            const std::int64_t through = range.until - plan_.period.from;
            const Slot total = channel_total(real);
            use.energy = emit(OpCode::split, total, no_slot, no_slot, {before, through, days()});
            use.trace.push_back({TraceRule::kwh_by_days,
                                 {ref_energy(total), ref(before), ref(through), ref(days()),
                                  ref_energy(use.energy)}});
        }
        if (floored) use.energy = emit(OpCode::above_zero, use.energy);
        uses.push_back(std::move(use));
    }
    return uses;
}

void PlanMaker::energy_line(const PriceSegment& segment, LineTemplate line, Slot energy,
                            const Decimal& price) {
    const tariff::Charge& charge = *segment.charge;
    line.unit = "kWh";
    line.rate = price;
    line.amount = priced(energy, energy_scale, price, {}, charge.rounding,
                         charge.credit ? Sign::credit : Sign::charge);
    // What the utility pays for is printed below zero, like its amount.
    const Slot shown = charge.credit ? emit(OpCode::negate, energy) : energy;
    line.quantity = ref_energy(shown);
    if (!charge.credit && terms_ != nullptr && resolved(charge.energy) == EnergyKind::net) {
        for (const auto& [part, from] :
             {std::pair{&line.text_below_zero.en, &terms_->credit_text.en},
              std::pair{&line.text_below_zero.es, &terms_->credit_text.es}}) {
            *part = *from;
            part->replace(part->find("{line}"), 6,
                          part == &line.text_below_zero.en ? line.text.en : line.text.es);
        }
    }
    line.trace.push_back(product_trace(line));
    add_line(std::move(line), charge.in_base_of);
}

void PlanMaker::flat_energy(const PriceSegment& segment, const SegmentUse& use) {
    LineTemplate line = line_of(segment, segment.charge->code, segment.charge->text);
    line.trace = use.trace;
    energy_line(segment, std::move(line), use.energy,
                *tariff::price_row(segment.charge->price, segment.season, plan_.facts).front());
}

Slot PlanMaker::baseline_bound(const TierBound& bound, const PriceSegment& segment,
                               TraceTemplate* trace) {
    const tariff::TierRule& rule = *segment.charge->tiers;
    const Decimal& multiple = of_season(bound.by_season, segment.season);
    const Decimal& baseline = of_season(
        rule.baseline_kwh_per_day[tariff::baseline_index(rule, plan_.facts)], segment.season);
    const tariff::Discount* allowance = plan_.catalogue->find_discount(rule.allowance);
    const Decimal extra = allowance == nullptr ? Decimal() : allowance->kwh_per_day;
    const Slot active = allowance == nullptr
                            ? zero()
                            : input(FactKind::discount_days, 0, segment.range, rule.allowance);
    // round((multiple x baseline x days + extra x active days) in whole kWh or Wh)
    const std::int64_t base_scale =
        checked_mul(power_of_ten(baseline.scale()), power_of_ten(multiple.scale()));
    const std::int64_t extra_scale = power_of_ten(extra.scale());
    const std::int64_t unit = rule.whole_kwh ? 1 : wh_per_kwh;
    const std::int64_t fixed =
        checked_mul(checked_mul(checked_mul(baseline.units(), multiple.units()),
                                checked_mul(segment.range.days(), extra_scale)),
                    unit);
    const std::int64_t by_day = checked_mul(checked_mul(extra.units(), base_scale), unit);
    const Slot limit = emit(
        OpCode::offset_scale, active, no_slot, no_slot,
        {fixed, by_day, checked_mul(base_scale, extra_scale), rule.whole_kwh ? wh_per_kwh : 1});
    if (trace != nullptr) {
        *trace = {TraceRule::tier_limit,
                  {ref(baseline), ref(multiple), ref(segment.range.days()), ref_count(active),
                   ref(extra), ref_energy(limit)}};
    }
    return limit;
}

Slot PlanMaker::bound(const TierBound& bound, const PriceSegment& segment, TraceTemplate* trace) {
    using Form = TierBound::Form;
    if (bound.form == Form::baselines) return baseline_bound(bound, segment, trace);
    const Decimal& amount = of_season(bound.by_season, segment.season);
    const bool per_kw = bound.form == Form::kwh_per_kw || bound.form == Form::kwh_per_kw_day;
    const bool per_day = bound.form == Form::kwh_per_day || bound.form == Form::kwh_per_kw_day;
    std::vector<TraceTemplate> unused;
    // A limit of a month is shared by the days of the segment, one of a day grows with them.
    const Ratio share = per_day ? Ratio{segment.range.days(), 1} : month_share(segment, unused);
    const bool whole = segment.charge->tiers->whole_kwh;
    const std::int64_t unit = whole ? 1 : wh_per_kwh;
    const std::int64_t rest = whole ? wh_per_kwh : 1;
    const std::int64_t numerator = checked_mul(checked_mul(amount.units(), share.numerator), unit);
    const std::int64_t denominator = checked_mul(power_of_ten(amount.scale()), share.denominator);
    Slot limit = no_slot;
    Slot demand = no_slot;
    if (per_kw) {
        demand = billing_demand(segment, segment.charge->demand, segment.charge->code);
        limit = emit(OpCode::scale, demand, no_slot, no_slot,
                     {numerator, checked_mul(denominator, power_of_ten(power_scale)), rest});
    } else {
        limit = constant(
            checked_mul(round_divide(numerator, denominator, Rounding::half_away_from_zero), rest));
    }
    if (trace != nullptr) {
        *trace = {TraceRule::limit,
                  {ref(amount), ref(share.numerator), ref(share.denominator),
                   per_kw ? ref_power(demand) : ref(0), ref_energy(limit)}};
    }
    return limit;
}

std::vector<Slot> PlanMaker::tier_limits(const std::vector<Tier>& tiers,
                                         const PriceSegment& segment,
                                         std::vector<TraceTemplate>* traces) {
    std::vector<Slot> limits;
    const bool hold = may_fall(tiers) || any_tier(tiers, TierBound::Form::kwh_per_kw);
    for (std::size_t i = 0; i + 1 < tiers.size(); ++i) {
        TraceTemplate trace;
        Slot limit = no_slot;
        for (const TierBound* one : {&tiers[i].up_to, &tiers[i].within}) {
            if (one->form == TierBound::Form::open) continue;
            TraceTemplate own;
            const Slot slot = bound(*one, segment, &own);
            if (limit == no_slot) trace = std::move(own);
            limit = limit == no_slot ? slot : emit(OpCode::smaller, limit, slot);
        }
        if (hold && !limits.empty()) limit = emit(OpCode::larger, limit, limits.back());
        limits.push_back(limit);
        if (traces != nullptr) traces->push_back(std::move(trace));
    }
    return limits;
}

void PlanMaker::tier_line(const PriceSegment& segment, const Tier& tier, Slot energy,
                          std::vector<TraceTemplate> trace) {
    LineTemplate line = line_of(segment, tier.code, tier.text);
    line.trace = std::move(trace);
    energy_line(segment, std::move(line), energy, of_season(tier.price_by_season, segment.season));
}

void PlanMaker::tier_energy(const PriceSegment& segment, const SegmentUse& use,
                            SegmentTemplate& detail) {
    const tariff::TierRule& rule = *segment.charge->tiers;
    std::vector<TraceTemplate> limit_traces;
    const std::vector<Slot> limits = tier_limits(rule.tiers, segment, &limit_traces);
    detail.tier_uppers = limits;
    const Slot endless = constant(std::numeric_limits<std::int64_t>::max());
    for (std::size_t i = 0; i < rule.tiers.size(); ++i) {
        const bool open = i == limits.size();
        const Slot lower = i == 0 ? zero() : limits[i - 1];
        const Slot upper = open ? endless : limits[i];
        std::vector<TraceTemplate> trace = use.trace;
        if (!open) trace.push_back(limit_traces[i]);
        Slot part = no_slot;
        if (rule.whole_use) {
            const Slot from = i == 0 ? constant(-1) : lower;
            part = emit(OpCode::whole_block, use.energy, from, use.energy,
                        {static_cast<std::int64_t>(upper)});
        } else {
            part = emit(OpCode::block, use.energy, lower, upper);
        }
        trace.push_back({TraceRule::tier_block,
                         {ref_energy(use.energy), ref_energy(lower),
                          open ? ref(-1) : ref_energy(upper), ref_energy(part)}});
        tier_line(segment, rule.tiers[i], part, std::move(trace));
    }
}

std::vector<Slot> PlanMaker::period_uses(const PriceSegment& segment,
                                         const tariff::TouCalendar& calendar) {
    const tariff::Charge& charge = *segment.charge;
    const EnergyKind real = resolved(charge.energy);
    const bool billed_net = charge.energy == EnergyKind::billed && real == EnergyKind::net;
    std::vector<Slot> uses;
    for (std::size_t p = 0; p < calendar.periods().size(); ++p) {
        Slot use =
            interval_energy(real, segment.range, &calendar, static_cast<int>(p), charge.code);
        if (billed_net && terms_->below_zero == tariff::BelowZero::exported) {
            use = emit(OpCode::above_zero, use);
        }
        if (billed_net && terms_->below_zero == tariff::BelowZero::kwh_bank) {
            const std::string& name = calendar.periods()[p];
            const auto known = kwh_banks_.find(name);
            const Slot bank =
                known == kwh_banks_.end() ? input(FactKind::kwh_bank, 0, {}, name) : known->second;
            const Slot left = emit(OpCode::subtract, use, bank);
            use = emit(OpCode::above_zero, left);
            kwh_banks_[name] = emit(OpCode::below_zero, left);
        }
        uses.push_back(use);
    }
    return uses;
}

void PlanMaker::tou_energy(const PriceSegment& segment) {
    const tariff::Charge& charge = *segment.charge;
    const tariff::TouRule& rule = *charge.tou;
    const tariff::TouCalendar& calendar = *plan_.catalogue->find_tou_calendar(rule.calendar);
    const std::vector<Slot> uses = period_uses(segment, calendar);
    const auto& prices = tariff::price_row(charge.price, segment.season, plan_.facts);
    for (std::size_t p = 0; p < uses.size(); ++p) {
        if (!prices[p]) {
            plan_.unpriced.push_back(
                {uses[p], calendar.periods()[p], plan_.catalogue->seasons.at(segment.season).code});
            continue;
        }
        LineTemplate line = line_of(segment, rule.periods[p].code, rule.periods[p].text);
        line.trace.push_back({TraceRule::interval_sum, {ref_energy(uses[p])}});
        energy_line(segment, std::move(line), uses[p], *prices[p]);
    }
}

void PlanMaker::tou_tier_energy(const PriceSegment& segment) {
    const tariff::Charge& charge = *segment.charge;
    const tariff::TierRule& rule = *charge.tiers;
    const tariff::TouCalendar& calendar = *plan_.catalogue->find_tou_calendar(charge.tou->calendar);
    const std::uint64_t present = periods_in(calendar, segment.range);
    const auto& periods = charge.tou->periods;
    std::size_t first = 0;
    while (!in(present, first)) ++first;
    const std::size_t count = periods[first].tiers.size();
    const std::vector<Slot> limits = tier_limits(periods[first].tiers, segment, nullptr);
    std::vector<std::vector<Slot>> parts(periods.size());
    if (rule.fill == tariff::TierFill::chronological) {
        const auto number = static_cast<std::int64_t>(plan_.fills.size());
        plan_.fills.push_back({{channel_of(resolved(charge.energy)), segment.range, &calendar,
                                static_cast<int>(count)},
                               limits});
        const Slot out = emit(OpCode::fill_tiers, no_slot, no_slot, no_slot, {number});
        for (std::size_t i = 1; i < periods.size() * count; ++i) (void)new_slot();
        for (std::size_t p = 0; p < periods.size(); ++p) {
            for (std::size_t t = 0; t < count; ++t) {
                parts[p].push_back(static_cast<Slot>(out + p * count + t));
            }
        }
    } else {
        const std::vector<Slot> uses = period_uses(segment, calendar);
        const Slot whole = sum(uses);
        const Slot endless = constant(std::numeric_limits<std::int64_t>::max());
        const bool own = rule.fill == tariff::TierFill::per_period;
        for (std::size_t p = 0; p < periods.size(); ++p) {
            const Slot filled = own ? uses[p] : whole;
            Slot before = zero();
            for (std::size_t t = 0; t < count && in(present, p); ++t) {
                const Slot upper = t == limits.size() ? endless : limits[t];
                const Slot lower = t == 0 ? zero() : limits[t - 1];
                if (rule.whole_use) {
                    const Slot from = t == 0 ? constant(-1) : lower;
                    parts[p].push_back(emit(OpCode::whole_block, uses[p], from, filled,
                                            {static_cast<std::int64_t>(upper)}));
                } else if (own) {
                    parts[p].push_back(emit(OpCode::block, uses[p], lower, upper));
                } else {
                    const Slot through = emit(OpCode::smaller, whole, upper);
                    parts[p].push_back(emit(OpCode::share, uses[p], before, through,
                                            {static_cast<std::int64_t>(whole)}));
                    before = through;
                }
            }
        }
    }
    for (std::size_t p = 0; p < periods.size(); ++p) {
        for (std::size_t t = 0; t < parts[p].size() && t < periods[p].tiers.size(); ++t) {
            if (!in(present, p)) continue;
            tier_line(segment, periods[p].tiers[t], parts[p][t],
                      {{TraceRule::interval_sum, {ref_energy(parts[p][t])}}});
        }
    }
}

void PlanMaker::hourly_energy(const PriceSegment& segment) {
    const tariff::Charge& charge = *segment.charge;
    tariff::Determinant wanted;
    wanted.kind = tariff::Determinant::Kind::priced_energy;
    wanted.channel = channel_of(resolved(charge.energy));
    wanted.range = segment.range;
    wanted.prices = plan_.catalogue->find_price_series(charge.price_series);
    const Slot value = measured(wanted, charge.code);
    const Slot energy =
        interval_energy(resolved(charge.energy), segment.range, nullptr, -1, charge.code);
    LineTemplate line = line_of(segment, charge.code, charge.text);
    line.quantity = ref_energy(charge.credit ? emit(OpCode::negate, energy) : energy);
    line.unit = "kWh";
    const std::int64_t places = power_of_ten(8 - charge.rounding.places);
    line.amount = emit(OpCode::scale, value, no_slot, no_slot,
                       {charge.credit ? -1 : 1, places, places}, charge.rounding.mode);
    line.trace.push_back({TraceRule::hourly_sum, {ref_energy(energy), ref_amount(line.amount)}});
    add_line(std::move(line), charge.in_base_of);
}

Result<void> PlanMaker::energy_charge(const Segments& segments) {
    const tariff::Charge& first = *segments.front().charge;
    if (first.tou || first.quantity == tariff::Quantity::kwh_by_hour) {
        for (const PriceSegment& segment : segments) {
            if (!by_intervals()) {
                return Error(errors::intervals_needed,
                             {{"charge", first.code}, {"schedule", plan_.schedule->code}});
            }
            if (first.quantity == tariff::Quantity::kwh_by_hour) {
                hourly_energy(segment);
            } else if (first.tiers) {
                tou_tier_energy(segment);
            } else {
                tou_energy(segment);
            }
            if (!first.tou || first.credit) continue;
            const auto& calendar =
                *plan_.catalogue->find_tou_calendar(segment.charge->tou->calendar);
            PeriodsTemplate detail{segment.range, calendar.periods(), {}, {}, {}};
            const bool both = resolved(first.energy) == EnergyKind::net;
            for (std::size_t p = 0; p < calendar.periods().size(); ++p) {
                const auto of = [&](EnergyKind kind) {
                    return interval_energy(kind, segment.range, &calendar, static_cast<int>(p),
                                           first.code);
                };
                detail.delivered.push_back(of(EnergyKind::delivered));
                if (both) detail.received.push_back(of(EnergyKind::received));
                detail.priced.push_back(
                    first.tiers ||
                    tariff::price_row(segment.charge->price, segment.season, plan_.facts)[p]);
            }
            plan_.by_period.push_back(std::move(detail));
        }
        return {};
    }
    std::vector<DateRange> ranges;
    for (const PriceSegment& segment : segments) ranges.push_back(segment.range);
    const std::vector<SegmentUse> uses = uses_of(first.energy, ranges, first.code);
    for (std::size_t i = 0; i < segments.size(); ++i) {
        const PriceSegment& segment = segments[i];
        SegmentTemplate detail{
            segment.range, plan_.catalogue->seasons.at(segment.season).code, uses[i].energy, {}};
        if (segment.charge->tiers) {
            tier_energy(segment, uses[i], detail);
        } else {
            flat_energy(segment, uses[i]);
        }
        if (!first.credit && first.energy == EnergyKind::billed) {
            plan_.segments.push_back(std::move(detail));
        }
    }
    return {};
}

Result<void> PlanMaker::adjustments() {
    for (const tariff::Adjustment& adjustment : plan_.catalogue->adjustments) {
        current_charge_ = adjustment.code;
        TRY(const auto segments, tariff::adjustment_segments(adjustment, plan_.period));
        std::vector<DateRange> ranges;
        for (const auto& segment : segments) ranges.push_back(segment.range);
        const std::vector<SegmentUse> uses = uses_of(EnergyKind::billed, ranges, adjustment.code);
        for (std::size_t i = 0; i < segments.size(); ++i) {
            const tariff::DatedPrice& version = *segments[i].version;
            if (version.price.is_zero()) continue;
            if (accrues(adjustment.code)) {
                accrue_adjustment(adjustment, segments[i], uses[i].energy);
                continue;
            }
            LineTemplate line;
            line.code = adjustment.code;
            line.text = adjustment.text;
            line.period = segments[i].range;
            line.unit = "kWh";
            line.quantity = ref_energy(uses[i].energy);
            line.rate = version.price;
            line.group = "base";
            line.account = plan_.catalogue->revenue_account(*plan_.schedule);
            line.clause = version.clause;
            line.amount = priced(uses[i].energy, energy_scale, version.price, {},
                                 {adjustment.rounding, 2}, Sign::charge);
            line.trace = uses[i].trace;
            line.trace.push_back(product_trace(line));
            add_line(std::move(line), adjustment.in_base_of);
        }
    }
    return {};
}

/// Lamps in service times price and days; the kWh of a row are rounded once. Source: VEU-RATING
/// "SL-1"; R2.70, R2.71.
void PlanMaker::lamp_charge(const Segments& segments) {
    for (const LampGroup& group : key_.lamps) {
        for (const PriceSegment& segment : segments) {
            const tariff::Charge& charge = *segment.charge;
            const DateRange active = group.active.intersection(segment.range);
            if (active.is_empty()) continue;
            LineTemplate line = line_of(segment, charge.code, charge.text);
            line.text.en += " " + group.type;
            line.text.es += " " + group.type;
            line.period = active;
            const Ratio share = Ratio{active.days(), days()}.lowest_terms();
            if (charge.quantity == tariff::Quantity::lamps) {
                for (const auto& [type, price] : charge.lamp_prices) {
                    if (type == group.type) line.rate = price;
                }
                line.unit = "lamp";
                line.factor = share;
                line.quantity = ref(group.count);
                line.amount = priced(constant(group.count), 0, *line.rate, share, charge.rounding,
                                     Sign::charge);
            } else {
                // The parts of a row add up to the whole kWh of the row.
                const Date from = group.active.from;
                const std::int64_t kwh =
                    lamp_kwh(*segment.version, group, {from, active.until}, days()) -
                    lamp_kwh(*segment.version, group, {from, active.from}, days());
                line.rate = *tariff::price_row(charge.price, segment.season, plan_.facts).front();
                line.unit = "kWh";
                line.quantity = ref(kwh);
                line.amount =
                    priced(constant(kwh), 0, *line.rate, {}, charge.rounding, Sign::charge);
            }
            line.trace.push_back({TraceRule::days_share, {ref(active.days()), ref(days())}});
            line.trace.push_back(product_trace(line));
            add_line(std::move(line), charge.in_base_of);
        }
    }
}

std::int64_t PlanMaker::all_lamp_kwh() const {
    const tariff::ScheduleVersion* version =
        tariff::version_on(plan_.schedule->versions, plan_.period.from);
    std::int64_t sum = 0;
    for (const LampGroup& group : key_.lamps) {
        sum += lamp_kwh(*version, group, group.active, days());
    }
    return sum;
}

std::int64_t lamp_kwh(const tariff::ScheduleVersion& version, const LampGroup& group,
                      DateRange active, int period_days) {
    const tariff::LampType* lamp = version.find_lamp(group.type);
    if (lamp == nullptr) return 0;
    const i128 numerator = i128{group.count} * lamp->kwh_per_month.units() * active.days();
    const i128 denominator = i128{power_of_ten(lamp->kwh_per_month.scale())} * period_days;
    return round_divide(numerator, denominator, Rounding::half_away_from_zero);
}

}  // namespace watthour::rating
