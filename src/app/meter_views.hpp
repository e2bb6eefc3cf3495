// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "app/exchange_meter.hpp"
#include "app/meter_shop.hpp"
#include "base/json.hpp"

#include <string>

namespace watthour::app {

/// A meter with everything that is known of it: facts, channels, installations in every version,
/// states, tests, seals, comments, the last reads, changed intervals, events and what was done by
/// whom.
/// What was recorded after the end of a business date is left out, as nobody knew it; reads and
/// changed intervals are those of now. Errors: app.meter_unknown.
[[nodiscard]] Result<json::object> meter_view(Office& office, const std::string& serial,
                                              Date known_on = service::now_known);

struct InventoryPage {
    json::array rows;
    bool more = false;
    std::string last;  ///< serial of the last row
};

/// The inventory after a serial. Errors: app.meter_state_unknown.
[[nodiscard]] Result<InventoryPage> list_meters(Office& office, const std::string& state,
                                                const std::string& after, std::size_t most);

[[nodiscard]] json::object to_json(const metering::InventoryRow& row);
/// Without the days for which they hold.
[[nodiscard]] json::object to_json(const metering::MeterDetails& details);
[[nodiscard]] json::object to_json(const metering::StateChange& change);
[[nodiscard]] json::object to_json(const metering::MeterTest& test);
[[nodiscard]] json::object to_json(const metering::SealEvent& event);
[[nodiscard]] json::object to_json(const metering::MeterComment& comment);
[[nodiscard]] json::object to_json(const service::ServiceCapacity& capacity);
[[nodiscard]] json::object to_json(const MeterWorkDone& done, bool dry_run);

}  // namespace watthour::app
