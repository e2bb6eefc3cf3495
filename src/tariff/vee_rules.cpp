// SPDX-License-Identifier: Apache-2.0
#include "tariff/vee_rules.hpp"

#include "base/arithmetic.hpp"

#include <algorithm>
#include <cstdlib>

namespace watthour::tariff {
namespace {

struct CheckWord {
    std::string_view name;
    std::string_view rule;
};

/// In the order of VeeCheck.
constexpr std::array<CheckWord, vee_check_count> check_words = {{{"gap", "R1.23"},
                                                                 {"not_billable", "R1.24"},
                                                                 {"received", "R1.33"},
                                                                 {"capacity", "R1.30"},
                                                                 {"spike", "R1.28"},
                                                                 {"zeros", "R1.32"},
                                                                 {"constant", "R1.32"},
                                                                 {"high_low_use", "R1.29"},
                                                                 {"high_low_demand", "R1.30"},
                                                                 {"reactive", "R1.31"},
                                                                 {"sum", "R1.27"},
                                                                 {"tou_sum", "R1.36"},
                                                                 {"inactive", "R1.35"},
                                                                 {"record", "R1.22"},
                                                                 {"collector_clock", "R1.20"},
                                                                 {"tou_use", "R1.36"}}};

template <class List, class Value>
bool fits(const List& list, const Value& value) {
    return list.empty() || std::find(list.begin(), list.end(), value) != list.end();
}

}  // namespace

std::string_view vee_check_name(VeeCheck check) {
    return check_words[static_cast<std::size_t>(check)].name;
}

std::string_view vee_check_rule(VeeCheck check) {
    return check_words[static_cast<std::size_t>(check)].rule;
}

std::optional<VeeCheck> vee_check_of(std::string_view name) {
    for (const VeeCheck check : vee_checks) {
        if (vee_check_name(check) == name) return check;
    }
    return std::nullopt;
}

std::string_view vee_verdict_name(VeeVerdict verdict) {
    switch (verdict) {
        case VeeVerdict::off: return "off";
        case VeeVerdict::note: return "note";
        case VeeVerdict::review: return "review";
        case VeeVerdict::estimate: return "estimate";
        case VeeVerdict::fail: return "fail";
    }
    return "";
}

namespace {

constexpr std::array<std::string_view, vee_decision_count> decision_words = {
    "accept", "estimate", "reread", "visit", "hold"};

}  // namespace

std::string_view vee_decision_name(VeeDecision decision) {
    return decision_words[static_cast<std::size_t>(decision)];
}

std::optional<VeeDecision> vee_decision_of(std::string_view name) {
    for (std::size_t i = 0; i < vee_decision_count; ++i) {
        if (decision_words[i] == name) return static_cast<VeeDecision>(i);
    }
    return std::nullopt;
}

Money VeeWork::cost(VeeCheck check, VeeDecision decision, std::int64_t findings) const {
    const int each = minutes[static_cast<std::size_t>(check)][static_cast<std::size_t>(decision)];
    return Money::minor(round_divide(i128{wage_an_hour.minor_units()} * each * findings, 60,
                                     Rounding::half_away_from_zero));
}

Date VeeOverride::review_due() const {
    const Date last = reviewed && days.from < *reviewed ? *reviewed : days.from;
    return last + 365;
}

std::optional<std::int64_t> ClassProfile::wh_of(int month, int day_type, int minute_of_day,
                                                int minutes, std::int64_t use_a_day_wh) const {
    const Hours& hours =
        per_mille[static_cast<std::size_t>(month - 1)][static_cast<std::size_t>(day_type)];
    if (std::all_of(hours.begin(), hours.end(), [](int share) { return share == 0; })) {
        return std::nullopt;
    }
    const int share = hours[static_cast<std::size_t>(minute_of_day / 60)];
    return round_divide(i128{use_a_day_wh} * share * minutes, i128{1000} * 60,
                        Rounding::half_away_from_zero);
}

const ClassProfile* VeeRules::profile_of(std::string_view rate_class, Date date) const {
    const ClassProfile* in_force = nullptr;
    for (const ClassProfile& profile : profiles) {
        if (profile.rate_class == rate_class && profile.effective <= date) in_force = &profile;
    }
    return in_force;
}

Money VeeLimits::worth_of(std::int64_t wh) const {
    return Money::minor(round_divide(i128{std::abs(wh)} * worth_a_kwh.units() * 100,
                                     i128{1000} * power_of_ten(worth_a_kwh.scale()),
                                     Rounding::half_away_from_zero));
}

const VeeVersion* VeeRules::version_on(Date date) const {
    const VeeVersion* in_force = nullptr;
    for (const VeeVersion& version : versions) {
        if (version.effective <= date) in_force = &version;
    }
    return in_force;
}

Money VeeRules::worth_on(Date date, std::int64_t wh) const {
    const VeeVersion* version = version_on(date);
    return version == nullptr ? Money() : version->groups.front().limits.worth_of(wh);
}

int VeeRules::history_days() const {
    int days = 0;
    for (const VeeVersion& version : versions) {
        for (const VeeGroup& group : version.groups) {
            const VeeLimits& limits = group.limits;
            days = std::max({days, 7 * limits.lookback_weeks, 2 * limits.use_days,
                             limits.profile_days, limits.pattern_days});
        }
    }
    return days;
}

const VeeGroup* VeeRules::group_for(const VeeSubject& subject, Date date) const {
    const VeeVersion* in_force = version_on(date);
    if (in_force == nullptr) return nullptr;
    for (const VeeGroup& group : in_force->groups) {
        if (fits(group.classes, subject.rate_class) && fits(group.schedules, subject.schedule) &&
            fits(group.quantities, subject.quantity) && fits(group.minutes, subject.minutes)) {
            return &group;
        }
    }
    return nullptr;
}

const VeeOverride* VeeRules::override_for(std::string_view meter, Date date) const {
    for (const VeeOverride& one : overrides) {
        if (one.meter == meter && one.days.contains(date)) return &one;
    }
    return nullptr;
}

}  // namespace watthour::tariff
