// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "base/arithmetic.hpp"
#include "base/result.hpp"
#include "calendar/date.hpp"
#include "money/money.hpp"
#include "quantity/energy.hpp"
#include "rating/charge_line.hpp"
#include "rating/plan.hpp"
#include "tariff/catalogue.hpp"

#include <optional>
#include <span>
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
    std::vector<std::pair<std::string, Energy>> by_period;   ///< delivered
    std::vector<std::pair<std::string, Energy>> received{};  ///< empty = nothing was received
};

/// A number that a plan asks for, measured elsewhere: Wh, watts or 10^-8 dollars.
struct MeasuredNumber {
    tariff::Determinant what;
    std::int64_t value = 0;
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
    std::vector<std::pair<std::string, std::string>> other_facts;
    std::string rider;  ///< "" = none
    DateRange period;
    std::vector<DatedCode> discounts;
    std::vector<DatedCode> exemptions;
    Energy delivered;  ///< of the whole period
    Energy received;
    Energy generation;
    std::optional<Energy> reactive;  ///< VARh in place of Wh
    std::vector<LampGroup> lamps;    ///< of schedules billed by inventory
    /// For interval-billed schedules: pieces that tile the period (tariff::usage_pieces), whose
    /// sum is `delivered`. Not looked at for register-billed ones.
    std::vector<TouSegmentUse> tou;
    /// What the plan's determinants came to; looked at before `tou` and `measured_max`.
    std::vector<MeasuredNumber> measured;
    tariff::TierFiller* tier_filler = nullptr;  ///< for tiers filled in the order of time
    std::optional<Demand> contract_demand;
    std::optional<Demand> measured_max;  ///< as measured; rounded here
    std::vector<Demand>
        prior_max;  ///< measured maxima, oldest first; the last of the ratchet's periods count
    std::vector<FeeRequest> fees;  ///< in the order in which they are printed
    Money uut_year_to_date;        ///< already charged in the fiscal year
    Decimal bank_open;             ///< dollars of the rider's bank, brought forward
    std::vector<std::pair<std::string, Energy>> kwh_bank;  ///< by time-of-use period
    bool true_up = false;                                  ///< the period ends a relevant period
    Energy surplus;            ///< left over in the relevant period, when it ends
    Decimal accrued_before;    ///< dollars accrued in the periods before
    Decimal billed_this_year;  ///< for a yearly minimum, before this period
    bool year_ends = false;    ///< the yearly minimum is settled
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
    std::optional<Demand> ratchet_floor;  ///< none without a ratchet
    Demand billing;
};

/// Dollars of a rider that outlast the period: open + deposit - applied - forfeited - paid = close.
struct BankDetail {
    std::string rider;
    std::string group;  ///< "nem", "nb"
    Decimal open;
    Decimal deposit;
    Decimal applied;
    Decimal forfeited;
    Decimal paid;
    Decimal close;
};

/// A part of a charge that is not billed but adds up until the true-up.
struct AccrualDetail {
    std::string code;
    DateRange range;
    Decimal quantity;
    Decimal price;
    Decimal amount;
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
    std::vector<DemandDetail> demands;
    std::optional<int> power_factor_percent;
    std::optional<Energy> reactive;
    std::optional<MinimumDetail> minimum;
    std::optional<CapDetail> uut_cap;     ///< only when the cap was met
    std::vector<std::string> uut_exempt;  ///< the flags that freed the bill of the tax
    Energy delivered;
    std::optional<Energy> net;
    std::optional<BankDetail> bank;
    std::vector<std::pair<std::string, Energy>> kwh_bank;  ///< left over, by period
    std::vector<AccrualDetail> accruals;
    Decimal accrued;        ///< of this period
    Decimal year_compared;  ///< what a yearly minimum compares, of this period
    /// Receivable first, the others by account; no leg of zero; debits equal credits.
    std::vector<JournalLeg> journal;

    /// The sum of the lines of a group: "base", "discount", "pbc", "tax", "fee".
    [[nodiscard]] Money subtotal(std::string_view group) const;
};

/// The plan that a request is rated by; the same for all requests of the key.
[[nodiscard]] PlanKey plan_key_of(const RatingRequest& request);

/// Fills the input slots of a plan from a request.
/// Errors: rating.tou_use_missing, use_not_tiled, use_disagrees, use_negative,
/// use_straddles_change,
///         period_unknown, demand_missing, determinant_missing.
[[nodiscard]] Result<void> fill_inputs(const Plan& plan, const RatingRequest& request,
                                       std::span<std::int64_t> slots);

/// The lines, details and journal of a plan that has run.
/// Errors: rating.period_without_price, tariff.fee_unknown.
[[nodiscard]] Result<RatedStatement> print_statement(const Plan& plan, const RatingRequest& request,
                                                     std::span<const std::int64_t> slots);

/// The flags that free a request of a tax on its last service day, stated or carried by a
/// discount. Source: R2.36.
[[nodiscard]] std::vector<std::string> exempt_flags(const tariff::Catalogue& catalogue,
                                                    const RatingRequest& request,
                                                    const tariff::Tax& tax);

/// Errors: rating.period_empty, rating.period_too_long.
[[nodiscard]] Result<void> check_period(DateRange period);

/// Rates by a plan that was made before. Errors: as rate.
[[nodiscard]] Result<RatedStatement> rate_by(const Plan& plan, const RatingRequest& request);

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
