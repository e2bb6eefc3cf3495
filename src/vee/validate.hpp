// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "vee/channel_reads.hpp"

#include <utility>
#include <vector>

namespace watthour::vee {

/// Makes all checks of a group on some days of a channel; the days before them in the grid are
/// history. Findings of one check on neighbouring days are one, in the order of the checks.
///
/// Nothing is estimated or marked here, and the limits alone decide: same reads, same findings.
/// Does not allocate but for `found`, which is emptied first. Errors: none; days outside the grid
/// are a defect. Source: R1.20 to R1.37.
void validate(const tariff::VeeLimits& limits, const ChannelReads& reads, DateRange days,
              std::vector<Finding>& found);

/// R1.27, R1.36: whether two sums of the same energy agree. Units: Wh.
struct SumTolerance {
    std::int64_t difference = 0;  ///< absolute
    std::int64_t allowed = 0;

    [[nodiscard]] bool holds() const { return difference <= allowed; }
};
[[nodiscard]] SumTolerance compare_sums(const tariff::VeeLimits& limits, std::int64_t sum_wh,
                                        std::int64_t register_wh, std::int64_t register_step_wh);

/// The registers of time-of-use periods against the total register between the same days.
/// Source: R1.36. Empty when they agree.
[[nodiscard]] std::vector<Finding> validate_tou_registers(const tariff::VeeLimits& limits,
                                                          DateRange days,
                                                          std::span<const std::int64_t> parts_wh,
                                                          std::int64_t total_wh,
                                                          std::int64_t register_step_wh);

}  // namespace watthour::vee
