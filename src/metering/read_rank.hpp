// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <algorithm>
#include <array>
#include <cstddef>
#include <string_view>

namespace watthour::metering {

/// Which of several reads of one moment counts: the strongest has rank 0, an unknown type the last.
/// Source: R1.02.
[[nodiscard]] constexpr std::size_t read_rank(std::string_view type) {
    constexpr std::array<std::string_view, 12> order = {
        "verified", "on_demand", "actual_ami", "actual_manual", "set",        "removal",
        "initial",  "final",     "actual",     "customer",      "calculated", "estimated"};
    return static_cast<std::size_t>(std::find(order.begin(), order.end(), type) - order.begin());
}

}  // namespace watthour::metering
