// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "app/validate_reads.hpp"

namespace watthour::app {

/// Findings of registers, with the work items that ask for a person.
struct RegisterFindings {
    std::vector<ChannelFinding> findings;
    std::vector<worklist::WorkItem> items;
};

/// The registers of the parts of the day of every meter that has them, between the read dates on
/// which all of them were read: their sum against the total register, and each part against the
/// period before (R1.36). `checked` are the days on which the later of two reads may lie. Registers
/// stay billable, whatever the verdict is: what is billed is the total register or the intervals.
/// Changes nothing.
[[nodiscard]] RegisterFindings find_in_registers(Office& office, const tariff::VeeRules& rules,
                                                 const std::vector<std::string>& serials,
                                                 DateRange checked, Date on);

/// The reads that a night looks at: far enough back for one that came late. The same dates give the
/// same items, so that nothing is opened twice.
[[nodiscard]] constexpr DateRange registers_of_night(Date until) {
    constexpr int days_of_late_reads = 45;
    return {until - days_of_late_reads + 1, until + 1};
}

/// An item for each meter whose irregular use (R1.37) nobody has looked at for a year.
[[nodiscard]] std::vector<worklist::WorkItem> irregular_reviews(const tariff::VeeRules& rules,
                                                                Date until, Date on);

/// Whether a check is about register reads and not about intervals.
[[nodiscard]] constexpr bool is_of_registers(tariff::VeeCheck check) {
    return check == tariff::VeeCheck::tou_sum || check == tariff::VeeCheck::tou_use;
}

}  // namespace watthour::app
