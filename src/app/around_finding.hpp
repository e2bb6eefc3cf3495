// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "app/channel_window.hpp"
#include "base/json.hpp"

#include <cstdint>
#include <map>

namespace watthour::app {

/// Wh by the moment at which their interval begins, in seconds of UTC.
using WhByMoment = std::map<std::int64_t, std::int64_t>;

/// The intervals of a channel on the same weekdays a year before (364 days), at the same clock
/// times; none where they are missing or were taken out. Keys are the moments of this year.
[[nodiscard]] WhByMoment year_before(Office& office, const ChannelSubject& subject,
                                     const vee::DayGrid& grid, DateRange days);

/// What the next meters of the same route used, those nearest in sequence, on average; none where
/// fewer than two of them have the interval. `count` = how many meters were looked at.
struct Neighbours {
    int count = 0;
    WhByMoment wh;
};
[[nodiscard]] Neighbours neighbours_of(Office& office, const ChannelSubject& subject,
                                       DateRange days);

/// What a meter reported of itself on some days, the oldest first.
[[nodiscard]] json::array events_on(Office& office, metering::MeterId meter, DateRange days);

}  // namespace watthour::app
