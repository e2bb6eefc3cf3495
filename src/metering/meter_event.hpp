// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "metering/meter.hpp"

#include <cstdint>
#include <string>
#include <vector>

namespace watthour::metering {

/// What a meter reported of itself at a moment. Never changed; the same event in another file is
/// the same event.
struct MeterEvent {
    MeterId meter;
    Instant at;
    std::string code;    ///< as sent; the text where the sender has no code
    std::string name;    ///< ours: "cover_removed"; empty where the table does not know it
    std::string detail;  ///< what else was sent: a reason, a severity
    FileId file;
    std::int64_t line = 0;
    Date recorded_on{};
};

class MeterEventStore {
public:
    virtual ~MeterEventStore() = default;
    /// Returns how many were not there yet. Inside a transaction with a date.
    virtual std::int64_t add(const std::vector<MeterEvent>& events) = 0;
    /// Of a meter, the latest first.
    [[nodiscard]] virtual std::vector<MeterEvent> of_meter(MeterId meter) = 0;
    /// Of any of some names, from a moment on, in order of meter and moment.
    [[nodiscard]] virtual std::vector<MeterEvent> named(const std::vector<std::string>& names,
                                                        Instant from) = 0;
};

}  // namespace watthour::metering
