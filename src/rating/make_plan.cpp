// SPDX-License-Identifier: Apache-2.0
#include "base/check.hpp"
#include "rating/errors.hpp"
#include "rating/numbers.hpp"
#include "rating/plan_maker.hpp"

#include <algorithm>

namespace watthour::rating {

using tariff::Charge;
using tariff::PriceSegment;
using tariff::Quantity;
using tariff::RiderPlace;

Ref ref(Decimal constant) { return {no_slot, SlotUnit::count, constant}; }
Ref ref(std::int64_t constant) { return ref(Decimal(constant, 0)); }
Ref ref_energy(Slot slot) { return {slot, SlotUnit::energy, {}}; }
Ref ref_power(Slot slot) { return {slot, SlotUnit::power, {}}; }
Ref ref_amount(Slot slot) { return {slot, SlotUnit::amount, {}}; }
Ref ref_count(Slot slot) { return {slot, SlotUnit::count, {}}; }

Slot PlanMaker::new_slot() {
    WH_CHECK(plan_.slot_count < no_slot - 1, "a plan has too many numbers");
    return plan_.slot_count++;
}

std::uint32_t PlanMaker::put_numbers(std::initializer_list<std::int64_t> numbers) {
    const auto at = static_cast<std::uint32_t>(plan_.numbers.size());
    plan_.numbers.insert(plan_.numbers.end(), numbers);
    return at;
}

Slot PlanMaker::emit(OpCode code, Slot a, Slot b, Slot c,
                     std::initializer_list<std::int64_t> numbers, Rounding rounding) {
    const Slot out = new_slot();
    plan_.ops.push_back({code, rounding, out, a, b, c, put_numbers(numbers)});
    return out;
}

Slot PlanMaker::constant(std::int64_t value) {
    const auto found = constants_.find(value);
    if (found != constants_.end()) return found->second;
    const Slot slot = emit(OpCode::constant, no_slot, no_slot, no_slot, {value});
    constants_.emplace(value, slot);
    return slot;
}

Slot PlanMaker::sum(const std::vector<Slot>& slots) {
    if (slots.empty()) return zero();
    if (slots.size() == 1) return slots.front();
    if (slots.size() == 2) return emit(OpCode::add, slots[0], slots[1]);
    const auto at = static_cast<std::int64_t>(plan_.lists.size());
    plan_.lists.insert(plan_.lists.end(), slots.begin(), slots.end());
    return emit(OpCode::sum, no_slot, no_slot, no_slot,
                {at, static_cast<std::int64_t>(slots.size())});
}

Slot PlanMaker::input(FactKind kind, std::uint16_t index, DateRange range,
                      const std::string& code) {
    for (const Input& known : plan_.inputs) {
        if (known.kind == kind && known.index == index && known.range == range &&
            known.code == code) {
            return known.slot;
        }
    }
    const Slot slot = new_slot();
    plan_.inputs.push_back({slot, kind, index, range, code});
    return slot;
}

Slot PlanMaker::measured(const tariff::Determinant& wanted, std::string_view charge) {
    const auto& known = plan_.determinants;
    const auto found = std::find(known.begin(), known.end(), wanted);
    const auto index = static_cast<std::uint16_t>(found - known.begin());
    if (found == known.end()) {
        plan_.determinants.push_back(wanted);
        plan_.determinant_charges.emplace_back(charge);
    }
    return input(FactKind::determinant, index);
}

Slot PlanMaker::priced(Slot quantity, int scale, const Decimal& price, Ratio factor,
                       tariff::AmountRounding rounding, Sign sign) {
    // quantity x price has `scale + price.scale()` places; the result has those of the rounding.
    const int places = scale + price.scale() - rounding.places;
    std::int64_t numerator = checked_mul(price.units(), factor.numerator);
    std::int64_t denominator = factor.denominator;
    if (places >= 0) {
        denominator = checked_mul(denominator, power_of_ten(places));
    } else {
        numerator = checked_mul(numerator, power_of_ten(-places));
    }
    if (sign == Sign::credit) numerator = -numerator;
    return emit(OpCode::scale, quantity, no_slot, no_slot,
                {numerator, denominator, power_of_ten(8 - rounding.places)}, rounding.mode);
}

Slot PlanMaker::percent_of(Slot base, const Decimal& percent, Rounding rounding, Slot times,
                           std::int64_t divisor) {
    const std::int64_t whole = checked_mul(checked_mul(power_of_ten(percent.scale()), 100),
                                           checked_mul(amount_units_per_cent, divisor));
    return emit(times == no_slot ? OpCode::scale : OpCode::scale_by, base, times, no_slot,
                {percent.units(), whole, amount_units_per_cent}, rounding);
}

void PlanMaker::add_line(LineTemplate line, tariff::BaseSet bases) {
    plan_.lines.push_back(std::move(line));
    in_base_of_.push_back(bases);
    line_charge_.push_back(current_charge_);
    line_is_credit_.push_back(current_is_credit_);
}

Slot PlanMaker::sum_of_base(int base) {
    const tariff::BaseSet bit = 1U << static_cast<unsigned>(base);
    std::vector<Slot> slots;
    for (std::size_t i = 0; i < plan_.lines.size(); ++i) {
        if ((in_base_of_[i] & bit) != 0) slots.push_back(plan_.lines[i].amount);
    }
    return sum(slots);
}

Slot PlanMaker::sum_of_charges(const std::vector<std::string>& codes, std::size_t from) {
    std::vector<Slot> slots;
    for (std::size_t i = from; i < plan_.lines.size(); ++i) {
        const bool meant =
            codes.empty() || std::find(codes.begin(), codes.end(), line_charge_[i]) != codes.end();
        if (meant && !line_is_credit_[i]) slots.push_back(plan_.lines[i].amount);
    }
    return sum(slots);
}

std::string PlanMaker::account_of(const std::string& ledger) const {
    return ledger.empty() ? plan_.catalogue->revenue_account(*plan_.schedule) : ledger;
}

LineTemplate PlanMaker::line_of(const PriceSegment& segment, const std::string& code,
                                const tariff::LocalText& text) const {
    LineTemplate line;
    line.code = code;
    line.text = text;
    line.period = segment.range;
    line.group = segment.charge->credit ? "credit" : "base";
    line.account = account_of(segment.charge->ledger_account);
    line.clause = segment.version->clause + " " + code;
    return line;
}

TraceTemplate PlanMaker::product_trace(const LineTemplate& line) const {
    return {TraceRule::product,
            {line.quantity.value_or(ref(1)), ref(line.rate.value_or(Decimal())),
             ref(line.factor.numerator), ref(line.factor.denominator), ref_amount(line.amount)}};
}

Ratio PlanMaker::month_share(const PriceSegment& segment, std::vector<TraceTemplate>& trace) const {
    if (!segment.charge->proration) {
        if (segment.range == plan_.period) return {1, 1};
        trace.push_back({TraceRule::days_share, {ref(segment.range.days()), ref(days())}});
        return Ratio{segment.range.days(), days()}.lowest_terms();
    }
    const tariff::ProrationRule& rule = *segment.charge->proration;
    const Ratio factor = rule.factor(days());
    trace.push_back(
        {TraceRule::month_factor,
         {ref(days()), ref(rule.whole_from), ref(rule.whole_through), ref(rule.divisor.numerator),
          ref(factor.numerator), ref(factor.denominator)}});
    if (segment.range == plan_.period) return factor;
    trace.push_back({TraceRule::days_share, {ref(segment.range.days()), ref(days())}});
    return multiply(factor, {segment.range.days(), days()});
}

Result<PlanMaker::Segments> PlanMaker::segments_of(const tariff::RateSchedule& schedule,
                                                   std::string_view code) const {
    return tariff::price_segments(schedule, plan_.catalogue->seasons, code, plan_.facts,
                                  plan_.period);
}

Result<void> PlanMaker::find_documents() {
    TRY(plan_.schedule, plan_.catalogue->find_schedule(key_.schedule));
    TRY_DONE(tariff::check_facts(*plan_.schedule, plan_.facts));
    TRY(const tariff::ScheduleVersion* version, plan_.schedule->version_on(plan_.period.from));
    if (!version->proration_rules.empty()) {
        plan_.month_factor = version->proration_rules.front().factor(days());
    }
    for (const LampGroup& group : key_.lamps) {
        if (version->find_lamp(group.type) != nullptr) continue;
        std::string known;
        for (const auto& lamp : version->lamps) known += (known.empty() ? "" : ", ") + lamp.code;
        return Error(errors::lamp_unknown, {{"schedule", plan_.schedule->code},
                                            {"type", group.type},
                                            {"known", known.empty() ? "none" : known}});
    }
    if (key_.rider.empty()) return {};
    TRY(plan_.rider, plan_.catalogue->find_rider(key_.rider));
    if (!plan_.schedule->takes_rider(key_.rider)) {
        return Error(errors::rider_not_taken,
                     {{"rider", key_.rider}, {"schedule", plan_.schedule->code}});
    }
    terms_ = plan_.rider->terms_on(plan_.period.from);
    if (terms_ != nullptr) return {};
    // Names the rider and the day as for any document.
    TRY_DONE(plan_.rider->charges.version_on(plan_.period.from));
    return {};
}

Result<void> PlanMaker::one_charge(const Segments& segments) {
    const Charge& charge = *segments.front().charge;
    current_charge_ = charge.code;
    current_is_credit_ = charge.credit;
    if (tariff::is_energy(charge)) return energy_charge(segments);
    switch (charge.quantity) {
        case Quantity::minimum: minimum_charge(segments); break;
        case Quantity::lamps:
        case Quantity::lamp_kwh: lamp_charge(segments); break;
        default:
            for (const PriceSegment& segment : segments) {
                switch (charge.quantity) {
                    case Quantity::months:
                    case Quantity::days: fixed_charge(segment); break;
                    case Quantity::billing_kw: demand_charge(segment); break;
                    case Quantity::power_factor_points: power_factor_charge(segment); break;
                    case Quantity::kvarh: reactive_charge(segment); break;
                    case Quantity::percent_of_base: percent_charge(segment); break;
                    case Quantity::minimum_of_year: minimum_of_year(segment); break;
                    default: WH_CHECK(false, "a charge of an unknown quantity");
                }
            }
    }
    current_is_credit_ = false;
    return {};
}

Result<void> PlanMaker::schedule_charges() {
    TRY(const auto codes, tariff::charge_codes(*plan_.schedule, plan_.period));
    std::vector<Segments> charges;
    std::size_t last_energy = 0;
    for (const std::string_view code : codes) {
        if (left_out(code)) continue;
        TRY(Segments segments, segments_of(*plan_.schedule, code));
        if (segments.empty()) continue;
        charges.push_back(std::move(segments));
        const Charge& charge = *charges.back().front().charge;
        if (tariff::is_energy(charge)) last_energy = charges.size();
    }
    for (std::size_t i = 0; i < charges.size(); ++i) {
        if (i == last_energy) TRY_DONE(rider_lines(RiderPlace::after_energy));
        if (accrues(charges[i].front().charge->code)) {
            TRY_DONE(accrue(charges[i]));
        } else {
            TRY_DONE(one_charge(charges[i]));
        }
    }
    if (last_energy == charges.size()) TRY_DONE(rider_lines(RiderPlace::after_energy));
    return {};
}

Result<Plan> PlanMaker::make() {
    TRY_DONE(find_documents());
    plan_.delivered = channel_total(tariff::EnergyKind::delivered);
    if (terms_ != nullptr && terms_->netting != tariff::Netting::none) {
        plan_.net = channel_total(tariff::EnergyKind::net);
    }
    TRY_DONE(schedule_charges());
    TRY_DONE(adjustments());
    TRY_DONE(rider_lines(RiderPlace::after_adjustments));
    discounts();
    TRY_DONE(rider_lines(RiderPlace::after_discounts));
    settle_accrual();
    TRY_DONE(taxes());
    TRY_DONE(rider_lines(RiderPlace::after_taxes));
    for (const auto& [period, slot] : kwh_banks_) plan_.kwh_banks.push_back({period, slot});
    std::vector<Slot> all;
    for (const LineTemplate& line : plan_.lines) all.push_back(line.amount);
    plan_.total = sum(all);
    return std::move(plan_);
}

Result<Plan> make_plan(const tariff::Catalogue& catalogue, const PlanKey& key) {
    TRY(Plan plan, PlanMaker(catalogue, key).make());
    fold_plan(plan);
    return plan;
}

}  // namespace watthour::rating
