// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "base/arithmetic.hpp"
#include "base/result.hpp"
#include "calendar/date.hpp"
#include "money/money.hpp"
#include "quantity/energy.hpp"
#include "rating/charge_line.hpp"
#include "tariff/catalogue.hpp"

#include <optional>
#include <string>
#include <utility>
#include <vector>

namespace watthour::rating {

/// The longest period that is rated as one: three years, the longest rebill.
inline constexpr int most_period_days = 1'100;

/// A discount or an exemption and the days on which it is in force.
struct DatedCode {
    std::string code;  ///< "EAP", "MED-ALLOW", "GOVERNMENT"
    DateRange active;
};

/// Interval use of a part of the period, by time-of-use period.
struct TouSegmentUse {
    DateRange segment;
    std::vector<std::pair<std::string, Energy>> by_period;
};

struct FeeRequest {
    std::string code;  ///< "OPT-OUT", "LATE", "RET-1"
    Money past_due;    ///< for LATE: the electric balance past due
};

/// Everything that decides a statement. Nothing else is looked at: no clock, no database.
struct RatingRequest {
    std::string schedule;
    std::string option;  ///< facts of the agreement; "" = not stated
    std::string phase;
    std::string voltage;
    std::string rider;  ///< "" = none; any other is refused by this version
    DateRange period;
    std::vector<DatedCode> discounts;
    std::vector<DatedCode> exemptions;
    Energy delivered;  ///< of the whole period
    /// For interval-billed schedules: pieces that tile the period (tariff::usage_pieces), whose
    /// sum is `delivered`. Not looked at for register-billed ones.
    std::vector<TouSegmentUse> tou;
    std::optional<Demand> measured_max;  ///< as measured; rounded here
    std::vector<Demand>
        prior_max;  ///< measured maxima, oldest first; the last of the ratchet's periods count
    std::vector<FeeRequest> fees;  ///< in the order in which they are printed
    Money uut_year_to_date;        ///< already charged in the fiscal year
};

/// The energy of a segment with one price and allowance, register-billed.
struct SegmentDetail {
    DateRange range;
    std::string season;
    Energy use;
    std::vector<Energy> tier_uppers;  ///< upper limits of the closed tiers; empty without tiers
};

struct DemandDetail {
    std::string charge;  ///< "DEM"
    Demand measured;
    Demand ratchet_floor;
    Demand billing;
};

struct MinimumDetail {
    Money minimum;
    Money compared;  ///< customer and energy lines
};

/// A tax that met its yearly cap.
struct CapDetail {
    Money calculated;
    Money room_under_cap;
};

struct JournalLeg {
    std::string account;
    Money debit;
    Money credit;
    friend bool operator==(const JournalLeg&, const JournalLeg&) = default;
};

struct RatedStatement {
    int period_days = 0;
    Ratio fixed_charge_factor;  ///< of monthly prices, in lowest terms
    std::vector<ChargeLine> lines;
    Money current_charges;                    ///< sum of the lines
    std::vector<SegmentDetail> segments;      ///< register-billed energy
    std::vector<TouSegmentUse> determinants;  ///< interval-billed energy, by price segment
    std::optional<DemandDetail> demand;
    std::optional<MinimumDetail> minimum;
    std::optional<CapDetail> uut_cap;     ///< only when the cap was met
    std::vector<std::string> uut_exempt;  ///< the flags that freed the bill of the tax
    Energy delivered;
    /// Receivable first, the others by account; no leg of zero; debits equal credits.
    std::vector<JournalLeg> journal;

    /// The sum of the lines of a group: "base", "discount", "pbc", "tax", "fee".
    [[nodiscard]] Money subtotal(std::string_view group) const;
};

/// Rates one period of one agreement.
///
/// A pure function: the same catalogue and request give the same statement, on any thread.
/// Units:    kWh to three places, kW to 0.1, dollars and cents.
/// Rounding: each line once, to the cent, as its charge states; percent lines on rounded lines.
/// Errors:   rating.*, tariff.schedule_unknown, tariff.no_version_on_date, tariff.fact_missing,
///           tariff.fact_unknown, tariff.fee_unknown. Nothing is ever half computed.
/// Source:   VEU-RATING; R2.01 to R2.60.
[[nodiscard]] Result<RatedStatement> rate(const tariff::Catalogue& catalogue,
                                          const RatingRequest& request);

}  // namespace watthour::rating
