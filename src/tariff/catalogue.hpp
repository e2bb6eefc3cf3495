// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "base/embedded.hpp"
#include "base/result.hpp"
#include "calendar/holidays.hpp"
#include "tariff/policies.hpp"
#include "tariff/price_series.hpp"
#include "tariff/rider.hpp"
#include "tariff/schedule.hpp"
#include "tariff/season.hpp"
#include "tariff/surcharges.hpp"
#include "tariff/tou_calendar.hpp"
#include "tariff/utility.hpp"
#include "tariff/vee_rules.hpp"

#include <map>
#include <span>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

namespace watthour::tariff_files {
/// The files of tariffs/valdoro, as the build found them.
[[nodiscard]] std::span<const EmbeddedFile> files();
}  // namespace watthour::tariff_files

namespace watthour::tariff {

struct GlAccountName {
    std::string account;
    std::string name;
};

/// The chart of accounts and what the words of tariffs and programs mean in it.
struct GlMap {
    std::vector<GlAccountName> accounts;                     ///< by number
    std::map<std::string, std::string> account_by_word;      ///< "discounts" -> "4090"
    std::map<std::string, std::string> revenue_by_schedule;  ///< "R-1" -> "4010"
    std::map<std::string, std::string> account_by_role;      ///< "receivable" -> "1310"

    /// The account of a role of the program; an unknown role is a defect.
    [[nodiscard]] const std::string& role(const std::string& name) const;
    [[nodiscard]] bool has_account(std::string_view account) const;
};

/// Everything that a utility's folder of tariffs says, parsed once. Read-only after it is made:
/// any number of threads may use it.
struct Catalogue {
    Utility utility;
    Policies policies;
    VeeRules vee;
    SeasonTable seasons;
    std::vector<TouCalendar> tou_calendars;
    Holidays rate_holidays;
    Holidays office_holidays;
    Holidays bank_holidays;
    std::vector<RateSchedule> schedules;
    std::vector<Rider> riders;
    std::vector<PriceSeries> price_series;
    std::vector<Instant> coincident_peaks;  ///< moments in which the whole system peaked
    std::vector<Adjustment> adjustments;
    std::vector<Discount> discounts;  ///< percentages in the order in which they are taken
    std::vector<Tax> taxes;           ///< in the order of the bill
    FeeTable fees;
    DepositRules deposits;
    GlMap gl;
    CycleCalendar cycles;
    std::vector<std::string> bases;  ///< the name of each bit of a BaseSet
    std::string content_hash;        ///< SHA-256 over all files

    /// Errors: tariff.schedule_unknown, with the schedules that there are.
    [[nodiscard]] Result<const RateSchedule*> find_schedule(std::string_view code) const;
    /// Errors: tariff.rider_unknown, with the riders that there are.
    [[nodiscard]] Result<const Rider*> find_rider(std::string_view code) const;
    [[nodiscard]] const PriceSeries* find_price_series(std::string_view code) const;
    /// The account of a schedule's own lines.
    [[nodiscard]] std::string revenue_account(const RateSchedule& schedule) const;
    /// Null when there is none of that name.
    [[nodiscard]] const TouCalendar* find_tou_calendar(std::string_view code) const;
    [[nodiscard]] const Discount* find_discount(std::string_view code) const;
    /// The fee in force on a day. Errors: tariff.fee_unknown, tariff.no_version_on_date.
    [[nodiscard]] Result<std::pair<const Fee*, const FeeVersion*>> find_fee(std::string_view code,
                                                                            Date date) const;
    /// The bit of a base, or -1.
    [[nodiscard]] int base_index(std::string_view name) const;
};

/// Reads one text that stands alone: YAML documents of calendars, prices, riders and schedules,
/// one after the other. There are no taxes, fees or accounts besides; ledger words are accounts.
///
/// Errors: as load_catalogue.
[[nodiscard]] Result<Catalogue> load_tariff_file(std::string_view name, std::string_view text);

/// Reads a folder of tariffs as a whole; the first problem is named with file, line and column.
///
/// Errors: tariff.file_malformed, key_missing, key_unknown, key_repeated, word_unknown,
///         value_malformed, version_out_of_order, reference_unknown, windows_overlap,
///         code_repeated, file_missing.
[[nodiscard]] Result<Catalogue> load_catalogue(std::span<const EmbeddedFile> files);

/// The tariffs of the sample utility, from the program itself. Loaded at the first call; safe
/// from any thread. A refusal here is a defect of the build.
[[nodiscard]] const Catalogue& valdoro();

/// The energy charge of a schedule cut where its price or allowance changes.
/// Errors: tariff.no_version_on_date.
[[nodiscard]] Result<std::vector<PriceSegment>> energy_segments(const Catalogue& catalogue,
                                                                const RateSchedule& schedule,
                                                                const ServiceFacts& facts,
                                                                DateRange period);

/// A part of a period with one version of an adjustment's price.
struct AdjustmentSegment {
    DateRange range;
    const DatedPrice* version = nullptr;
};

/// An adjustment cut where its price changes; equal neighbours are one.
/// Errors: tariff.no_version_on_date.
[[nodiscard]] Result<std::vector<AdjustmentSegment>> adjustment_segments(
    const Adjustment& adjustment, DateRange period);

/// The parts over which intervals of an interval-billed service must be summed, so that every
/// energy charge and adjustment finds its kWh: the period cut at all their boundaries.
/// Errors: tariff.no_version_on_date.
[[nodiscard]] Result<std::vector<DateRange>> usage_pieces(const Catalogue& catalogue,
                                                          const RateSchedule& schedule,
                                                          const ServiceFacts& facts,
                                                          DateRange period);

/// The time-of-use calendar that the schedule's energy follows on a date; null when it has none.
[[nodiscard]] const TouCalendar* tou_calendar_of(const Catalogue& catalogue,
                                                 const RateSchedule& schedule, Date date);

}  // namespace watthour::tariff
