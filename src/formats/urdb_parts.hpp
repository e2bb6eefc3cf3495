// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "formats/urdb.hpp"

#include <optional>
#include <string>
#include <string_view>

namespace watthour::formats {

// Shared by the readers of the record's forms. Internal to the room.

inline constexpr int half_hours = 48;

/// Text of a number as an exact decimal, at most twelve places; nothing when it is none.
[[nodiscard]] std::optional<Decimal> urdb_number(std::string_view text);
[[nodiscard]] std::optional<Decimal> urdb_number(const json::value& value);
/// Above this a limit means that there is none.
[[nodiscard]] bool urdb_no_limit(const Decimal& max);
/// Seconds since 1970, "2007-07-06", "7/6/2007 6:00" or an ISO moment.
[[nodiscard]] std::optional<Date> urdb_date(std::string_view text);
void urdb_problem(UrdbFile& file, std::string_view field, std::string_view rule,
                  std::string message, std::string remedy);
/// Checks what every form can get wrong, and counts a record without problems.
void check_urdb(const UrdbRecord& record, UrdbFile& file);

/// Reads one object whose names are those of the API, whatever their case.
void read_urdb_object(const json::object& object, UrdbFile& file);
/// A list of elements with windows of hours: "EnergyTimeOfUse", "FixedPerMonth", "Demand".
void read_rate_elements(const json::array& elements, UrdbFile& file);
/// The bulk CSV of the database.
void read_urdb_table(std::string_view bytes, UrdbFile& file);
/// Rows of charges with months, hours and weekdays.
void read_charge_table(std::string_view bytes, UrdbFile& file);

}  // namespace watthour::formats
