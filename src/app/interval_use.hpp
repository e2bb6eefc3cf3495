// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "app/office.hpp"
#include "formats/usage_export.hpp"

#include <string>
#include <vector>

namespace watthour::app {

/// A point in the days in which its use belongs to whoever asks.
struct UsePlace {
    service::ServicePointId point;
    DateRange days;
};

/// Intervals of one channel of a meter while it was at a point.
struct ChannelUse {
    service::ServicePointId point;
    std::string serial;
    std::string code;  ///< of the channel, "KWH-INT"
    int minutes = 0;
    std::vector<formats::ExportedInterval> intervals;  ///< in order of time
};

/// Where an account was served in these days, as known on a business date.
[[nodiscard]] std::vector<UsePlace> places_of(Office& office, customers::AccountId account,
                                              DateRange days, Date known_on = service::now_known);

/// An account where it was served; a point whoever was served there; or of the account's points
/// one.
struct UsePlaceQuestion {
    std::string account;
    std::string point;
    DateRange days;
    Date known_on = service::now_known;
};

/// Errors: app.account_unknown, app.point_unknown.
[[nodiscard]] Result<std::vector<UsePlace>> usage_places(Office& office,
                                                         const UsePlaceQuestion& question);

/// What the interval channels at these places recorded, in order of place, meter and channel.
/// Errors: metering.block_damaged.
[[nodiscard]] Result<std::vector<ChannelUse>> interval_use(Office& office,
                                                           const std::vector<UsePlace>& places);

}  // namespace watthour::app
