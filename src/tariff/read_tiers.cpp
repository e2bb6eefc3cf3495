// SPDX-License-Identifier: Apache-2.0
#include "tariff/errors.hpp"
#include "tariff/readers.hpp"

#include <algorithm>

namespace watthour::tariff {

namespace {

using Form = TierBound::Form;

TierBound read_bound(const YamlValue& value, const Catalogue& catalogue, TierUnit unit) {
    if (value.is_text()) {
        value.must_be("open");
        return {};
    }
    const auto members = value.members();
    if (members.size() != 1) {
        value.refuse_value("open, or one form of limit");
        return {};
    }
    const auto& [name, amount] = members.front();
    TierBound bound;
    if (unit == TierUnit::kw) {
        if (name != "kw") value.refuse_word(name, "kw");
        bound.form = Form::kwh;
    } else if (name == "baselines") {
        bound.form = Form::baselines;
    } else if (name == "kwh") {
        bound.form = Form::kwh;
    } else if (name == "kwh_per_day") {
        bound.form = Form::kwh_per_day;
    } else if (name == "kwh_per_kw") {
        bound.form = Form::kwh_per_kw;
    } else if (name == "kwh_per_kw_day") {
        bound.form = Form::kwh_per_kw_day;
    } else {
        value.refuse_word(name, "baselines, kwh, kwh_per_day, kwh_per_kw, kwh_per_kw_day");
    }
    bound.by_season = read_by_season(amount, catalogue);
    return bound;
}

/// A limit that can be seen to lie at or below the one before it.
bool falls(const TierBound& before, const TierBound& after) {
    if (before.form != after.form || before.form == Form::open) return false;
    for (std::size_t i = 0; i < after.by_season.size(); ++i) {
        if (after.by_season[i] <= before.by_season[i]) return true;
    }
    return false;
}

bool is_open(const Tier& tier) {
    return tier.up_to.form == Form::open && tier.within.form == Form::open;
}

/// Baselines by the values of one or more facts, each innermost by season.
void read_baselines(const YamlValue& value, const std::vector<FactValues>& facts, std::size_t depth,
                    const Catalogue& catalogue, TierRule& rule) {
    if (depth == facts.size()) {
        rule.baseline_kwh_per_day.push_back(read_by_season(value, catalogue));
        return;
    }
    const std::size_t others = depth == 0 ? 1 : 0;  // the key `by`
    if (value.members().size() != facts[depth].values.size() + others) {
        value.refuse_value("one baseline for each value of " + facts[depth].fact);
        return;
    }
    for (const std::string& one : facts[depth].values) {
        read_baselines(value.at(one), facts, depth + 1, catalogue, rule);
    }
}

void read_baseline_table(const YamlValue& value, const RateSchedule& schedule,
                         const Catalogue& catalogue, TierRule& rule) {
    if (value.is_text()) return value.must_be("none");
    for (const YamlValue& item : value.at("by").items()) {
        const auto* values = schedule.values_of(item.text());
        if (values == nullptr) {
            item.refuse(errors::reference_unknown,
                        {{"text", item.text()}, {"known", "the facts of the schedule"}});
            return;
        }
        rule.baseline_facts.push_back({item.text(), *values});
    }
    if (rule.baseline_facts.empty()) return value.at("by").refuse_value("at least one fact");
    read_baselines(value, rule.baseline_facts, 0, catalogue, rule);
}

bool uses(const std::vector<Tier>& tiers, Form a, Form b) {
    return std::any_of(tiers.begin(), tiers.end(), [&](const Tier& tier) {
        return tier.up_to.form == a || tier.up_to.form == b || tier.within.form == a ||
               tier.within.form == b;
    });
}

Ratchet read_ratchet(const YamlValue& value) {
    value.keys({"percent", "of", "periods", "own_maximum"});
    value.at("of").must_be("highest_measured");
    Ratchet ratchet;
    ratchet.periods = value.at("periods").whole();
    const YamlValue percent = value.at("percent");
    if (percent.is_text()) {
        ratchet.percent_by_month.fill(percent.decimal());
    } else {
        const auto months = percent.items();
        if (months.size() != 12) percent.refuse_value("a percentage, or twelve from January on");
        for (std::size_t i = 0; i < months.size() && i < 12; ++i) {
            ratchet.percent_by_month[i] = months[i].decimal();
        }
    }
    const YamlValue own = value.at("own_maximum");
    if (own.is_text()) {
        ratchet.own_counts_whole.fill(own.word<bool>({{"whole", true}, {"by_percent", false}}));
    } else {
        const auto months = own.items();
        if (months.size() != 12) own.refuse_value("whole, by_percent, or twelve of these words");
        for (std::size_t i = 0; i < months.size() && i < 12; ++i) {
            ratchet.own_counts_whole[i] =
                months[i].word<bool>({{"whole", true}, {"by_percent", false}});
        }
    }
    return ratchet;
}

void read_measure(const YamlValue& value, const Catalogue& catalogue, DemandRule& rule) {
    using Measure = DemandRule::Measure;
    rule.measure =
        value.at("measure").word<Measure>({{"highest", Measure::highest},
                                           {"highest_in_periods", Measure::highest_in_periods},
                                           {"highest_if_in_periods", Measure::highest_if_in},
                                           {"coincident", Measure::coincident}});
    const bool timed =
        rule.measure == Measure::highest_in_periods || rule.measure == Measure::highest_if_in;
    if (timed != value.has("calendar") || timed != value.has("periods")) {
        value.refuse_value(timed ? "a calendar and periods beside such a measure"
                                 : "no calendar and periods beside such a measure");
        return;
    }
    if (!timed) return;
    rule.calendar = value.at("calendar").text();
    const TouCalendar* calendar = read_calendar_name(value.at("calendar"), catalogue);
    if (calendar == nullptr) return;
    for (const YamlValue& item : value.at("periods").items()) {
        const int index = calendar->index_of(item.text());
        if (index < 0) {
            item.refuse(errors::reference_unknown,
                        {{"text", item.text()}, {"known", "the periods of the calendar"}});
            continue;
        }
        rule.periods |= std::uint64_t{1} << static_cast<unsigned>(index);
    }
}

}  // namespace

std::vector<Tier> read_tiers(const YamlValue& list, const Catalogue& catalogue, TierUnit unit) {
    std::vector<Tier> tiers;
    for (const YamlValue& item : list.items()) {
        item.keys({"code", "text", "up_to", "price"}, {"within"});
        Tier tier;
        tier.code = item.at("code").text();
        tier.text = item.at("text").local_text();
        tier.up_to = read_bound(item.at("up_to"), catalogue, unit);
        if (item.has("within")) tier.within = read_bound(item.at("within"), catalogue, unit);
        tier.price_by_season = read_by_season(item.at("price"), catalogue);
        if (!tiers.empty() && is_open(tiers.back())) {
            item.refuse_value("no tier after an open one");
        }
        if (!tiers.empty() && falls(tiers.back().up_to, tier.up_to)) {
            item.at("up_to").refuse_value("a limit above the tier before");
        }
        tiers.push_back(std::move(tier));
    }
    if (tiers.empty() || !is_open(tiers.back())) list.refuse_value("a last tier that is open");
    return tiers;
}

TierRule read_tier_rule(const YamlValue& charge, const RateSchedule& schedule,
                        const Catalogue& catalogue, Quantity quantity) {
    TierRule rule;
    rule.whole_use = charge.at("tier_use").word<bool>({{"marginal", false}, {"whole_use", true}});
    rule.whole_kwh = charge.at("limit_rounding")
                         .word<bool>({{"whole_kwh_half_away_from_zero", true},
                                      {"whole_wh_half_away_from_zero", false}});
    if (quantity == Quantity::kwh_by_tou_tiers) {
        rule.fill = charge.at("tier_fill")
                        .word<TierFill>({{"pro_rata", TierFill::pro_rata},
                                         {"chronological", TierFill::chronological},
                                         {"per_period", TierFill::per_period}});
        return rule;
    }
    read_baseline_table(charge.at("baseline_kwh_per_day"), schedule, catalogue, rule);
    const std::string allowance = charge.at("allowance").text();
    if (allowance != "none") {
        rule.allowance = allowance;
        const Discount* discount = catalogue.find_discount(allowance);
        if (discount == nullptr || discount->form != DiscountForm::allowance) {
            charge.at("allowance")
                .refuse(errors::reference_unknown,
                        {{"text", allowance}, {"known", "the allowances"}});
        }
    }
    rule.tiers = read_tiers(charge.at("tiers"), catalogue, TierUnit::kwh);
    if (uses(rule.tiers, Form::baselines, Form::baselines) && rule.baseline_kwh_per_day.empty()) {
        charge.at("baseline_kwh_per_day").refuse_value("a baseline, for the tiers refer to one,");
    }
    if (uses(rule.tiers, Form::kwh_per_kw, Form::kwh_per_kw_day) &&
        charge.at("demand").text() == "none") {
        charge.at("demand").refuse_value("a demand, for the tiers refer to one,");
    }
    return rule;
}

DemandRule read_demand(const std::string& name, const YamlValue& value,
                       const Catalogue& catalogue) {
    value.keys({"measure", "of", "window", "rounding_kw", "ratchet", "floor_kw", "contract_percent",
                "power_factor"},
               {"calendar", "periods"});
    DemandRule rule;
    rule.name = name;
    read_measure(value, catalogue, rule);
    using Of = DemandRule::Of;
    rule.of = value.at("of").word<Of>({{"kw", Of::kw}, {"kvar", Of::kvar}, {"kva", Of::kva}});
    const YamlValue window = value.at("window");
    window.keys({"minutes", "kind"});
    rule.window_minutes = window.at("minutes").whole();
    if (rule.window_minutes < 1 || 1440 % rule.window_minutes != 0) {
        window.at("minutes").refuse_value("a number of minutes that divides the day");
        rule.window_minutes = 15;
    }
    rule.sliding = window.at("kind").word<bool>({{"fixed", false}, {"sliding", true}});
    rule.places =
        value.at("rounding_kw")
            .word<std::optional<int>>(
                {{"1", 0}, {"0.1", 1}, {"0.01", 2}, {"0.001", 3}, {"none", std::nullopt}});
    if (value.at("ratchet").is_text()) {
        value.at("ratchet").must_be("none");
    } else {
        rule.ratchet = read_ratchet(value.at("ratchet"));
    }
    if (value.at("floor_kw").text() != "none") rule.floor_kw = value.at("floor_kw").decimal();
    if (value.at("contract_percent").text() != "none") {
        rule.contract_percent = value.at("contract_percent").decimal();
    }
    const YamlValue factor = value.at("power_factor");
    if (factor.is_text()) {
        factor.must_be("none");
    } else {
        using Adjust = DemandRule::PowerFactor;
        factor.keys({"form", "threshold"});
        rule.power_factor = factor.at("form").word<Adjust>(
            {{"kw_times_gap", Adjust::kw_times_gap}, {"kw_over_factor", Adjust::kw_over_factor}});
        rule.power_factor_threshold = factor.at("threshold").decimal();
    }
    return rule;
}

}  // namespace watthour::tariff
