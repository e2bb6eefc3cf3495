// SPDX-License-Identifier: Apache-2.0
#include "tariff/day_split.hpp"

#include "base/arithmetic.hpp"
#include "tariff/errors.hpp"

namespace watthour::tariff {

Result<std::vector<Energy>> split_by_days(Energy total, DateRange period,
                                          std::span<const DateRange> segments) {
    const bool negative = total < Energy();
    const Energy magnitude = negative ? -total : total;
    std::vector<Energy> parts;
    Energy given;
    Date reached = period.from;
    for (std::size_t i = 0; i < segments.size(); ++i) {
        if (segments[i].from != reached || segments[i].is_empty()) break;
        reached = segments[i].until;
        Energy until_here = magnitude;
        if (segments.size() > 1) {
            until_here = Energy::kilowatt_hours(
                round_divide(i128{magnitude.wh()} * (reached - period.from),
                             i128{1000} * period.days(), Rounding::half_away_from_zero));
        }
        const Energy part = until_here - given;
        parts.push_back(negative ? -part : part);
        given = until_here;
    }
    if (parts.size() != segments.size() || reached != period.until || period.is_empty()) {
        return Error(errors::split_not_tiled,
                     {{"from", period.from.to_string()}, {"until", period.until.to_string()}});
    }
    return parts;
}

}  // namespace watthour::tariff
