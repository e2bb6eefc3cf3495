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

/// Facts of the agreement that a price may depend on; "" = not stated.
struct ServiceFacts {
    std::string option;   ///< "B", "H"
    std::string phase;    ///< "1", "3"
    std::string voltage;  ///< "secondary", "primary"
};

struct ScheduleVersion {
    Date effective;
    std::vector<ProrationRule> proration_rules;
    std::vector<Charge> charges;  ///< in the order of the bill
    std::string content_hash;     ///< SHA-256 of what this version says, comments and layout apart
    std::string clause;           ///< "R-1 2025-07-01 sha256:1f6b..."
};

enum class UsageSource { register_reads, intervals };

/// A document of prices with its dated versions, oldest first.
struct RateSchedule {
    std::string code;
    LocalText name;
    LocalText applies_to;
    std::string rate_class;  ///< "residential", "commercial"
    ReviewClass review_class = ReviewClass::residential;
    UsageSource usage = UsageSource::register_reads;
    std::vector<std::string> options;  ///< the option must be stated when not empty
    std::vector<std::string> phases;
    std::vector<std::string> discounts;
    std::vector<ScheduleVersion> versions;

    /// Errors: tariff.no_version_on_date.
    [[nodiscard]] Result<const ScheduleVersion*> version_on(Date date) const;
    [[nodiscard]] bool offers(std::string_view discount) const;
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
/// Index of the agreement's option in a tier rule; the facts were checked before.
[[nodiscard]] std::size_t option_index(const TierRule& rule, const ServiceFacts& facts);

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
