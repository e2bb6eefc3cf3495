// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "tariff/catalogue.hpp"
#include "tariff/yaml_reader.hpp"

#include <string>
#include <string_view>

namespace watthour::tariff {

// One reader per kind of file. Each fills its part of the catalogue; problems stay in the value.

void read_utility(const YamlValue& file, Catalogue& into);
void read_policies(const YamlValue& file, Catalogue& into);
void read_calendars(const YamlValue& file, Catalogue& into);
void read_gl(const YamlValue& file, Catalogue& into);
void read_discounts(const YamlValue& file, Catalogue& into);
void read_taxes(const YamlValue& file, Catalogue& into);
void read_adjustment(const YamlValue& file, Catalogue& into);
void read_fees(const YamlValue& file, Catalogue& into);
/// Calendars, discounts, taxes and accounts are read before.
void read_schedule(const YamlValue& file, Catalogue& into);
/// Errors: tariff.value_malformed with line and column.
[[nodiscard]] Result<CycleCalendar> read_cycle_calendar(const EmbeddedFile& file);

// Shared by them.

[[nodiscard]] Rounding read_rounding(const YamlValue& value);
/// The set of bases that a list of names means. Errors: tariff.reference_unknown.
[[nodiscard]] BaseSet read_bases(const YamlValue& list, const Catalogue& catalogue);
/// The account that a ledger word means; `schedule` decides for "revenue".
[[nodiscard]] std::string read_ledger(const YamlValue& word, const Catalogue& catalogue,
                                      std::string_view schedule);
/// "R-1 2025-07-01 sha256:1f6b8a90c2d4e6f7": name, date and the first 16 digits of the hash.
[[nodiscard]] std::string clause_of(std::string_view name, Date effective,
                                    std::string_view content_hash);
/// Versions rise by date. Errors: tariff.version_out_of_order.
void check_order(const YamlValue& at, Date effective, const Date* before);

}  // namespace watthour::tariff
