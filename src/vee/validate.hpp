// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "vee/channel_reads.hpp"

#include <optional>
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

/// What a finding puts in question, in Wh, never negative: the part of the use that is too much or
/// too little; nothing for a check that counts intervals. `minutes` are those of the channel.
[[nodiscard]] std::int64_t energy_at_stake(const Finding& finding, int minutes);

/// Whether the rule of the check closes the finding by itself: it asks for a person, and what is at
/// stake is no more than the rule's kWh and dollars. Source: R1.46.
[[nodiscard]] bool closes_by_itself(const tariff::VeeLimits& limits, const Finding& finding,
                                    int minutes);

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

/// One part of the day against the same part of the period before: its use a day outside its own
/// high and low limit. Units: Wh. Source: R1.36.
[[nodiscard]] std::optional<Finding> validate_tou_part(const tariff::VeeLimits& limits,
                                                       DateRange days, std::int64_t wh,
                                                       DateRange days_before,
                                                       std::int64_t wh_before);

}  // namespace watthour::vee
