// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "tariff/catalogue.hpp"

#include <string>
#include <string_view>
#include <vector>

namespace watthour::tariff {

/// What a read calendar is held to, from the policies and the list of office holidays.
struct CalendarRules {
    int gap_min = 27;  ///< days between two reads of a cycle (R1.07, R4.01)
    int gap_max = 33;
    int due_days = 20;  ///< from mailing to the due date
    Holidays closed;
};
[[nodiscard]] CalendarRules calendar_rules(const Catalogue& catalogue);

/// A date of the calendar that is not as the rules want it.
struct CalendarFinding {
    int line = 0;  ///< of the file; 0 for a row that was proposed
    std::string cycle;
    std::string field;  ///< read, calc, mail, due, late
    std::string rule;   ///< calendar.gap_short, gap_long, not_business_day, order, due_early, ...
    std::string message;
    std::string remedy;
};

/// Holds every row of a year to the rules; 0 = of all years. A gap belongs to the year of its later
/// read, so that the turn of the year is seen too. Findings are in order of line and field.
///
/// Rules:  gap_short, gap_long (27-33 days), not_business_day (any date), order (read < calc < mail
///         < due < late), due_early (20 days from mailing), read_twice, cycle_missing (a cycle of
///         the calendar without a read in the year), holidays_unknown (the year is beyond the list
///         of holidays, so that business days cannot be told).
/// Source: R4.01, R4.02.
[[nodiscard]] std::vector<CalendarFinding> check_calendar(const CycleCalendar& calendar,
                                                          const CalendarRules& rules, int year);

/// A year's rows for every cycle that has a read before it: twelve reads each, as near as they can
/// be to a twelfth of a year apart, on business days, every gap inside the rules, at most as many
/// cycles on one day as can be avoided. The further dates follow as in every year: calculated and
/// mailed on the next business days, due 20 days after mailing rolled to a business day, noticed on
/// the next one. A first read may have to lie on the
/// last days of the year before, where no business day of the year is inside the rules. Same
/// calendar and year, same rows.
[[nodiscard]] std::vector<CycleRow> propose_year(const CycleCalendar& calendar,
                                                 const CalendarRules& rules, int year);

/// The calendar with rows of a year in the place of what it had for it, as text of the same form;
/// remarks and other rows stay as they are. Rows are in order of month of reading and cycle.
[[nodiscard]] std::string calendar_with_year(std::string_view text, int year,
                                             const std::vector<CycleRow>& rows);

}  // namespace watthour::tariff
