// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "metering/meter_event.hpp"
#include "metering/meter_shop.hpp"
#include "storage/database.hpp"

#include <map>

namespace watthour::storage {

/// metering::MeterEventStore over meter_events.
class EventRows final : public metering::MeterEventStore {
public:
    explicit EventRows(Database& database) : database_(database) {}
    std::int64_t add(const std::vector<metering::MeterEvent>& events) override;
    std::vector<metering::MeterEvent> of_meter(metering::MeterId meter) override;
    std::vector<metering::MeterEvent> named(const std::vector<std::string>& names,
                                            Instant from) override;

    /// Serials of meters.
    [[nodiscard]] std::map<metering::MeterId, std::string> serials(
        const std::vector<metering::MeterId>& meters);
    /// Seals that were found broken or missing since a day, in order of meter and event.
    [[nodiscard]] std::vector<metering::SealEvent> broken_seals(Date since);

private:
    Database& database_;
};

}  // namespace watthour::storage
