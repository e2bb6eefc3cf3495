// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "base/arithmetic.hpp"
#include "base/decimal.hpp"
#include "calendar/date.hpp"
#include "tariff/language.hpp"

#include <array>
#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace watthour::tariff {

/// The percent and minimum lines in whose base a line counts, one bit each; the names are in
/// Catalogue::bases.
using BaseSet = std::uint32_t;

/// Facts of the agreement that a price or a charge may depend on; "" = not stated.
struct ServiceFacts {
    std::string option;                                         ///< "B", "H"
    std::string phase;                                          ///< "1", "3"
    std::string voltage;                                        ///< "secondary", "primary"
    std::vector<std::pair<std::string, std::string>> others{};  ///< any other fact of a schedule

    /// The value of a fact by its name; "" = not stated.
    [[nodiscard]] const std::string& get(std::string_view name) const;
    void set(std::string_view name, std::string value);
};

/// A fact of the agreement and the values that are meant.
struct FactValues {
    std::string fact;
    std::vector<std::string> values;
    friend bool operator==(const FactValues&, const FactValues&) = default;
};

/// What a price is multiplied by.
enum class Quantity {
    months,
    days,
    kwh,
    kwh_tiers,
    kwh_by_tou,
    kwh_by_tou_tiers,
    kwh_by_hour,
    billing_kw,
    power_factor_points,
    kvarh,
    percent_of_base,
    minimum,
    minimum_of_year,
    lamps,
    lamp_kwh,
};

/// Which energy a charge counts. All in watt-hours and never negative, but for `billed` and `net`.
enum class EnergyKind {
    billed,      ///< delivered, or what the rider makes of it
    delivered,   ///< to the customer
    received,    ///< from the customer
    net,         ///< delivered - received
    exported,    ///< what the rider's netting leaves below zero
    generation,  ///< of the customer's own plant
    gross,       ///< delivered + generation - received: all that is consumed
};

/// How an amount is brought to a whole number of its last place, once.
struct AmountRounding {
    Rounding mode = Rounding::half_away_from_zero;
    int places = 2;  ///< 2: the cent; 8: for comparison with engines that do not round
};

/// When a monthly price counts whole: a period of `whole_from` through `whole_through` days is
/// one month, any other is days / divisor. Source: VEU-RATING "Fixed-charge factor"; R2.01, R2.02.
struct ProrationRule {
    std::string name;
    int whole_from = 0;
    int whole_through = 0;
    Ratio divisor;  ///< days that count as a month: 30, or 365/12

    /// In lowest terms; 1/1 for a whole month.
    [[nodiscard]] Ratio factor(int period_days) const;
};

/// Prices in dollars per unit. Rows by a fact of the agreement, then by season; columns by
/// time-of-use period. A cell without a value is a period that the season does not have.
struct PriceTable {
    FactValues by_fact;  ///< fact "" = the same for all
    bool by_season = false;
    bool by_tou = false;
    std::vector<std::vector<std::optional<Decimal>>> rows;
};

/// The upper end of a tier. Source: R2.10, domain forms kWh, kWh x days, kWh x billing kW.
struct TierBound {
    enum class Form { open, baselines, kwh, kwh_per_day, kwh_per_kw, kwh_per_kw_day };
    Form form = Form::open;
    std::vector<Decimal> by_season;  ///< one number for each season; empty when open
    friend bool operator==(const TierBound&, const TierBound&) = default;
};

struct Tier {
    std::string code;
    LocalText text;
    TierBound up_to;
    TierBound within;  ///< a second limit, of the block that the step lies in; open = none
    std::vector<Decimal> price_by_season;  ///< $ per kWh or kW
};

/// How kWh find their tiers.
enum class TierFill {
    pro_rata,       ///< all periods share each tier in proportion to their kWh of the segment
    chronological,  ///< intervals fill the tiers in the order of time
    per_period,     ///< each time-of-use period fills tiers of its own
};

/// Blocks of kWh. Source: R2.10, R2.11.
struct TierRule {
    TierFill fill = TierFill::pro_rata;
    bool whole_use = false;                  ///< all kWh at the price of the last tier reached
    std::vector<FactValues> baseline_facts;  ///< zone, heat source: outermost first
    std::vector<std::vector<Decimal>> baseline_kwh_per_day;  ///< [values of the facts][season]
    std::string allowance;    ///< the discount whose kWh per day widen every limit; "" = none
    bool whole_kwh = true;    ///< limits are rounded to whole kWh; else to whole Wh
    std::vector<Tier> tiers;  ///< of a charge without time-of-use periods
};

struct TouPeriodText {
    std::string code;  ///< of the line: "EN-ON"
    LocalText text;
    std::vector<Tier> tiers;  ///< of kwh_by_tou_tiers
};

struct TouRule {
    std::string calendar;
    std::vector<TouPeriodText> periods;  ///< in the order of the calendar's periods
};

/// Source: R2.21. The floor follows measured maxima, never billed ones, or it would feed itself.
struct Ratchet {
    std::array<Decimal, 12> percent_by_month{};  ///< of the month in which a maximum was measured
    int periods = 0;                             ///< earlier periods that count
    /// Months in which the maximum of the period itself counts whole; in the others it counts by
    /// its percentage, like the earlier ones.
    std::array<bool, 12> own_counts_whole{};
    friend bool operator==(const Ratchet&, const Ratchet&) = default;
};

/// A demand that charges and tier limits refer to by its name: what is measured, what floors it,
/// how it is rounded. Source: R2.20 to R2.22.
struct DemandRule {
    enum class Measure {
        highest,             ///< of the period
        highest_in_periods,  ///< of some time-of-use periods
        highest_if_in,       ///< the highest of all, if it falls in these periods, else nothing
        coincident,          ///< of the intervals in which the system peaked
    };
    enum class Of { kw, kvar, kva };
    enum class PowerFactor {
        none,
        kw_times_gap,    ///< kW x (1 + threshold - power factor), above the threshold kW
        kw_over_factor,  ///< kW x threshold / power factor, above the threshold kW
    };
    std::string name;
    Measure measure = Measure::highest;
    Of of = Of::kw;
    std::string calendar;       ///< of the time-of-use measures
    std::uint64_t periods = 0;  ///< one bit for each period of the calendar
    int window_minutes = 15;
    bool sliding = false;       ///< windows begin at every interval, not only at whole windows
    std::optional<int> places;  ///< digits after the point; none = whole watts
    std::optional<Ratchet> ratchet;
    Decimal floor_kw;
    Decimal contract_percent;  ///< of the contract kW of the agreement, as a floor; 0 = none
    PowerFactor power_factor = PowerFactor::none;
    Decimal power_factor_threshold;
    friend bool operator==(const DemandRule&, const DemandRule&) = default;
};

/// Percent of the base for each whole point of power factor below a threshold. Source: R2.22 (a).
struct PointRule {
    int threshold = 0;
    Decimal percent_per_point;
    int base = -1;
};

/// A type of lamp or device that is billed by inventory. Source: R2.70, R2.72.
struct LampType {
    std::string code;
    Decimal watts;
    Decimal kwh_per_month;
    friend bool operator==(const LampType&, const LampType&) = default;
};

/// One charge of a schedule version: who pays it, for what quantity, at what price, how it is
/// shared over days, and where it goes.
struct Charge {
    std::string code;
    LocalText text;
    std::vector<FactValues> applies;  ///< every one must hold; empty = everyone
    std::uint32_t seasons = ~0U;      ///< one bit for each season in which it is billed
    Quantity quantity = Quantity::months;
    EnergyKind energy = EnergyKind::billed;
    bool credit = false;  ///< of a rider: the customer is paid
    PriceTable price;
    std::optional<ProrationRule> proration;
    AmountRounding rounding;
    BaseSet in_base_of = 0;
    std::string ledger_account;
    std::optional<TierRule> tiers;
    std::optional<TouRule> tou;
    std::string demand;  ///< the demand billed, or that tier limits refer to
    std::vector<Tier> demand_tiers;
    std::optional<PointRule> points;
    Decimal percent;           ///< of percent_of_base
    int base = -1;             ///< of percent_of_base, minimum and minimum_of_year
    std::string price_series;  ///< of kwh_by_hour
    std::vector<std::pair<std::string, Decimal>> lamp_prices;  ///< of lamps: $ a month by type
    Decimal free_kvarh_per_kwh;                                ///< of kvarh: what carries no charge
};

[[nodiscard]] bool is_energy(const Charge& charge);

}  // namespace watthour::tariff
