// SPDX-License-Identifier: Apache-2.0
#include "investigation/back_bill.hpp"

#include "base/arithmetic.hpp"
#include "vee/estimate.hpp"

#include <chrono>
#include <cstdlib>

namespace watthour::investigation {

Date months_before(Date day, int months) {
    using namespace std::chrono;
    const year_month_day civil{sys_days{std::chrono::days{day.days()}}};
    const year_month month = year_month{civil.year(), civil.month()} - std::chrono::months{months};
    const year_month_day same{month.year(), month.month(), civil.day()};
    if (same.ok()) return Date(sys_days{same});
    return Date(sys_days{month / last});
}

int months_allowed(const tariff::InvestigationPolicy& policy, Claim claim, bool residential,
                   Direction direction) {
    if (direction == Direction::overcharge) return policy.overcharge_months;
    switch (claim) {
        case Claim::non_registration: return policy.non_registration_months;
        case Claim::unauthorized_use: return policy.unauthorized_months;
        case Claim::billing_error: break;
    }
    return residential ? policy.undercharge_months_residential : policy.undercharge_months_other;
}

DateRange days_allowed(DateRange error, Date discovered, int months) {
    return error.intersection({months_before(discovered, months), discovered});
}

Energy share_of(Energy difference, DateRange period, DateRange range) {
    const DateRange within = period.intersection(range);
    if (within.is_empty()) return {};
    return Energy::watt_hours(round_divide(i128{difference.wh()} * within.days(), period.days(),
                                           Rounding::half_away_from_zero));
}

Energy estimated_use(const ReferenceUse& reference, int days) {
    const auto estimate =
        vee::estimate_register(reference.energy, reference.period.days(), days, Decimal(1, 0));
    return Energy::kilowatt_hours(estimate.dial_units);
}

std::optional<ReferenceUse> reference_for(DateRange period, Date error_began,
                                          const std::vector<ReferenceUse>& billed) {
    constexpr int year = 365;
    constexpr int within = 20;
    std::optional<ReferenceUse> best;
    int nearest = within + 1;
    std::optional<ReferenceUse> last;
    for (const ReferenceUse& use : billed) {
        if (error_began < use.period.until) continue;
        const int apart = std::abs((period.until - use.period.until) - year);
        if (apart < nearest) {
            nearest = apart;
            best = use;
        }
        if (!last || last->period.until < use.period.until) last = use;
    }
    return best ? best : last;
}

Energy remultiplied(Energy billed, const Decimal& recorded, const Decimal& right) {
    const i128 numerator = i128{billed.wh()} * right.units() * power_of_ten(recorded.scale());
    const i128 denominator = i128{recorded.units()} * power_of_ten(right.scale());
    return Energy::watt_hours(round_divide(numerator, denominator, Rounding::half_away_from_zero));
}

}  // namespace watthour::investigation
