// SPDX-License-Identifier: Apache-2.0
#include "base/check.hpp"
#include "rating/errors.hpp"
#include "rating/numbers.hpp"
#include "rating/rating.hpp"

#include <algorithm>

namespace watthour::rating {

namespace {

using tariff::Determinant;
using tariff::UsageChannel;

using PeriodUse = std::vector<std::pair<std::string, Energy>>;

Energy total_of(const PeriodUse& use) {
    Energy sum;
    for (const auto& [period, energy] : use) sum += energy;
    return sum;
}

/// One request against one plan.
class Filler {
public:
    Filler(const Plan& plan, const RatingRequest& request, std::span<std::int64_t> slots)
        : plan_(plan), request_(request), slots_(slots) {}

    Result<void> fill() {
        TRY_DONE(check_use());
        for (const Input& input : plan_.inputs) {
            TRY(slots_[input.slot], value_of(input));
        }
        return {};
    }

private:
    [[nodiscard]] Facts period_facts() const {
        return {{"schedule", plan_.schedule->code},
                {"from", plan_.period.from.to_string()},
                {"until", plan_.period.until.to_string()}};
    }

    [[nodiscard]] Error negative(Energy energy) const {
        return Error(errors::use_negative,
                     {{"kwh", energy.to_string()}, {"schedule", plan_.schedule->code}});
    }

    [[nodiscard]] Result<void> check_use() const {
        for (const Energy energy : {request_.delivered, request_.received, request_.generation}) {
            if (energy < Energy()) return negative(energy);
        }
        if (plan_.schedule->usage != tariff::UsageSource::intervals || !request_.measured.empty()) {
            return {};
        }
        if (request_.tou.empty()) return Error(errors::tou_use_missing, period_facts());
        Energy sum;
        Date reached = plan_.period.from;
        for (const TouSegmentUse& piece : request_.tou) {
            if (piece.segment.from != reached || piece.segment.is_empty()) break;
            reached = piece.segment.until;
            TRY_DONE(check_piece(piece));
            sum += total_of(piece.by_period);
        }
        if (reached != plan_.period.until || request_.tou.back().segment.until != reached) {
            return Error(errors::use_not_tiled, period_facts());
        }
        if (sum == request_.delivered) return {};
        return Error(errors::use_disagrees,
                     {{"delivered", request_.delivered.to_string()}, {"sum", sum.to_string()}});
    }

    [[nodiscard]] Result<void> check_piece(const TouSegmentUse& piece) const {
        const tariff::TouCalendar* calendar =
            tariff::tou_calendar_of(*plan_.catalogue, *plan_.schedule, piece.segment.from);
        for (const PeriodUse* use : {&piece.by_period, &piece.received}) {
            for (const auto& [period, energy] : *use) {
                if (energy < Energy()) return negative(energy);
                if (calendar == nullptr || calendar->index_of(period) >= 0) continue;
                std::string known;
                for (const std::string& name : calendar->periods()) {
                    known += (known.empty() ? "" : ", ") + name;
                }
                return Error(
                    errors::period_unknown,
                    {{"schedule", plan_.schedule->code}, {"period", period}, {"known", known}});
            }
        }
        return {};
    }

    [[nodiscard]] Result<std::int64_t> value_of(const Input& input) const {
        switch (input.kind) {
            case FactKind::determinant: return determinant(input.index);
            case FactKind::register_energy:
                return register_energy(static_cast<UsageChannel>(input.index));
            case FactKind::register_peak:
                if (request_.measured_max) return request_.measured_max->mw();
                return Error(errors::demand_missing, {{"schedule", plan_.schedule->code}});
            case FactKind::discount_days: return discount_days(input.code, input.range);
            case FactKind::exempt: return exempt(plan_.catalogue->taxes[input.index]);
            case FactKind::tax_this_year:
                return checked_mul(request_.uut_year_to_date.minor_units(), amount_units_per_cent);
            case FactKind::highest_prior: return prior(plan_.ratchets[input.index], false);
            case FactKind::weighted_prior: return prior(plan_.ratchets[input.index], true);
            case FactKind::contract_power:
                if (request_.contract_demand) return request_.contract_demand->mw();
                return missing(input, "contract demand");
            case FactKind::kwh_bank: return kwh_bank(input.code);
            case FactKind::bank: return amount_units(request_.bank_open);
            case FactKind::true_up: return request_.true_up ? 1 : 0;
            case FactKind::surplus: return request_.surplus.wh();
            case FactKind::accrued: return amount_units(request_.accrued_before);
            case FactKind::billed_this_year: return amount_units(request_.billed_this_year);
            case FactKind::year_ends: return request_.year_ends ? 1 : 0;
        }
        return 0;
    }

    [[nodiscard]] Error missing(const Input& input, const char* what) const {
        const std::string charge = input.kind == FactKind::determinant
                                       ? plan_.determinant_charges[input.index]
                                       : "A charge";
        Facts facts = period_facts();
        facts.emplace_back("charge", charge);
        facts.emplace_back("what", what);
        return Error(errors::determinant_missing, std::move(facts));
    }

    [[nodiscard]] Result<std::int64_t> register_energy(UsageChannel channel) const {
        switch (channel) {
            case UsageChannel::received: return request_.received.wh();
            case UsageChannel::generation: return request_.generation.wh();
            case UsageChannel::reactive:
                if (request_.reactive) return request_.reactive->wh();
                return missing({}, "reading of reactive energy (kVARh)");
            default: return request_.delivered.wh();
        }
    }

    [[nodiscard]] Result<std::int64_t> determinant(std::uint16_t index) const {
        const Determinant& wanted = plan_.determinants[index];
        for (const MeasuredNumber& number : request_.measured) {
            if (number.what == wanted) return number.value;
        }
        Input input;
        input.index = index;
        if (wanted.kind == Determinant::Kind::peak && wanted.calendar == nullptr &&
            wanted.channel == UsageChannel::delivered && request_.measured_max) {
            return request_.measured_max->mw();
        }
        if (wanted.kind == Determinant::Kind::peak && wanted.channel == UsageChannel::delivered) {
            return Error(errors::demand_missing, {{"schedule", plan_.schedule->code}});
        }
        if (wanted.kind != Determinant::Kind::energy) return missing(input, "value by intervals");
        switch (wanted.channel) {
            case UsageChannel::delivered: return from_pieces(wanted, index);
            case UsageChannel::received:
                return request_.tou.empty() ? request_.received.wh() : from_pieces(wanted, index);
            case UsageChannel::generation:
                if (wanted.range == plan_.period) return request_.generation.wh();
                return missing(input, "sum of generation by parts of the period");
            case UsageChannel::reactive:
                if (request_.reactive) return request_.reactive->wh();
                return missing(input, "sum of reactive energy (kVARh)");
            default: return missing(input, "value by intervals");
        }
    }

    /// Adds up the pieces inside a range; interval use is never split by days.
    [[nodiscard]] Result<std::int64_t> from_pieces(const Determinant& wanted,
                                                   std::uint16_t index) const {
        Energy sum;
        for (const TouSegmentUse& piece : request_.tou) {
            const DateRange common = piece.segment.intersection(wanted.range);
            if (common.is_empty()) continue;
            if (common != piece.segment) return straddles(piece.segment, wanted.range, index);
            const PeriodUse& use =
                wanted.channel == UsageChannel::received ? piece.received : piece.by_period;
            for (const auto& [period, energy] : use) {
                if (wanted.calendar == nullptr) {
                    sum += energy;
                    continue;
                }
                const int at = wanted.calendar->index_of(period);
                if (at >= 0 && ((wanted.periods >> static_cast<unsigned>(at)) & 1U) != 0) {
                    sum += energy;
                }
            }
        }
        return sum.wh();
    }

    [[nodiscard]] Error straddles(DateRange piece, DateRange segment, std::uint16_t index) const {
        const Date change = piece.from < segment.from ? segment.from : segment.until;
        return Error(errors::use_straddles_change, {{"from", piece.from.to_string()},
                                                    {"until", piece.until.to_string()},
                                                    {"charge", plan_.determinant_charges[index]},
                                                    {"date", change.to_string()}});
    }

    /// Days of a range on which a discount of that code is in force; overlaps count once.
    [[nodiscard]] std::int64_t discount_days(std::string_view code, DateRange range) const {
        std::int64_t days = 0;
        for (Date date = range.from; date < range.until; date = date + 1) {
            if (discount_on(code, date)) ++days;
        }
        return days;
    }

    [[nodiscard]] bool discount_on(std::string_view code, Date date) const {
        return std::any_of(
            request_.discounts.begin(), request_.discounts.end(),
            [&](const DatedCode& one) { return one.code == code && one.active.contains(date); });
    }

    [[nodiscard]] std::int64_t exempt(const tariff::Tax& tax) const {
        return exempt_flags(*plan_.catalogue, request_, tax).empty() ? 0 : 1;
    }

    /// The highest of the earlier maxima that count, or the highest of each times its percentage.
    [[nodiscard]] std::int64_t prior(const RatchetRule& rule, bool weighted) const {
        const std::vector<Demand>& all = request_.prior_max;
        const auto used = std::min(all.size(), static_cast<std::size_t>(rule.ratchet.periods));
        std::int64_t highest = 0;
        for (std::size_t back = 1; back <= used; ++back) {
            const std::int64_t power = all[all.size() - back].mw();
            const auto month = static_cast<std::size_t>(
                ((rule.month - 1 - static_cast<int>(back)) % 12 + 12) % 12);
            const std::int64_t percent = rule.ratchet.percent_by_month[month]
                                             .rescaled(rule.percent_scale, Rounding::toward_zero)
                                             .units();
            highest = std::max(highest, weighted ? checked_mul(power, percent) : power);
        }
        return highest;
    }

    [[nodiscard]] std::int64_t kwh_bank(std::string_view period) const {
        for (const auto& [name, energy] : request_.kwh_bank) {
            if (name == period) return energy.wh();
        }
        return 0;
    }

    const Plan& plan_;
    const RatingRequest& request_;
    std::span<std::int64_t> slots_;
};

}  // namespace

Result<void> fill_inputs(const Plan& plan, const RatingRequest& request,
                         std::span<std::int64_t> slots) {
    return Filler(plan, request, slots).fill();
}

std::vector<std::string> exempt_flags(const tariff::Catalogue& catalogue,
                                      const RatingRequest& request, const tariff::Tax& tax) {
    const Date day = request.period.until - 1;
    const auto stated = [&](const std::string& flag) {
        return std::any_of(
            request.exemptions.begin(), request.exemptions.end(),
            [&](const DatedCode& one) { return one.code == flag && one.active.contains(day); });
    };
    const auto carried = [&](const std::string& flag) {
        return std::any_of(
            catalogue.discounts.begin(), catalogue.discounts.end(),
            [&](const tariff::Discount& discount) {
                return discount.grants_exemption == flag &&
                       std::any_of(request.discounts.begin(), request.discounts.end(),
                                   [&](const DatedCode& one) {
                                       return one.code == discount.code && one.active.contains(day);
                                   });
            });
    };
    std::vector<std::string> found;
    for (const std::string& flag : tax.exempt_flags) {
        if (stated(flag) || carried(flag)) found.push_back(flag);
    }
    return found;
}

}  // namespace watthour::rating
