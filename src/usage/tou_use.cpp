// SPDX-License-Identifier: Apache-2.0
#include "usage/tou_use.hpp"

#include "base/arithmetic.hpp"
#include "tariff/errors.hpp"
#include "usage/errors.hpp"

#include <algorithm>

namespace watthour::usage {

namespace {

Demand demand_of(std::int64_t wh, int minutes) {
    // Rounded once, from the exact product: whole watts in between could make a tie of none.
    const std::int64_t tenths =
        round_divide(i128{wh} * 60, i128{minutes} * 100, Rounding::half_away_from_zero);
    return Demand::watts(checked_mul(tenths, 100));
}

}  // namespace

Energy TouUse::total() const {
    Energy sum;
    for (const Energy part : by_period) sum += part;
    return sum;
}

Result<TouUse> sum_by_period(const tariff::TouCalendar& calendar, const TimeZone& zone,
                             DateRange segment, int minutes, std::span<const std::int64_t> wh) {
    const std::vector<tariff::TouRun> runs = tariff::tou_runs(calendar, zone, segment, minutes);
    const std::size_t wanted = runs.empty() ? 0 : static_cast<std::size_t>(runs.back().last);
    if (wh.size() != wanted) {
        return Error(errors::intervals_incomplete, {{"found", std::to_string(wh.size())},
                                                    {"wanted", std::to_string(wanted)},
                                                    {"from", segment.from.to_string()},
                                                    {"until", segment.until.to_string()}});
    }
    TouUse use;
    use.segment = segment;
    use.by_period.resize(calendar.periods().size());
    use.interval_count = static_cast<int>(wh.size());
    for (const tariff::TouRun& run : runs) {
        Energy& sum = use.by_period[static_cast<std::size_t>(run.period)];
        for (std::int32_t step = run.first; step < run.last; ++step) {
            const std::int64_t value = wh[static_cast<std::size_t>(step)];
            if (value == missing_wh) {
                ++use.missing_count;
            } else {
                sum += Energy::watt_hours(value);
            }
        }
    }
    return use;
}

Result<std::vector<TouUse>> sum_segments(const tariff::TouCalendar& calendar, const TimeZone& zone,
                                         DateRange period, std::span<const DateRange> segments,
                                         int minutes, std::span<const std::int64_t> wh) {
    const IntervalGrid grid(zone, period, minutes);
    const auto step_at = [&](Date date) {
        return static_cast<std::size_t>((zone.start_of(date) - grid.begin()) /
                                        (std::int64_t{minutes} * 60));
    };
    if (wh.size() != static_cast<std::size_t>(grid.count())) {
        return Error(errors::intervals_incomplete, {{"found", std::to_string(wh.size())},
                                                    {"wanted", std::to_string(grid.count())},
                                                    {"from", period.from.to_string()},
                                                    {"until", period.until.to_string()}});
    }
    std::vector<TouUse> uses;
    Date reached = period.from;
    for (const DateRange& segment : segments) {
        if (segment.from != reached || segment.is_empty() || period.until < segment.until) break;
        reached = segment.until;
        const std::size_t first = step_at(segment.from);
        TRY(TouUse use, sum_by_period(calendar, zone, segment, minutes,
                                      wh.subspan(first, step_at(segment.until) - first)));
        uses.push_back(std::move(use));
    }
    if (uses.size() != segments.size() || reached != period.until) {
        return Error(tariff::errors::split_not_tiled,
                     {{"from", period.from.to_string()}, {"until", period.until.to_string()}});
    }
    return uses;
}

Demand highest_demand(std::span<const std::int64_t> wh, int minutes) {
    std::int64_t highest = 0;
    for (const std::int64_t value : wh) highest = std::max(highest, value);
    return demand_of(highest, minutes);
}

Demand highest_demand_in(std::span<const tariff::TouRun> runs, int period,
                         std::span<const std::int64_t> wh, int minutes) {
    std::int64_t highest = 0;
    for (const tariff::TouRun& run : runs) {
        if (run.period != period) continue;
        for (std::int32_t step = run.first; step < run.last; ++step) {
            highest = std::max(highest, wh[static_cast<std::size_t>(step)]);
        }
    }
    return demand_of(highest, minutes);
}

}  // namespace watthour::usage
