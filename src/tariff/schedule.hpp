// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "base/result.hpp"
#include "calendar/date.hpp"
#include "tariff/charge.hpp"
#include "tariff/policies.hpp"
#include "tariff/season.hpp"

#include <string>
#include <string_view>
#include <vector>

namespace watthour::tariff {

struct ScheduleVersion {
    Date effective;
    std::vector<ProrationRule> proration_rules;
    std::vector<DemandRule> demands;
    std::vector<LampType> lamps;
    std::vector<Charge> charges;  ///< in the order of the bill
    std::string content_hash;     ///< SHA-256 of what this version says, comments and layout apart
    std::string clause;           ///< "R-1 2025-07-01 sha256:1f6b..."

    /// Null when there is none of that name.
    [[nodiscard]] const DemandRule* find_demand(std::string_view name) const;
    [[nodiscard]] const LampType* find_lamp(std::string_view code) const;
};

enum class UsageSource { register_reads, intervals, inventory };

/// Whether a new version holds from a day of service on, or for whole bills. Source: R2.04.
enum class VersionsApply { service_on_or_after, bills_rendered_on_or_after };

/// A bill worked by hand that stands in the schedule and that every check computes again.
struct WorkedExample {
    std::string name;
    DateRange period;
    ServiceFacts facts;
    std::string rider;
    std::vector<std::pair<std::string, Decimal>> use;  ///< "kwh", "kwh_on", "kw", "prior_kw", ..
    std::vector<std::pair<std::string, std::string>> lines;  ///< code and amount, in order
    std::string total;
    std::string place;  ///< file and line, for a message
};

/// A document of prices with its dated versions, oldest first.
struct RateSchedule {
    std::string code;
    LocalText name;
    LocalText applies_to;
    std::string rate_class;  ///< "residential", "commercial"
    ReviewClass review_class = ReviewClass::residential;
    UsageSource usage = UsageSource::register_reads;
    VersionsApply versions_apply = VersionsApply::service_on_or_after;
    std::vector<FactValues> facts;  ///< what must be stated of an agreement, and the values known
    std::vector<std::string> discounts;
    std::vector<std::string> riders;
    std::vector<ScheduleVersion> versions;
    std::vector<WorkedExample> examples;
    std::vector<std::string> open_questions;  ///< of an import; nobody has answered them yet

    /// Errors: tariff.no_version_on_date.
    [[nodiscard]] Result<const ScheduleVersion*> version_on(Date date) const;
    [[nodiscard]] bool offers(std::string_view discount) const;
    [[nodiscard]] bool takes_rider(std::string_view rider) const;
    /// The values that a fact may have; null when the schedule does not ask for it.
    [[nodiscard]] const std::vector<std::string>* values_of(std::string_view fact) const;
};

/// A part of a period in which one charge keeps its price and allowance.
struct PriceSegment {
    DateRange range;
    const ScheduleVersion* version = nullptr;
    const Charge* charge = nullptr;
    int season = 0;
};

/// The row of a price table that holds for a season and the facts of an agreement.
[[nodiscard]] const std::vector<std::optional<Decimal>>& price_row(const PriceTable& table,
                                                                   int season,
                                                                   const ServiceFacts& facts);
/// Row of the baselines for the facts of an agreement, which were checked before.
[[nodiscard]] std::size_t baseline_index(const TierRule& rule, const ServiceFacts& facts);
/// What a charge's price is per: "$/kWh", "$/kW", "%/point".
[[nodiscard]] std::string price_unit(const Charge& charge, const ScheduleVersion& version);
/// The charge is billed to an agreement with these facts in a season.
[[nodiscard]] bool applies_to(const Charge& charge, const ServiceFacts& facts, int season);

/// Facts that the schedule needs are stated and known.
/// Errors: tariff.fact_missing, tariff.fact_unknown.
[[nodiscard]] Result<void> check_facts(const RateSchedule& schedule, const ServiceFacts& facts);

/// Cuts a period where the charge's own price or allowance changes, and nowhere else: neighbours
/// with equal terms are one segment. Empty where no version has the charge.
///
/// Errors: tariff.no_version_on_date.
/// Source: VEU-RATING "Segments"; R2.03, R2.06.
[[nodiscard]] Result<std::vector<PriceSegment>> price_segments(const RateSchedule& schedule,
                                                               const SeasonTable& seasons,
                                                               std::string_view charge_code,
                                                               const ServiceFacts& facts,
                                                               DateRange period);

/// The codes of the charges of all versions that touch the period, in the order of the bill.
/// Errors: tariff.no_version_on_date.
[[nodiscard]] Result<std::vector<std::string_view>> charge_codes(const RateSchedule& schedule,
                                                                 DateRange period);

}  // namespace watthour::tariff
