// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "tariff/read_calendar.hpp"

#include <optional>
#include <string>
#include <vector>

namespace watthour::tariff {

/// The period across a move from one cycle to another: from the last read before the move on the
/// old cycle until the first read from the move's day on of the new one.
struct CycleBridge {
    Date last_read;   ///< on the cycle that is left
    Date first_read;  ///< on the cycle that is joined
    [[nodiscard]] int days() const { return first_read - last_read; }
};

/// Errors: none where the calendar has no read on one of the sides.
[[nodiscard]] std::optional<CycleBridge> bridge_of(const CycleCalendar& calendar,
                                                   const std::string& from_cycle,
                                                   const std::string& to_cycle, Date move_on);

/// The first day on or after `from` on which a move keeps the period inside 27-33 days, searched
/// over the calendar that is there; none where no pair of reads lies so. Source: R4.01.
[[nodiscard]] std::optional<Date> day_inside(const CycleCalendar& calendar,
                                             const CalendarRules& rules,
                                             const std::string& from_cycle,
                                             const std::string& to_cycle, Date from);

/// One step of a longer way: from this day on the point belongs to the cycle.
struct BridgeStep {
    std::string cycle;
    Date move_on;
    Date read;  ///< the first read there
    int days = 0;
};

/// Where no single move is inside the rules: the way over other cycles that reaches the wanted one
/// first, each period inside them, moves on or after `from`; empty where there is none.
[[nodiscard]] std::vector<BridgeStep> way_inside(const CycleCalendar& calendar,
                                                 const CalendarRules& rules,
                                                 const std::string& from_cycle,
                                                 const std::string& to_cycle, Date from);

}  // namespace watthour::tariff
