// SPDX-License-Identifier: Apache-2.0
#include "app/usage_view.hpp"

#include "app/errors.hpp"
#include "app/interval_use.hpp"
#include "app/local_time.hpp"
#include "metering/interval_block.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <cstdlib>
#include <map>

namespace watthour::app {
namespace {

using customers::AccountId;
using metering::IntervalStatus;

enum class Mark { actual, estimated, edited, missing };

const char* name_of(Mark mark) {
    constexpr const char* names[] = {"actual", "estimated", "edited", "missing"};
    return names[static_cast<std::size_t>(mark)];
}

Mark mark_of(IntervalStatus status) {
    switch (status) {
        case IntervalStatus::actual:
        case IntervalStatus::late_actual: return Mark::actual;
        case IntervalStatus::estimated: return Mark::estimated;
        case IntervalStatus::verified:
        case IntervalStatus::time_changed: return Mark::edited;
        case IntervalStatus::failed:
        case IntervalStatus::missing:
        case IntervalStatus::outage: break;
    }
    return Mark::missing;
}

struct Point {
    DateRange period;
    Energy use;
    Mark mark = Mark::actual;
};

std::vector<Point> billed_periods(Office& office, AccountId account) {
    std::vector<Point> points;
    for (const auto& summary : office.bills().of_account(account)) {
        const auto bill = office.bills().find(summary.number);
        if (!bill) continue;
        Point point;
        point.period = bill->period;
        for (const auto& segment : bill->segments) {
            point.use += segment.delivered;
            for (const auto& read : segment.reads) {
                if (read.read_type.starts_with("estimated")) point.mark = Mark::estimated;
            }
        }
        points.push_back(point);
    }
    return points;
}

/// The use of a year before: of the period that ended nearest to that day.
const Point* year_before(const std::vector<Point>& points, const Point& point) {
    constexpr int most_days_off = 20;
    const Date wanted = point.period.until - 365;
    const Point* nearest = nullptr;
    for (const Point& other : points) {
        const int off = std::abs(other.period.until - wanted);
        if (off > most_days_off) continue;
        if (nearest == nullptr || off < std::abs(nearest->period.until - wanted)) nearest = &other;
    }
    return nearest;
}

json::array by_bill(Office& office, AccountId account, DateRange days) {
    json::array rows;
    const auto points = billed_periods(office, account);
    for (const Point& point : points) {
        if (point.period.until <= days.from || point.period.from >= days.until) continue;
        const Point* before = year_before(points, point);
        rows.push_back(
            json::object{{"from", point.period.from.to_string()},
                         {"until", point.period.until.to_string()},
                         {"kwh", point.use.to_string()},
                         {"mark", name_of(point.mark)},
                         {"last_year", before == nullptr ? json::value()
                                                         : json::value(before->use.to_string())}});
    }
    return rows;
}

/// Steps of a day of the account's interval channels, added up.
struct Step {
    std::int64_t wh = 0;
    Mark mark = Mark::actual;
    int minutes = 0;
};

Result<std::map<std::int64_t, Step>> steps_of(Office& office, AccountId account, DateRange days) {
    TRY(const auto uses, interval_use(office, places_of(office, account, days)));
    std::map<std::int64_t, Step> steps;
    for (const ChannelUse& use : uses) {
        for (const auto& one : use.intervals) {
            Step& step = steps[one.start.seconds];
            step.wh += one.wh;
            step.mark = std::max(step.mark, mark_of(*metering::status_of_letter(one.status)));
            step.minutes = use.minutes;
        }
    }
    return steps;
}

}  // namespace

Result<json::array> usage_view(Office& office, AccountId account, const std::string& resolution,
                               DateRange days) {
    if (resolution == "bill") return by_bill(office, account, days);
    const int most = resolution == "day" ? 400 : 31;
    if (days.days() > most || days.is_empty()) {
        return Error(errors::usage_range_wrong,
                     {{"resolution", resolution}, {"days", std::to_string(most)}});
    }
    TRY(const auto steps, steps_of(office, account, days));
    json::array rows;
    if (resolution == "day") {
        std::map<Date, Step> by_day;
        for (const auto& [seconds, step] : steps) {
            Step& day = by_day[office.zone().date_of({seconds})];
            day.wh += step.wh;
            day.mark = std::max(day.mark, step.mark);
        }
        for (const auto& [date, day] : by_day) {
            rows.push_back(json::object{{"from", date.to_string()},
                                        {"until", (date + 1).to_string()},
                                        {"kwh", Energy::watt_hours(day.wh).to_string()},
                                        {"mark", name_of(day.mark)},
                                        {"last_year", json::value()}});
        }
        return rows;
    }
    for (const auto& [seconds, step] : steps) {
        rows.push_back(json::object{
            {"from", local_time(office.zone(), {seconds})},
            {"until", local_time(office.zone(), {seconds + std::int64_t{step.minutes} * 60})},
            {"kwh", Energy::watt_hours(step.wh).to_string()},
            {"mark", name_of(step.mark)},
            {"last_year", json::value()}});
    }
    return rows;
}

}  // namespace watthour::app
