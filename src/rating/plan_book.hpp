// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "rating/rating.hpp"

#include <memory>
#include <shared_mutex>
#include <string>
#include <unordered_map>

namespace watthour::rating {

/// The plans of a run, made once for all accounts of the same schedule, facts, rider and period.
/// Any number of threads may ask; the catalogue outlives the book.
class PlanBook {
public:
    explicit PlanBook(const tariff::Catalogue& catalogue) : catalogue_(catalogue) {}

    /// Errors: as make_plan.
    [[nodiscard]] Result<std::shared_ptr<const Plan>> find(const PlanKey& key);
    /// Errors: as rate.
    [[nodiscard]] Result<RatedStatement> rate(const RatingRequest& request);

private:
    const tariff::Catalogue& catalogue_;
    std::shared_mutex mutex_;
    std::unordered_map<std::string, std::shared_ptr<const Plan>> plans_;
};

}  // namespace watthour::rating
