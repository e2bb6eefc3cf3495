// SPDX-License-Identifier: Apache-2.0
#include "rating/draft.hpp"
#include "rating/errors.hpp"
#include "tariff/day_split.hpp"

#include <algorithm>

namespace watthour::rating {

namespace {

using tariff::PriceSegment;
using tariff::UsageSource;

/// The energy of one segment and how it was found.
struct SegmentUse {
    Energy energy;
    std::vector<TraceStep> trace;
};

Error straddles(const DateRange& piece, const DateRange& segment, std::string_view charge) {
    const Date change = piece.from < segment.from ? segment.from : segment.until;
    return Error(errors::use_straddles_change, {{"from", piece.from.to_string()},
                                                {"until", piece.until.to_string()},
                                                {"charge", std::string(charge)},
                                                {"date", change.to_string()}});
}

/// Adds up the pieces of interval use inside a segment; interval use is never split by days.
template <class Take>
Result<void> for_pieces_in(const Draft& draft, DateRange segment, std::string_view charge,
                           Take take) {
    for (const TouSegmentUse& piece : draft.request.tou) {
        const DateRange common = piece.segment.intersection(segment);
        if (common.is_empty()) continue;
        if (common != piece.segment) return straddles(piece.segment, segment, charge);
        take(piece);
    }
    return {};
}

Result<std::vector<SegmentUse>> uses_of(const Draft& draft, std::span<const DateRange> segments,
                                        std::string_view charge) {
    std::vector<SegmentUse> uses;
    if (draft.schedule.usage == UsageSource::intervals) {
        for (const DateRange& segment : segments) {
            SegmentUse use;
            TRY_DONE(for_pieces_in(draft, segment, charge, [&](const TouSegmentUse& piece) {
                for (const auto& [period, energy] : piece.by_period) use.energy += energy;
            }));
            use.trace.push_back({TraceRule::interval_sum, {use.energy.kwh()}});
            uses.push_back(std::move(use));
        }
        return uses;
    }
    TRY(const std::vector<Energy> parts,
        tariff::split_by_days(draft.request.delivered, draft.request.period, segments));
    for (std::size_t i = 0; i < parts.size(); ++i) {
        SegmentUse use{parts[i], {}};
        if (segments.size() > 1) {
            use.trace.push_back({TraceRule::kwh_by_days,
                                 {draft.request.delivered.kwh(),
                                  as_decimal(segments[i].from - draft.request.period.from),
                                  as_decimal(segments[i].until - draft.request.period.from),
                                  as_decimal(draft.days()), parts[i].kwh()}});
        }
        uses.push_back(std::move(use));
    }
    return uses;
}

ChargeLine energy_line(const PriceSegment& segment, const std::string& code,
                       const tariff::LocalText& text) {
    ChargeLine line;
    line.code = code;
    line.text_en = text.en;
    line.text_es = text.es;
    line.period = segment.range;
    line.unit = "kWh";
    line.group = "base";
    line.gl_account = segment.charge->ledger_account;
    line.clause = segment.version->clause + " " + code;
    return line;
}

void finish(Draft& draft, ChargeLine line, Energy energy, const Decimal& price,
            const PriceSegment& segment) {
    line.quantity = energy.kwh();
    line.rate = price;
    line.amount = price_amount(*line.quantity, price, line.factor, segment.charge->rounding);
    line.trace.push_back(product_step(line));
    draft.add(std::move(line), segment.charge->in_base_of);
}

/// round(multiple x baseline x days + allowance x allowance days), in whole kWh. R2.10, R2.11.
Energy tier_limit(const Decimal& baseline, const Decimal& multiple, int days,
                  const Decimal& allowance, int allowance_days) {
    const i128 base_scale = i128{power_of_ten(baseline.scale())} * power_of_ten(multiple.scale());
    const i128 allowance_scale = power_of_ten(allowance.scale());
    const i128 numerator = i128{baseline.units()} * multiple.units() * days * allowance_scale +
                           i128{allowance.units()} * allowance_days * base_scale;
    return Energy::kilowatt_hours(
        round_divide(numerator, base_scale * allowance_scale, Rounding::half_away_from_zero));
}

void rate_tiers(Draft& draft, const PriceSegment& segment, const SegmentUse& use,
                SegmentDetail& detail) {
    const tariff::TierRule& rule = *segment.charge->tiers;
    const Decimal& baseline = rule.baseline_kwh_per_day[tariff::option_index(rule, draft.facts)]
                                                       [static_cast<std::size_t>(segment.season)];
    const tariff::Discount* allowance = draft.catalogue.find_discount(rule.allowance);
    const Decimal extra = allowance == nullptr ? Decimal() : allowance->kwh_per_day;
    const int extra_days =
        allowance == nullptr ? 0 : draft.discount_days(rule.allowance, segment.range);
    Energy lower;
    for (const tariff::Tier& tier : rule.tiers) {
        ChargeLine line = energy_line(segment, tier.code, tier.text);
        line.trace = use.trace;
        Energy upper = std::max(use.energy, lower);
        Decimal printed_upper(-1, 0);
        if (tier.up_to_baselines) {
            upper = tier_limit(baseline, *tier.up_to_baselines, segment.range.days(), extra,
                               extra_days);
            detail.tier_uppers.push_back(upper);
            printed_upper = upper.kwh();
            line.trace.push_back(
                {TraceRule::tier_limit,
                 {baseline, *tier.up_to_baselines, as_decimal(segment.range.days()),
                  as_decimal(extra_days), extra, upper.kwh()}});
        }
        const Energy block = std::max(Energy(), std::min(use.energy, upper) - lower);
        line.trace.push_back(
            {TraceRule::tier_block, {use.energy.kwh(), lower.kwh(), printed_upper, block.kwh()}});
        if (!block.is_zero()) finish(draft, std::move(line), block, tier.price, segment);
        lower = upper;
    }
}

Result<void> rate_tou(Draft& draft, const PriceSegment& segment) {
    const tariff::TouRule& rule = *segment.charge->tou;
    const tariff::TouCalendar& calendar = *draft.catalogue.find_tou_calendar(rule.calendar);
    TouSegmentUse sums{segment.range, {}};
    for (const std::string& period : calendar.periods()) sums.by_period.push_back({period, {}});
    const std::string* unknown = nullptr;
    TRY_DONE(
        for_pieces_in(draft, segment.range, segment.charge->code, [&](const TouSegmentUse& piece) {
            for (const auto& [period, energy] : piece.by_period) {
                const int index = calendar.index_of(period);
                if (index < 0)
                    unknown = &period;
                else
                    sums.by_period[static_cast<std::size_t>(index)].second += energy;
            }
        }));
    if (unknown != nullptr) {
        std::string known;
        for (const std::string& name : calendar.periods())
            known += (known.empty() ? "" : ", ") + name;
        return Error(errors::period_unknown,
                     {{"schedule", draft.schedule.code}, {"period", *unknown}, {"known", known}});
    }
    const auto& prices = tariff::price_row(segment.charge->price, segment.season, draft.facts);
    for (std::size_t i = 0; i < sums.by_period.size(); ++i) {
        const auto& [period, energy] = sums.by_period[i];
        if (energy.is_zero()) continue;
        if (!prices[i]) {
            return Error(errors::period_without_price,
                         {{"kwh", energy.to_string()},
                          {"period", period},
                          {"season", draft.catalogue.seasons.at(segment.season).code}});
        }
        ChargeLine line = energy_line(segment, rule.periods[i].code, rule.periods[i].text);
        line.trace.push_back({TraceRule::interval_sum, {energy.kwh()}});
        finish(draft, std::move(line), energy, *prices[i], segment);
    }
    draft.statement.determinants.push_back(std::move(sums));
    return {};
}

std::vector<DateRange> ranges_of(std::span<const PriceSegment> segments) {
    std::vector<DateRange> ranges;
    for (const PriceSegment& segment : segments) ranges.push_back(segment.range);
    return ranges;
}

}  // namespace

Result<void> rate_energy(Draft& draft, std::span<const PriceSegment> segments) {
    if (segments.front().charge->tou) {
        for (const PriceSegment& segment : segments) TRY_DONE(rate_tou(draft, segment));
        return {};
    }
    TRY(const std::vector<SegmentUse> uses,
        uses_of(draft, ranges_of(segments), segments.front().charge->code));
    for (std::size_t i = 0; i < segments.size(); ++i) {
        const PriceSegment& segment = segments[i];
        SegmentDetail detail{
            segment.range, draft.catalogue.seasons.at(segment.season).code, uses[i].energy, {}};
        if (segment.charge->tiers) {
            rate_tiers(draft, segment, uses[i], detail);
        } else if (!uses[i].energy.is_zero()) {
            ChargeLine line = energy_line(segment, segment.charge->code, segment.charge->text);
            line.trace = uses[i].trace;
            finish(draft, std::move(line), uses[i].energy,
                   *tariff::price_row(segment.charge->price, segment.season, draft.facts).front(),
                   segment);
        }
        draft.statement.segments.push_back(std::move(detail));
    }
    return {};
}

Result<void> rate_adjustments(Draft& draft) {
    for (const tariff::Adjustment& adjustment : draft.catalogue.adjustments) {
        TRY(const auto segments, tariff::adjustment_segments(adjustment, draft.request.period));
        std::vector<DateRange> ranges;
        for (const auto& segment : segments) ranges.push_back(segment.range);
        TRY(std::vector<SegmentUse> uses, uses_of(draft, ranges, adjustment.code));
        for (std::size_t i = 0; i < segments.size(); ++i) {
            const tariff::DatedPrice& version = *segments[i].version;
            if (version.price.is_zero() || uses[i].energy.is_zero()) continue;
            ChargeLine line;
            line.code = adjustment.code;
            line.text_en = adjustment.text.en;
            line.text_es = adjustment.text.es;
            line.period = segments[i].range;
            line.quantity = uses[i].energy.kwh();
            line.unit = "kWh";
            line.rate = version.price;
            line.group = "base";
            line.gl_account = draft.catalogue.gl.revenue_by_schedule.at(draft.schedule.code);
            line.clause = version.clause;
            line.amount =
                price_amount(*line.quantity, version.price, line.factor, adjustment.rounding);
            line.trace = std::move(uses[i].trace);
            line.trace.push_back(product_step(line));
            draft.add(std::move(line), adjustment.in_base_of);
        }
    }
    return {};
}

}  // namespace watthour::rating
