// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "calendar/time_zone.hpp"

#include <string>

namespace watthour::app {

/// "2026-06-09T00:15:00-07:00": what the clock of the zone shows, with its offset.
[[nodiscard]] std::string local_time(const TimeZone& zone, Instant at);

}  // namespace watthour::app
