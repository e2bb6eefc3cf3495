// SPDX-License-Identifier: Apache-2.0
#include "base/check.hpp"
#include "rating/errors.hpp"
#include "rating/numbers.hpp"
#include "rating/rating.hpp"

#include <algorithm>
#include <map>

namespace watthour::rating {

namespace {

/// Turns the numbers of a plan that has run into lines, details and a journal.
class Printer {
public:
    Printer(const Plan& plan, const RatingRequest& request, std::span<const std::int64_t> slots)
        : plan_(plan), request_(request), slots_(slots) {}

    Result<RatedStatement> print() {
        TRY_DONE(check_priced());
        for (const LineTemplate& line : plan_.lines) {
            if (prints(line)) add(line_of(line));
        }
        TRY_DONE(add_fees());
        put_details();
        put_solar();
        write_journal();
        return std::move(statement_);
    }

private:
    [[nodiscard]] std::int64_t at(Slot slot) const { return slots_[slot]; }
    [[nodiscard]] Energy energy(Slot slot) const { return Energy::watt_hours(at(slot)); }
    [[nodiscard]] Demand power(Slot slot) const { return Demand::milliwatts(at(slot)); }
    [[nodiscard]] Decimal amount(Slot slot) const { return amount_decimal(at(slot)); }

    [[nodiscard]] Decimal number(const Ref& ref) const {
        if (ref.slot == no_slot) return ref.constant;
        switch (ref.unit) {
            case SlotUnit::count: return {at(ref.slot), 0};
            case SlotUnit::energy: return {at(ref.slot), 3};
            case SlotUnit::power: return {at(ref.slot), 6};
            case SlotUnit::amount: return amount(ref.slot);
        }
        return {};
    }

    [[nodiscard]] Result<void> check_priced() const {
        for (const UnpricedUse& use : plan_.unpriced) {
            if (at(use.slot) == 0) continue;
            return Error(errors::period_without_price, {{"kwh", energy(use.slot).to_string()},
                                                        {"period", use.period},
                                                        {"season", use.season}});
        }
        return {};
    }

    [[nodiscard]] bool prints(const LineTemplate& line) const {
        switch (line.prints) {
            case Prints::quantity_not_zero: return !number(*line.quantity).is_zero();
            case Prints::base_not_zero: return at(line.base) != 0;
            case Prints::amount_not_zero: return at(line.amount) != 0;
            case Prints::flag_set: return at(line.flag) != 0;
        }
        return true;
    }

    [[nodiscard]] DateRange discount_hull(const std::string& code) const {
        DateRange hull;
        for (const DatedCode& one : request_.discounts) {
            const DateRange active = one.active.intersection(plan_.period);
            if (one.code != code || active.is_empty()) continue;
            hull = hull.is_empty() ? active
                                   : DateRange{std::min(hull.from, active.from),
                                               std::max(hull.until, active.until)};
        }
        return hull;
    }

    [[nodiscard]] ChargeLine line_of(const LineTemplate& from) const {
        ChargeLine line;
        line.code = from.code;
        line.text_en = from.text.en;
        line.text_es = from.text.es;
        line.period = from.period;
        if (from.quantity) {
            line.quantity = number(*from.quantity);
            if (line.quantity->is_negative() && !from.text_below_zero.en.empty()) {
                line.text_en = from.text_below_zero.en;
                line.text_es = from.text_below_zero.es;
            }
        }
        line.unit = from.unit;
        line.rate = from.rate;
        line.rate_is_percent = from.rate_is_percent;
        line.factor = from.factor;
        if (from.active_days != no_slot) {
            line.factor = Ratio{at(from.active_days), plan_.period.days()}.lowest_terms();
        }
        if (!from.discount.empty()) line.period = discount_hull(from.discount);
        if (from.base != no_slot) line.base = amount_money(at(from.base));
        const std::int64_t units = at(from.amount);
        line.amount = amount_money(units);
        if (units % amount_units_per_cent != 0) line.unrounded = Decimal(units, 8);
        line.group = from.group;
        line.gl_account = from.account;
        line.clause = from.clause;
        for (const TraceTemplate& step : from.trace) add_step(step, line.trace);
        return line;
    }

    void add_step(const TraceTemplate& step, std::vector<TraceStep>& into) const {
        std::array<Decimal, TraceStep::most_numbers> numbers;
        for (std::size_t i = 0; i < step.numbers.size(); ++i) numbers[i] = number(step.numbers[i]);
        // A cap is told only when it bit.
        if (step.rule == TraceRule::yearly_cap && !(numbers[3] < numbers[0])) return;
        into.emplace_back(step.rule, std::span<const Decimal>(numbers.data(), step.numbers.size()));
    }

    void add(ChargeLine line) {
        line.seq = static_cast<int>(statement_.lines.size()) + 1;
        statement_.current_charges += line.amount;
        statement_.lines.push_back(std::move(line));
    }

    [[nodiscard]] Result<void> add_fees() {
        const Date day = plan_.period.until - 1;
        for (const FeeRequest& request : request_.fees) {
            TRY(const auto found, plan_.catalogue->find_fee(request.code, day));
            const tariff::Fee& fee = *found.first;
            ChargeLine line;
            Money owed = fee.amount;
            if (fee.form == tariff::FeeForm::amount_with_discount &&
                std::any_of(request_.discounts.begin(), request_.discounts.end(),
                            [&](const DatedCode& one) {
                                return one.code == fee.discount && one.active.contains(day);
                            })) {
                owed = fee.discounted_amount;
            }
            if (fee.form == tariff::FeeForm::greater_of_minimum_and_percent) {
                if (request.past_due < fee.from_past_due) continue;
                owed = std::max(fee.amount,
                                take_percent(request.past_due, fee.percent, {}, fee.rounding));
                line.trace.push_back({TraceRule::late_fee,
                                      {as_decimal(request.past_due), fee.percent,
                                       as_decimal(fee.amount), as_decimal(owed)}});
            } else {
                line.trace.push_back({TraceRule::fee, {as_decimal(owed)}});
            }
            line.code = "FEE-" + fee.code;
            line.text_en = fee.text.en;
            line.text_es = fee.text.es;
            line.quantity = Decimal(1, 0);
            line.unit = "each";
            line.rate = as_decimal(owed);
            line.amount = owed;
            line.group = "fee";
            line.gl_account = plan_.catalogue->fees.ledger_account;
            line.clause = found.second->clause + " " + fee.code;
            add(std::move(line));
        }
        return {};
    }

    void put_details() {
        statement_.period_days = plan_.period.days();
        statement_.fixed_charge_factor = plan_.month_factor;
        statement_.delivered = energy(plan_.delivered);
        for (const SegmentTemplate& segment : plan_.segments) {
            SegmentDetail detail{segment.range, segment.season, energy(segment.use), {}};
            for (const Slot upper : segment.tier_uppers) {
                detail.tier_uppers.push_back(energy(upper));
            }
            statement_.segments.push_back(std::move(detail));
        }
        for (const PeriodsTemplate& periods : plan_.by_period) {
            TouSegmentUse detail{periods.range, {}, {}};
            for (std::size_t p = 0; p < periods.periods.size(); ++p) {
                if (!periods.priced[p]) continue;
                detail.by_period.emplace_back(periods.periods[p], energy(periods.delivered[p]));
                if (!periods.received.empty()) {
                    detail.received.emplace_back(periods.periods[p], energy(periods.received[p]));
                }
            }
            statement_.determinants.push_back(std::move(detail));
        }
        for (const DemandTemplate& demand : plan_.demands) {
            DemandDetail detail{demand.charge, power(demand.measured), std::nullopt,
                                power(demand.billing)};
            if (demand.floor != no_slot) detail.ratchet_floor = power(demand.floor);
            statement_.demands.push_back(std::move(detail));
        }
        if (plan_.power_factor != no_slot) {
            statement_.power_factor_percent = static_cast<int>(at(plan_.power_factor));
        }
        if (plan_.reactive != no_slot) statement_.reactive = energy(plan_.reactive);
        if (plan_.minimum != no_slot) {
            statement_.minimum = MinimumDetail{amount_money(at(plan_.minimum)),
                                               amount_money(at(plan_.minimum_compared))};
        }
        for (const TaxTemplate& tax : plan_.capped_taxes) {
            auto flags = exempt_flags(*plan_.catalogue, request_, plan_.catalogue->taxes[tax.tax]);
            if (!flags.empty()) {
                statement_.uut_exempt = std::move(flags);
            } else if (at(tax.room) < at(tax.calculated)) {
                statement_.uut_cap =
                    CapDetail{amount_money(at(tax.calculated)), amount_money(at(tax.room))};
            }
        }
    }

    void put_solar() {
        if (plan_.net != no_slot) statement_.net = energy(plan_.net);
        if (plan_.bank) {
            const BankTemplate& bank = *plan_.bank;
            statement_.bank =
                BankDetail{bank.rider,           bank.group,           amount(bank.open),
                           amount(bank.deposit), amount(bank.applied), amount(bank.forfeited),
                           amount(bank.paid),    amount(bank.close)};
        }
        for (const KwhBankTemplate& bank : plan_.kwh_banks) {
            statement_.kwh_bank.emplace_back(bank.period, energy(bank.close));
        }
        for (const AccrualTemplate& part : plan_.accruals) {
            const Decimal quantity = number(part.quantity);
            if (quantity.is_zero()) continue;
            statement_.accruals.push_back(
                {part.code, part.range, quantity, part.price, amount(part.amount)});
        }
        if (plan_.accrued != no_slot) statement_.accrued = amount(plan_.accrued);
        if (plan_.year_compared != no_slot) statement_.year_compared = amount(plan_.year_compared);
    }

    /// Receivable against the account of each line. A bank that is forfeited goes to revenue.
    void write_journal() {
        std::map<std::string, Money> credits;
        for (const ChargeLine& line : statement_.lines) credits[line.gl_account] += line.amount;
        if (plan_.bank) {
            const Money forfeited = amount_money(at(plan_.bank->forfeited));
            credits[plan_.bank->account] -= forfeited;
            credits[plan_.catalogue->revenue_account(*plan_.schedule)] += forfeited;
        }
        leg(plan_.catalogue->gl.role("receivable"), statement_.current_charges);
        for (const auto& [account, credit] : credits) leg(account, -credit);
        Money balance;
        for (const JournalLeg& posted : statement_.journal) {
            balance += posted.debit - posted.credit;
        }
        WH_CHECK(balance.is_zero(), "the journal of a statement does not balance");
    }

    void leg(const std::string& account, Money debit) {
        if (debit.is_zero()) return;
        statement_.journal.push_back(debit.is_positive() ? JournalLeg{account, debit, Money()}
                                                         : JournalLeg{account, Money(), -debit});
    }

    const Plan& plan_;
    const RatingRequest& request_;
    std::span<const std::int64_t> slots_;
    RatedStatement statement_;
};

}  // namespace

Result<RatedStatement> print_statement(const Plan& plan, const RatingRequest& request,
                                       std::span<const std::int64_t> slots) {
    return Printer(plan, request, slots).print();
}

Money RatedStatement::subtotal(std::string_view group) const {
    Money sum;
    for (const ChargeLine& line : lines) {
        if (line.group == group) sum += line.amount;
    }
    return sum;
}

}  // namespace watthour::rating
