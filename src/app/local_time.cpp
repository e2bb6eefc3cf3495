// SPDX-License-Identifier: Apache-2.0
#include "app/local_time.hpp"

#include <fmt/format.h>

#include <cstdlib>

namespace watthour::app {

namespace {

/// The date and time of day by the zone's clock to the minute, `seconds` between it and the offset.
std::string by_clock(const TimeZone& zone, Instant at, const char* seconds) {
    const int second = zone.wall_second_of(at);
    const int offset = zone.offset_at(at);
    const int minutes = std::abs(offset) / 60;
    return fmt::format("{}T{:02}:{:02}{}{}{:02}:{:02}", zone.date_of(at).to_string(), second / 3600,
                       second / 60 % 60, seconds, offset < 0 ? '-' : '+', minutes / 60,
                       minutes % 60);
}

}  // namespace

std::string local_time(const TimeZone& zone, Instant at) { return by_clock(zone, at, ":00"); }

std::string local_minute(const TimeZone& zone, Instant at) { return by_clock(zone, at, ""); }

}  // namespace watthour::app
