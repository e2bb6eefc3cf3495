// SPDX-License-Identifier: Apache-2.0
#include "rating/plan_book.hpp"

#include <mutex>

namespace watthour::rating {

namespace {

std::string name_of(const PlanKey& key) {
    std::string name = key.schedule + "|" + key.rider + "|" + key.facts.option + "|" +
                       key.facts.phase + "|" + key.facts.voltage + "|";
    name += std::to_string(key.period.from.days()) + "|" + std::to_string(key.period.until.days());
    for (const auto& [fact, value] : key.facts.others) name += "|" + fact + "=" + value;
    return name;
}

}  // namespace

Result<std::shared_ptr<const Plan>> PlanBook::find(const PlanKey& key) {
    // An inventory is of one agreement alone.
    const bool shared = key.lamps.empty();
    const std::string name = shared ? name_of(key) : std::string();
    if (shared) {
        const std::shared_lock lock(mutex_);
        if (const auto found = plans_.find(name); found != plans_.end()) return found->second;
    }
    TRY(Plan plan, make_plan(catalogue_, key));
    auto made = std::make_shared<const Plan>(std::move(plan));
    if (!shared) return made;
    const std::unique_lock lock(mutex_);
    return plans_.emplace(name, std::move(made)).first->second;
}

Result<RatedStatement> PlanBook::rate(const RatingRequest& request) {
    TRY_DONE(check_period(request.period));
    TRY(const std::shared_ptr<const Plan> plan, find(plan_key_of(request)));
    return rate_by(*plan, request);
}

}  // namespace watthour::rating
