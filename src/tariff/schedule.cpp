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

std::size_t index_in(const FactValues& known, const ServiceFacts& facts) {
    const std::string& value = facts.get(known.fact);
    const auto found = std::find(known.values.begin(), known.values.end(), value);
    WH_CHECK(found != known.values.end(), "the fact " + known.fact + " was not checked");
    return static_cast<std::size_t>(found - known.values.begin());
}

const Decimal& of_season(const std::vector<Decimal>& values, int season) {
    return values[static_cast<std::size_t>(season)];
}

bool same_bound(const TierBound& a, int season_a, const TierBound& b, int season_b) {
    if (a.form != b.form) return false;
    return a.form == TierBound::Form::open ||
           of_season(a.by_season, season_a) == of_season(b.by_season, season_b);
}

bool same_tiers(const std::vector<Tier>& a, int season_a, const std::vector<Tier>& b,
                int season_b) {
    return std::equal(a.begin(), a.end(), b.begin(), b.end(),
                      [&](const Tier& left, const Tier& right) {
                          return left.code == right.code &&
                                 same_bound(left.up_to, season_a, right.up_to, season_b) &&
                                 same_bound(left.within, season_a, right.within, season_b) &&
                                 of_season(left.price_by_season, season_a) ==
                                     of_season(right.price_by_season, season_b);
                      });
}

bool same_tier_rule(const TierRule& a, int season_a, const TierRule& b, int season_b,
                    const ServiceFacts& facts) {
    if (a.baseline_kwh_per_day.empty() != b.baseline_kwh_per_day.empty()) return false;
    if (!a.baseline_kwh_per_day.empty()) {
        const auto baseline = [&](const TierRule& rule, int season) {
            return of_season(rule.baseline_kwh_per_day[baseline_index(rule, facts)], season);
        };
        if (!(baseline(a, season_a) == baseline(b, season_b))) return false;
    }
    return a.allowance == b.allowance && a.fill == b.fill && a.whole_use == b.whole_use &&
           same_tiers(a.tiers, season_a, b.tiers, season_b);
}

bool same_periods(const TouRule& a, int season_a, const TouRule& b, int season_b) {
    return a.calendar == b.calendar &&
           std::equal(a.periods.begin(), a.periods.end(), b.periods.begin(), b.periods.end(),
                      [&](const TouPeriodText& left, const TouPeriodText& right) {
                          return same_tiers(left.tiers, season_a, right.tiers, season_b);
                      });
}

bool same_demand(const PriceSegment& a, const PriceSegment& b) {
    const DemandRule* left = a.version->find_demand(a.charge->demand);
    const DemandRule* right = b.version->find_demand(b.charge->demand);
    if (left == nullptr || right == nullptr) return left == right;
    return *left == *right &&
           same_tiers(a.charge->demand_tiers, a.season, b.charge->demand_tiers, b.season);
}

bool same_points(const std::optional<PointRule>& a, const std::optional<PointRule>& b) {
    if (!a || !b) return a.has_value() == b.has_value();
    return a->threshold == b->threshold && a->percent_per_point == b->percent_per_point;
}

bool same_lamps(const PriceSegment& a, const PriceSegment& b) {
    return a.charge->lamp_prices == b.charge->lamp_prices &&
           (a.charge->quantity != Quantity::lamp_kwh || a.version->lamps == b.version->lamps);
}

bool same_terms(const PriceSegment& a, const PriceSegment& b, const ServiceFacts& facts) {
    const Charge& left = *a.charge;
    const Charge& right = *b.charge;
    if (left.quantity != right.quantity || left.energy != right.energy ||
        left.price_series != right.price_series || !(left.percent == right.percent) ||
        !(left.free_kvarh_per_kwh == right.free_kvarh_per_kwh) ||
        left.tiers.has_value() != right.tiers.has_value() ||
        left.tou.has_value() != right.tou.has_value() ||
        left.price.rows.empty() != right.price.rows.empty()) {
        return false;
    }
    if (!same_demand(a, b) || !same_points(left.points, right.points) || !same_lamps(a, b)) {
        return false;
    }
    if (left.tiers && !same_tier_rule(*left.tiers, a.season, *right.tiers, b.season, facts)) {
        return false;
    }
    if (left.tou && !same_periods(*left.tou, a.season, *right.tou, b.season)) return false;
    return left.price.rows.empty() ||
           price_row(left.price, a.season, facts) == price_row(right.price, b.season, facts);
}

const Charge* find_charge(const ScheduleVersion& version, std::string_view code) {
    for (const Charge& charge : version.charges) {
        if (charge.code == code) return &charge;
    }
    return nullptr;
}

/// Days on which a version of the schedule may begin to hold inside the period.
std::vector<Date> version_starts(const RateSchedule& schedule, DateRange period) {
    std::vector<Date> starts;
    if (schedule.versions_apply == VersionsApply::bills_rendered_on_or_after) return starts;
    for (const ScheduleVersion& version : schedule.versions) {
        if (period.from < version.effective && version.effective < period.until) {
            starts.push_back(version.effective);
        }
    }
    return starts;
}

}  // namespace

const std::string& ServiceFacts::get(std::string_view name) const {
    static const std::string nothing;
    if (name == "option") return option;
    if (name == "phase") return phase;
    if (name == "voltage") return voltage;
    for (const auto& [fact, value] : others) {
        if (fact == name) return value;
    }
    return nothing;
}

void ServiceFacts::set(std::string_view name, std::string value) {
    if (name == "option") {
        option = std::move(value);
    } else if (name == "phase") {
        phase = std::move(value);
    } else if (name == "voltage") {
        voltage = std::move(value);
    } else {
        others.emplace_back(name, std::move(value));
    }
}

Ratio ProrationRule::factor(int period_days) const {
    if (whole_from <= period_days && period_days <= whole_through) return {1, 1};
    return Ratio{checked_mul(period_days, divisor.denominator), divisor.numerator}.lowest_terms();
}

bool is_energy(const Charge& charge) {
    switch (charge.quantity) {
        case Quantity::kwh:
        case Quantity::kwh_tiers:
        case Quantity::kwh_by_tou:
        case Quantity::kwh_by_tou_tiers:
        case Quantity::kwh_by_hour: return true;
        default: return false;
    }
}

std::string price_unit(const Charge& charge, const ScheduleVersion& version) {
    switch (charge.quantity) {
        case Quantity::months:
        case Quantity::minimum: return "$/month";
        case Quantity::minimum_of_year: return "$/year";
        case Quantity::days: return "$/day";
        case Quantity::kvarh: return "$/kVARh";
        case Quantity::lamps: return "$/lamp-month";
        case Quantity::power_factor_points: return "%/point";
        case Quantity::percent_of_base: return "%";
        case Quantity::billing_kw: {
            const DemandRule* rule = version.find_demand(charge.demand);
            if (rule != nullptr && rule->of == DemandRule::Of::kvar) return "$/kVAR";
            if (rule != nullptr && rule->of == DemandRule::Of::kva) return "$/kVA";
            return "$/kW";
        }
        default: return "$/kWh";
    }
}

const DemandRule* ScheduleVersion::find_demand(std::string_view name) const {
    for (const DemandRule& rule : demands) {
        if (rule.name == name) return &rule;
    }
    return nullptr;
}

const LampType* ScheduleVersion::find_lamp(std::string_view code) const {
    for (const LampType& lamp : lamps) {
        if (lamp.code == code) return &lamp;
    }
    return nullptr;
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

bool RateSchedule::takes_rider(std::string_view rider) const {
    return std::find(riders.begin(), riders.end(), rider) != riders.end();
}

const std::vector<std::string>* RateSchedule::values_of(std::string_view fact) const {
    for (const FactValues& known : facts) {
        if (known.fact == fact) return &known.values;
    }
    return nullptr;
}

const std::vector<std::optional<Decimal>>& price_row(const PriceTable& table, int season,
                                                     const ServiceFacts& facts) {
    std::size_t row = 0;
    std::size_t seasons = table.rows.size();
    if (!table.by_fact.fact.empty()) {
        seasons /= table.by_fact.values.size();
        row = index_in(table.by_fact, facts) * seasons;
    }
    if (table.by_season) row += static_cast<std::size_t>(season);
    return table.rows[row];
}

std::size_t baseline_index(const TierRule& rule, const ServiceFacts& facts) {
    std::size_t index = 0;
    for (const FactValues& fact : rule.baseline_facts) {
        index = index * fact.values.size() + index_in(fact, facts);
    }
    return index;
}

bool applies_to(const Charge& charge, const ServiceFacts& facts, int season) {
    if ((charge.seasons & (1U << static_cast<unsigned>(season))) == 0) return false;
    return std::all_of(charge.applies.begin(), charge.applies.end(), [&](const FactValues& fact) {
        return std::find(fact.values.begin(), fact.values.end(), facts.get(fact.fact)) !=
               fact.values.end();
    });
}

Result<void> check_facts(const RateSchedule& schedule, const ServiceFacts& facts) {
    for (const FactValues& known : schedule.facts) {
        const std::string& value = facts.get(known.fact);
        Facts said{{"schedule", schedule.code},
                   {"fact", known.fact},
                   {"value", value},
                   {"known", join(known.values)}};
        if (value.empty()) return Error(errors::fact_missing, std::move(said));
        if (std::find(known.values.begin(), known.values.end(), value) == known.values.end()) {
            return Error(errors::fact_unknown, std::move(said));
        }
    }
    return {};
}

Result<std::vector<PriceSegment>> price_segments(const RateSchedule& schedule,
                                                 const SeasonTable& seasons,
                                                 std::string_view charge_code,
                                                 const ServiceFacts& facts, DateRange period) {
    TRY(const ScheduleVersion* whole, schedule.version_on(period.from));
    const bool by_bill = schedule.versions_apply == VersionsApply::bills_rendered_on_or_after;
    if (by_bill) whole = tariff::version_on(schedule.versions, period.until);
    std::vector<Date> cuts = seasons.starts_inside(period);
    for (const Date start : version_starts(schedule, period)) cuts.push_back(start);
    cuts.push_back(period.from);
    cuts.push_back(period.until);
    std::sort(cuts.begin(), cuts.end());
    cuts.erase(std::unique(cuts.begin(), cuts.end()), cuts.end());

    std::vector<PriceSegment> segments;
    for (std::size_t i = 0; i + 1 < cuts.size(); ++i) {
        PriceSegment next{{cuts[i], cuts[i + 1]},
                          by_bill ? whole : tariff::version_on(schedule.versions, cuts[i]),
                          nullptr,
                          seasons.season_of(cuts[i])};
        next.charge = find_charge(*next.version, charge_code);
        if (next.charge == nullptr || !applies_to(*next.charge, facts, next.season)) continue;
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
        if (version.effective < first->effective || period.until < version.effective) continue;
        if (version.effective == period.until &&
            schedule.versions_apply == VersionsApply::service_on_or_after) {
            continue;
        }
        for (const Charge& charge : version.charges) {
            if (std::find(codes.begin(), codes.end(), charge.code) == codes.end()) {
                codes.push_back(charge.code);
            }
        }
    }
    return codes;
}

}  // namespace watthour::tariff
