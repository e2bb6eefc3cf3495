// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "base/result.hpp"
#include "calendar/date.hpp"
#include "tariff/catalogue.hpp"

#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

namespace watthour::sample {

/// What an account is there to show, besides being an account.
enum class Role {
    plain,
    meter_exchanged,  ///< in the last period: two installations
    moves_out,        ///< first half of a move on one day
    moves_in,         ///< second half
    moves_out_gap,    ///< first half of a move that leaves vacant days
    moves_in_gap,
    silent,               ///< no reads from some weeks before the business date on
    missing_read,         ///< no register read on the read date
    register_jump,        ///< the register leaps on the day before the read date
    register_misread,     ///< the read of the read date stands below the one before
    register_rollover,    ///< 99,9xx to 00,xxx in the last period
    zero_use,             ///< nothing used in the last two periods
    vacant_use,           ///< the customer left, the use goes on
    interval_gap,         ///< seven hours of one day missing
    interval_spike,       ///< one interval 30 times too large
    solar_delivered_only  ///< panels on the roof; only what the grid delivers is metered
};

/// "meter_exchanged", "move_same_day", ...; "" for the plain ones and for second halves.
[[nodiscard]] std::string_view to_text(Role role);

/// The read dates of a cycle that a sample needs.
struct CycleDates {
    std::string cycle;
    Date begin;  ///< first read on or after reads_begin
    Date last;   ///< last read before the business date
    Date before_last;
    Date two_before_last;
};

/// One account to be made: where it is in the cycle, what it takes, what it shows.
struct Slot {
    int index = 0;
    std::string schedule;   ///< "R-1"
    std::size_t cycle = 0;  ///< index into SlotPlan::cycles
    std::string route;
    int sequence = 0;
    bool opt_out = false;
    Role role = Role::plain;
};

struct SlotPlan {
    std::vector<CycleDates> cycles;
    std::vector<Slot> slots;
};

/// Deals out cycles, schedules and roles. Counts of schedules follow the utility's own counts;
/// awkward roles are max(1, accounts/500) of each, as far as the cycles just read have room.
/// Errors: sample.calendar_too_short.
[[nodiscard]] Result<SlotPlan> plan_slots(const tariff::Catalogue& catalogue, int accounts,
                                          std::int64_t seed, Date business_date);

}  // namespace watthour::sample
