// SPDX-License-Identifier: Apache-2.0
#include "calendar/time_zone.hpp"

#include "calendar/errors.hpp"

#include <cctz/time_zone.h>

namespace watthour {

struct TimeZone::Loaded {
    std::string name;
    cctz::time_zone zone;
};

namespace {

cctz::time_point<cctz::seconds> point(Instant at) {
    return cctz::time_point<cctz::seconds>(cctz::seconds(at.seconds));
}

}  // namespace

Result<TimeZone> TimeZone::load(std::string_view name) {
    auto loaded = std::make_shared<Loaded>();
    loaded->name = std::string(name);
    if (!cctz::load_time_zone(loaded->name, &loaded->zone)) {
        return Error(calendar::errors::zone_unknown, {{"zone", loaded->name}});
    }
    return TimeZone(std::move(loaded));
}

const std::string& TimeZone::name() const { return loaded_->name; }

Instant TimeZone::start_of(Date date) const {
    const cctz::civil_second midnight(date.year(), date.month(), date.day(), 0, 0, 0);
    const auto found = loaded_->zone.lookup(midnight);
    const auto at = found.kind == cctz::time_zone::civil_lookup::SKIPPED ? found.trans : found.pre;
    return Instant{at.time_since_epoch().count()};
}

int TimeZone::offset_at(Instant at) const { return loaded_->zone.lookup(point(at)).offset; }

Date TimeZone::date_of(Instant at) const {
    const std::int64_t local = at.seconds + offset_at(at);
    const std::int64_t day = local >= 0 ? local / 86400 : -((86399 - local) / 86400);
    return Date(static_cast<std::int32_t>(day));
}

int TimeZone::wall_second_of(Instant at) const {
    const std::int64_t local = at.seconds + offset_at(at);
    return static_cast<int>(((local % 86400) + 86400) % 86400);
}

int TimeZone::seconds_in(Date date) const {
    return static_cast<int>(start_of(date + 1) - start_of(date));
}

IntervalGrid::IntervalGrid(const TimeZone& zone, DateRange days, int minutes)
    : begin_(zone.start_of(days.from)), end_(zone.start_of(days.until)), minutes_(minutes) {
    WH_CHECK(minutes > 0 && 60 % minutes == 0, "intervals must divide the hour");
    WH_CHECK(days.from <= days.until, "a grid's days must not run backwards");
}

int IntervalGrid::count() const {
    return static_cast<int>((end_ - begin_) / (std::int64_t{minutes_} * 60));
}

int IntervalGrid::step_of(Instant at) const {
    if (at < begin_ || !(at < end_)) return -1;
    return static_cast<int>((at - begin_) / (std::int64_t{minutes_} * 60));
}

bool IntervalGrid::on_grid(Instant at) const {
    return (at - begin_) % (std::int64_t{minutes_} * 60) == 0;
}

}  // namespace watthour
