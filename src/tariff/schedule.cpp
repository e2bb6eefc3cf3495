// SPDX-License-Identifier: Apache-2.0
#include "tariff/schedule.hpp"

#include "base/check.hpp"
#include "base/text.hpp"
#include "tariff/errors.hpp"
#include "tariff/surcharges.hpp"

#include <algorithm>

namespace watthour::tariff {

namespace {

std::string join(const std::vector<std::string>& words) {
    std::string text;
    for (const std::string& word : words) text += (text.empty() ? "" : ", ") + word;
    return text;
}

std::size_t index_in(const std::vector<std::string>& words, std::string_view word) {
    const auto found = std::find(words.begin(), words.end(), word);
    WH_CHECK(found != words.end(), "fact " + std::string(word) + " was not checked");
    return static_cast<std::size_t>(found - words.begin());
}

Result<void> check_fact(const RateSchedule& schedule, std::string_view fact,
                        const std::vector<std::string>& known, const std::string& value) {
    if (known.empty()) return {};
    Facts facts{{"schedule", schedule.code},
                {"fact", std::string(fact)},
                {"value", value},
                {"known", join(known)}};
    if (value.empty()) return Error(errors::fact_missing, std::move(facts));
    if (std::find(known.begin(), known.end(), value) == known.end()) {
        return Error(errors::fact_unknown, std::move(facts));
    }
    return {};
}

bool same_tiers(const TierRule& a, int season_a, const TierRule& b, int season_b,
                const ServiceFacts& facts) {
    const auto baseline = [&](const TierRule& rule, int season) {
        return rule
            .baseline_kwh_per_day[option_index(rule, facts)][static_cast<std::size_t>(season)];
    };
    return baseline(a, season_a) == baseline(b, season_b) && a.allowance == b.allowance &&
           std::equal(a.tiers.begin(), a.tiers.end(), b.tiers.begin(), b.tiers.end(),
                      [](const Tier& left, const Tier& right) {
                          return left.code == right.code && left.price == right.price &&
                                 left.up_to_baselines == right.up_to_baselines;
                      });
}

bool same_terms(const PriceSegment& a, const PriceSegment& b, const ServiceFacts& facts) {
    if (a.charge->quantity != b.charge->quantity) return false;
    if (a.charge->tiers) {
        return same_tiers(*a.charge->tiers, a.season, *b.charge->tiers, b.season, facts);
    }
    if (a.charge->tou && a.charge->tou->calendar != b.charge->tou->calendar) return false;
    return price_row(a.charge->price, a.season, facts) ==
           price_row(b.charge->price, b.season, facts);
}

const Charge* find_charge(const ScheduleVersion& version, std::string_view code) {
    for (const Charge& charge : version.charges) {
        if (charge.code == code) return &charge;
    }
    return nullptr;
}

}  // namespace

Ratio ProrationRule::factor(int period_days) const {
    if (whole_from <= period_days && period_days <= whole_through) return {1, 1};
    return Ratio{period_days, divisor}.lowest_terms();
}

bool is_energy(const Charge& charge) {
    return charge.quantity == Quantity::kwh || charge.quantity == Quantity::kwh_tiers ||
           charge.quantity == Quantity::kwh_by_tou;
}

Result<const ScheduleVersion*> RateSchedule::version_on(Date date) const {
    const ScheduleVersion* found = tariff::version_on(versions, date);
    if (found == nullptr) {
        return Error(errors::no_version_on_date,
                     {{"name", "Schedule " + code}, {"date", date.to_string()}});
    }
    return found;
}

bool RateSchedule::offers(std::string_view discount) const {
    return std::find(discounts.begin(), discounts.end(), discount) != discounts.end();
}

const std::vector<std::optional<Decimal>>& price_row(const PriceTable& table, int season,
                                                     const ServiceFacts& facts) {
    switch (table.axis) {
        case PriceAxis::none: return table.rows.front();
        case PriceAxis::phase: return table.rows[index_in(table.row_names, facts.phase)];
        case PriceAxis::season:
        case PriceAxis::season_tou: break;
    }
    return table.rows[static_cast<std::size_t>(season)];
}

std::size_t option_index(const TierRule& rule, const ServiceFacts& facts) {
    return index_in(rule.options, facts.option);
}

Result<void> check_facts(const RateSchedule& schedule, const ServiceFacts& facts) {
    TRY_DONE(check_fact(schedule, "option", schedule.options, facts.option));
    return check_fact(schedule, "phase", schedule.phases, facts.phase);
}

Result<std::vector<PriceSegment>> price_segments(const RateSchedule& schedule,
                                                 const SeasonTable& seasons,
                                                 std::string_view charge_code,
                                                 const ServiceFacts& facts, DateRange period) {
    TRY_DONE(schedule.version_on(period.from));
    std::vector<Date> cuts = seasons.starts_inside(period);
    for (const ScheduleVersion& version : schedule.versions) {
        if (period.from < version.effective && version.effective < period.until) {
            cuts.push_back(version.effective);
        }
    }
    cuts.push_back(period.from);
    cuts.push_back(period.until);
    std::sort(cuts.begin(), cuts.end());
    cuts.erase(std::unique(cuts.begin(), cuts.end()), cuts.end());

    std::vector<PriceSegment> segments;
    for (std::size_t i = 0; i + 1 < cuts.size(); ++i) {
        PriceSegment next{{cuts[i], cuts[i + 1]},
                          tariff::version_on(schedule.versions, cuts[i]),
                          nullptr,
                          seasons.season_of(cuts[i])};
        next.charge = find_charge(*next.version, charge_code);
        if (next.charge == nullptr) continue;
        if (!segments.empty() && segments.back().range.until == next.range.from &&
            same_terms(segments.back(), next, facts)) {
            segments.back().range.until = next.range.until;
        } else {
            segments.push_back(next);
        }
    }
    return segments;
}

Result<std::vector<std::string_view>> charge_codes(const RateSchedule& schedule, DateRange period) {
    TRY(const ScheduleVersion* first, schedule.version_on(period.from));
    std::vector<std::string_view> codes;
    for (const ScheduleVersion& version : schedule.versions) {
        if (version.effective < first->effective || !(version.effective < period.until)) continue;
        for (const Charge& charge : version.charges) {
            if (std::find(codes.begin(), codes.end(), charge.code) == codes.end()) {
                codes.push_back(charge.code);
            }
        }
    }
    return codes;
}

}  // namespace watthour::tariff
