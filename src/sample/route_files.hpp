// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "sample/sample_utility.hpp"
#include "tariff/catalogue.hpp"

#include <string>
#include <vector>

namespace watthour::sample {

struct RouteFile {
    std::string name;  ///< handheld-90-01-2026-05-29.hup
    std::string text;
};

/// What the walking reader's handheld brings back: one file for each read date of the route's
/// cycle in the range, beginning with the reads that open the agreements.
[[nodiscard]] std::vector<RouteFile> route_files(const SampleUtility& utility,
                                                 const tariff::Catalogue& catalogue,
                                                 const DayHours& hours, DateRange dates);

}  // namespace watthour::sample
