// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "app/adopt_tariff.hpp"
#include "tariff/read_calendar.hpp"

#include <optional>
#include <string>

namespace watthour::app {

/// The read dates of a year by cycle with the days between them and what breaks a rule:
/// {"year","years","cycles":[{"cycle","reads":[...]}],"findings":[...]}.
/// Errors: app.calendar_year_wrong.
[[nodiscard]] Result<json::object> calendar_view(Office& office, int year);

/// What breaks the rules in the calendar in force, or in the text of another; year 0: all years.
/// Errors: tariff.value_malformed.
[[nodiscard]] Result<std::vector<tariff::CalendarFinding>> check_read_calendar(
    Office& office, int year, const std::optional<std::string>& text);

/// A year's rows that meet the rules, put into the text of the calendar in force.
struct ProposedCalendar {
    int year = 0;
    std::vector<tariff::CycleRow> rows;
    std::vector<tariff::CalendarFinding> findings;
    std::string text;  ///< the whole calendar, as TSV
};
/// Errors: app.calendar_year_wrong for a year that has begun or does not follow the calendar.
[[nodiscard]] Result<ProposedCalendar> propose_calendar(Office& office, int year);

/// Puts another calendar forward: it becomes part of the tariffs in force when a second person
/// adopts it, so that billing and reading have one calendar. Rows up to the business date must stay
/// as they are. Errors: access.*; tariff.value_malformed; app.calendar_broken,
/// calendar_past_changed, tariff_unchanged.
[[nodiscard]] Result<TariffProposal> import_calendar(Office& office, const std::string& text,
                                                     const std::string& why, bool dry_run);

[[nodiscard]] json::array to_json(const std::vector<tariff::CalendarFinding>& findings);

}  // namespace watthour::app
