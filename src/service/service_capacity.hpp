// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "service/service_agreement.hpp"

#include <cstdint>
#include <string>
#include <vector>

namespace watthour::service {

/// What the panel or the transformer of a point can carry, from a day until the next of its kind.
struct ServiceCapacity {
    ServicePointId point;
    std::string kind;  ///< "panel" or "transformer"
    Date from;
    std::int64_t watts = 0;
    std::string why;
    std::string by;
    Date recorded_on;
};

class CapacityStore {
public:
    virtual ~CapacityStore() = default;
    /// Begins a rating, or believes another version of the one of the same kind and first day.
    /// Inside a transaction with a date.
    virtual void put(const ServiceCapacity& capacity) = 0;
    /// As they are believed, in order of point, kind and first day; of some points or of all.
    [[nodiscard]] virtual std::vector<ServiceCapacity> of(
        const std::vector<ServicePointId>& points) = 0;
    [[nodiscard]] virtual std::vector<ServiceCapacity> all() = 0;
};

}  // namespace watthour::service
