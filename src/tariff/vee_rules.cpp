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
                                                                 {"inactive", "R1.35"}}};

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
            days = std::max(
                {days, 7 * limits.lookback_weeks, 2 * limits.use_days, limits.profile_days});
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
