// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "service/service_capacity.hpp"
#include "storage/database.hpp"

namespace watthour::storage {

/// service::CapacityStore over service_capacities.
class CapacityRows final : public service::CapacityStore {
public:
    explicit CapacityRows(Database& database) : database_(database) {}
    void put(const service::ServiceCapacity& capacity) override;
    std::vector<service::ServiceCapacity> of(
        const std::vector<service::ServicePointId>& points) override;
    std::vector<service::ServiceCapacity> all() override;

private:
    Database& database_;
};

}  // namespace watthour::storage
