// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "app/office.hpp"
#include "base/json.hpp"

#include <string>
#include <utility>
#include <vector>

namespace watthour::app {

/// A schedule that a customer may choose, and what the last bills would have been on it.
struct ScheduleChoice {
    std::string schedule;
    std::string option;
    std::string phase;
    std::string name_en;
    std::string name_es;
    bool current = false;
    std::string unavailable;  ///< why it cannot be computed; "" = it was
    std::string rule;         ///< the error that says so: "usage.intervals_missing"
    Money total;
    std::vector<std::pair<std::string, Money>> by_bill;  ///< last day of the period, amount
};

struct ScheduleComparison {
    customers::AccountId account;
    DateRange period;
    Money billed;                         ///< what was charged for these periods
    std::vector<ScheduleChoice> choices;  ///< cheapest first; those unavailable last
};

/// What an account would have paid for its last twelve bills on every schedule of its class, with
/// the same use, programs and prices of the time; or, with tariffs that were put forward, with
/// their newest prices as if those had been in force.
/// Errors: app.account_unknown, app.no_bills.
[[nodiscard]] Result<ScheduleComparison> compare_schedules(
    Office& office, customers::AccountId account, const tariff::Catalogue* proposed = nullptr);

[[nodiscard]] json::value to_json(const ScheduleComparison& comparison);

}  // namespace watthour::app
