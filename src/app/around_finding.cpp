// SPDX-License-Identifier: Apache-2.0
#include "app/around_finding.hpp"

#include "metering/measured_quantity.hpp"
#include "storage/event_rows.hpp"

#include <algorithm>

namespace watthour::app {
namespace {

/// Back to the same weekday.
constexpr int year_of_weeks = 364;
/// Neighbours that are looked at: enough for an average, few enough to be quick.
constexpr std::size_t most_neighbours = 6;
constexpr int fewest_of_average = 2;

/// Points of the route beside that of the subject, the nearest in sequence first.
std::vector<service::ServicePoint> points_beside(Office& office, const ChannelSubject& subject) {
    std::vector<service::ServicePoint> route;
    int own = 0;
    for (auto& point : office.service().points()) {
        if (point.id == subject.point) own = static_cast<int>(point.sequence);
        if (point.route == subject.route && point.id != subject.point) {
            route.push_back(std::move(point));
        }
    }
    std::sort(route.begin(), route.end(), [own](const auto& a, const auto& b) {
        const auto apart = [own](const auto& point) {
            return std::abs(static_cast<int>(point.sequence) - own);
        };
        return std::pair(apart(a), a.id) < std::pair(apart(b), b.id);
    });
    return route;
}

/// Their interval channels of the same quantity and step, at most so many as are looked at.
std::vector<ChannelSubject> channels_beside(Office& office, const ChannelSubject& subject,
                                            DateRange days) {
    const auto points = points_beside(office, subject);
    std::vector<service::ServicePointId> ids;
    for (const auto& point : points) {
        // Some of them are read by hand or were empty in these days.
        if (ids.size() == 4 * most_neighbours) break;
        ids.push_back(point.id);
    }
    std::map<service::ServicePointId, ChannelSubject> by_point;
    for (const auto& installed : office.meters().installed_at(ids)) {
        if (installed.installation.active.intersection(days) != days) continue;
        for (const auto& channel : installed.channels) {
            if (channel.is_register() || channel.interval_minutes != subject.minutes ||
                metering::measured_quantity(channel.code) != subject.quantity) {
                continue;
            }
            ChannelSubject one;
            one.channel = channel.id;
            one.serial = installed.meter.serial;
            one.quantity = subject.quantity;
            one.minutes = subject.minutes;
            one.installed = installed.installation.active;
            one.point = installed.installation.service_point;
            one.meter = installed.meter;
            by_point.emplace(one.point, std::move(one));
        }
    }
    std::vector<ChannelSubject> found;
    for (const auto id : ids) {
        const auto one = by_point.find(id);
        if (one == by_point.end() || found.size() == most_neighbours) continue;
        found.push_back(std::move(one->second));
    }
    return found;
}

}  // namespace

WhByMoment year_before(Office& office, const ChannelSubject& subject, const vee::DayGrid& grid,
                       DateRange days) {
    WhByMoment found;
    const DateRange then{days.from - year_of_weeks, days.until - year_of_weeks};
    if (subject.installed.intersection(then).is_empty()) return found;
    ChannelWindows windows(office, {&subject}, then, false);
    (void)windows.reads_of(subject);
    const auto& old = windows.grid();
    for (int step = grid.first_step(days.from); step < grid.first_step(days.until); ++step) {
        const Date day = grid.day_of(step) - year_of_weeks;
        if (day < old.days().from || day >= old.days().until) continue;
        const auto other = static_cast<std::size_t>(old.step_at(day, grid.slot(step)));
        if (!vee::is_good(windows.status()[other])) continue;
        found[grid.grid().start_of(step).seconds] = windows.wh()[other];
    }
    return found;
}

Neighbours neighbours_of(Office& office, const ChannelSubject& subject, DateRange days) {
    Neighbours beside;
    const auto channels = channels_beside(office, subject, days);
    if (channels.empty()) return beside;
    std::vector<const ChannelSubject*> all;
    for (const auto& channel : channels) all.push_back(&channel);
    ChannelWindows windows(office, all, days, false);
    const auto& grid = windows.grid();
    struct Sum {
        std::int64_t wh = 0;
        int count = 0;
    };
    std::map<std::int64_t, Sum> sums;
    for (const auto* channel : all) {
        (void)windows.reads_of(*channel);
        for (int step = grid.first_step(days.from); step < grid.first_step(days.until); ++step) {
            const auto at = static_cast<std::size_t>(step);
            if (!vee::is_good(windows.status()[at])) continue;
            Sum& sum = sums[grid.grid().start_of(step).seconds];
            sum.wh += windows.wh()[at];
            ++sum.count;
        }
    }
    beside.count = static_cast<int>(channels.size());
    for (const auto& [moment, sum] : sums) {
        if (sum.count < fewest_of_average) continue;
        beside.wh[moment] = round_divide(i128{sum.wh}, sum.count, Rounding::half_away_from_zero);
    }
    return beside;
}

json::array events_on(Office& office, metering::MeterId meter, DateRange days) {
    json::array rows;
    auto events = storage::EventRows(office.database()).of_meter(meter);
    std::sort(events.begin(), events.end(),
              [](const auto& a, const auto& b) { return a.at.seconds < b.at.seconds; });
    for (const auto& event : events) {
        if (!days.contains(office.zone().date_of(event.at))) continue;
        rows.push_back(json::object{
            {"at", to_iso_utc(event.at)},
            {"code", event.code},
            {"name", event.name.empty() ? json::value() : json::value(event.name)},
            {"detail", event.detail.empty() ? json::value() : json::value(event.detail)},
            {"recorded_on", event.recorded_on.to_string()}});
    }
    return rows;
}

}  // namespace watthour::app
