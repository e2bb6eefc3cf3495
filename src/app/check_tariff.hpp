// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "base/problem.hpp"
#include "tariff/catalogue.hpp"

#include <string>
#include <vector>

namespace watthour::app {

/// A worked example of a tariff and what came out.
struct ExampleResult {
    std::string schedule;
    std::string name;
    std::string place;  ///< file and line
    bool ok = false;
    std::string difference;  ///< the first line that differs, in words
};

/// Computes every example that stands in the schedules.
[[nodiscard]] std::vector<ExampleResult> run_examples(const tariff::Catalogue& catalogue);

/// What a tariff that loads can still get wrong: examples that do not match, periods of a calendar
/// that never occur, hours of a season without a price, prices that no hour reaches, riders and
/// schedules that do not name each other, holidays that end too soon, questions of an import that
/// nobody has answered.
[[nodiscard]] Problems check_tariff(const tariff::Catalogue& catalogue, Date today);

}  // namespace watthour::app
