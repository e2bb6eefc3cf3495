// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "calendar/time_zone.hpp"

#include <string>

namespace watthour::app {

/// "2026-06-09T00:15:00-07:00": what the clock of the zone shows, with its offset.
[[nodiscard]] std::string local_time(const TimeZone& zone, Instant at);
/// "2026-06-09T00:15-07:00": the same without seconds.
[[nodiscard]] std::string local_minute(const TimeZone& zone, Instant at);

}  // namespace watthour::app
