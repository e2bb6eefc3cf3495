// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "tariff/catalogue.hpp"
#include "tariff/rider.hpp"
#include "tariff/yaml_reader.hpp"

#include <functional>
#include <string>
#include <string_view>
#include <vector>

namespace watthour::tariff {

// One reader per kind of file. Each fills its part of the catalogue; problems stay in the value.

void read_utility(const YamlValue& file, Catalogue& into);
void read_policies(const YamlValue& file, Catalogue& into);
/// Limits of the checks of interval reads.
void read_vee(const YamlValue& file, Catalogue& into);
void read_profile(const YamlValue& file, Catalogue& into);
void read_calendars(const YamlValue& file, Catalogue& into);
void read_gl(const YamlValue& file, Catalogue& into);
void read_discounts(const YamlValue& file, Catalogue& into);
void read_taxes(const YamlValue& file, Catalogue& into);
void read_adjustment(const YamlValue& file, Catalogue& into);
void read_fees(const YamlValue& file, Catalogue& into);
void read_price_series(const YamlValue& file, Catalogue& into);
/// Calendars, discounts, taxes and accounts are read before.
void read_rider(const YamlValue& file, Catalogue& into);
/// The same, and riders.
void read_schedule(const YamlValue& file, Catalogue& into);
/// Errors: tariff.value_malformed with line and column.
[[nodiscard]] Result<CycleCalendar> read_cycle_calendar(const EmbeddedFile& file);

// The parts of a schedule or rider.

enum class ChargeOwner { schedule, rider };
enum class TierUnit { kwh, kw };
/// Called for each charge of a rider, for the keys that only riders have.
using ChargeTaken = std::function<void(const YamlValue&, Charge&)>;

/// All of a version but its charges.
[[nodiscard]] ScheduleVersion read_version_terms(const YamlValue& value,
                                                 const RateSchedule& schedule,
                                                 const Catalogue& catalogue);
void read_charges(const YamlValue& list, ScheduleVersion& version, const RateSchedule& schedule,
                  const Catalogue& catalogue, const ChargeTaken& taken);
[[nodiscard]] Charge read_charge(const YamlValue& value, const ScheduleVersion& version,
                                 const RateSchedule& schedule, const Catalogue& catalogue,
                                 ChargeOwner owner);
[[nodiscard]] PriceTable read_price(const YamlValue& value, const RateSchedule& schedule,
                                    const Catalogue& catalogue, const TouCalendar* calendar);
[[nodiscard]] std::vector<Tier> read_tiers(const YamlValue& list, const Catalogue& catalogue,
                                           TierUnit unit);
[[nodiscard]] TierRule read_tier_rule(const YamlValue& charge, const RateSchedule& schedule,
                                      const Catalogue& catalogue, Quantity quantity);
[[nodiscard]] DemandRule read_demand(const std::string& name, const YamlValue& value,
                                     const Catalogue& catalogue);
/// One number for all seasons, or a map with one for each.
[[nodiscard]] std::vector<Decimal> read_by_season(const YamlValue& value,
                                                  const Catalogue& catalogue);
/// Index of a season by its name. Errors: tariff.reference_unknown.
[[nodiscard]] int read_season(const YamlValue& value, const Catalogue& catalogue);
/// Null and refused when no file defines it.
[[nodiscard]] const TouCalendar* read_calendar_name(const YamlValue& value,
                                                    const Catalogue& catalogue);

// Shared by them.

[[nodiscard]] AmountRounding read_amount_rounding(const YamlValue& value);
/// Prices with their dates, rising. `terms`: what else their clause's hash covers.
void read_dated_prices(const YamlValue& list, std::string_view name, const std::string& terms,
                       std::vector<DatedPrice>& into);

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
