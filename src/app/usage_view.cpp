// SPDX-License-Identifier: Apache-2.0
#include "app/usage_view.hpp"

#include "app/errors.hpp"
#include "app/local_time.hpp"
#include "app/usage_known.hpp"
#include "metering/interval_block.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <cstdlib>

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
                         {"read_types", json::value()},
                         {"last_year", before == nullptr ? json::value()
                                                         : json::value(before->use.to_string())}});
    }
    return rows;
}

/// Of several statuses the mark that says most; the letters are those of R1.44.
Mark mark_of(const std::string& statuses) {
    Mark mark = Mark::actual;
    for (const char letter : statuses) {
        mark = std::max(mark, mark_of(*metering::status_of_letter(letter)));
    }
    return mark;
}

/// Most days that are shown at once: some hundred points, or a month of quarter hours.
int most_days(const std::string& resolution) {
    if (resolution == "interval" || resolution == "hour") return 31;
    return resolution == "day" ? 400 : 4000;
}

}  // namespace

Result<json::array> usage_view(Office& office, AccountId account, const std::string& resolution,
                               DateRange days, std::optional<Date> known_on) {
    if (resolution == "bill") return by_bill(office, account, days);
    const int most = most_days(resolution);
    if (days.days() > most || days.is_empty()) {
        return Error(errors::usage_range_wrong,
                     {{"resolution", resolution}, {"days", std::to_string(most)}});
    }
    UsageQuestion question;
    question.account = std::to_string(account.value);
    question.from = office.zone().start_of(days.from);
    question.until = office.zone().start_of(days.until);
    question.step = resolution;
    question.known_on = known_on;
    const auto usage = usage_known(office, question);
    json::array rows;
    if (!usage && usage.error().is(errors::usage_not_recorded)) return rows;
    if (!usage) return usage.error();
    const bool by_days = resolution != "interval" && resolution != "hour";
    const auto text_of = [&](Instant at) {
        return by_days ? office.zone().date_of(at).to_string() : local_time(office.zone(), at);
    };
    for (const UsageRow& row : usage->rows) {
        rows.push_back(json::object{
            {"from", text_of(row.from)},
            {"until", text_of(row.until)},
            {"kwh", Energy::watt_hours(row.wh).to_string()},
            {"mark", name_of(mark_of(row.statuses))},
            {"read_types", row.read_types.empty() ? json::value() : json::value(row.read_types)},
            {"last_year", json::value()}});
    }
    return rows;
}

}  // namespace watthour::app
