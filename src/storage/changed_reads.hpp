// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "calendar/date.hpp"
#include "metering/meter.hpp"
#include "storage/database.hpp"

#include <set>

namespace watthour::storage {

/// Channels of which an interval was corrected on a day or later.
[[nodiscard]] std::set<metering::ChannelId> channels_changed_since(Database& database, Date since);

}  // namespace watthour::storage
