// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "base/arithmetic.hpp"
#include "base/decimal.hpp"
#include "calendar/date.hpp"
#include "tariff/language.hpp"

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace watthour::tariff {

/// The percent and minimum lines in whose base a line counts, one bit each; the names are in
/// Catalogue::bases.
using BaseSet = std::uint32_t;

/// What a price is multiplied by.
enum class Quantity { months, days, kwh, kwh_tiers, kwh_by_tou, billing_kw, minimum };

/// When a monthly price counts whole: a period of `whole_from` through `whole_through` days is
/// one month, any other is days / divisor. Source: VEU-RATING "Fixed-charge factor"; R2.01.
struct ProrationRule {
    std::string name;
    int whole_from = 0;
    int whole_through = 0;
    int divisor = 1;

    /// In lowest terms; 1/1 for a whole month.
    [[nodiscard]] Ratio factor(int period_days) const;
};

/// What a price depends on.
enum class PriceAxis { none, phase, season, season_tou };

/// Prices in dollars per unit, rows by phase or season, columns by time-of-use period. A cell
/// without a value is a period that the season does not have.
struct PriceTable {
    PriceAxis axis = PriceAxis::none;
    std::vector<std::string> row_names;  ///< phases or seasons, in the order of the rows
    std::vector<std::vector<std::optional<Decimal>>> rows;
};

struct Tier {
    std::string code;
    LocalText text;
    std::optional<Decimal> up_to_baselines;  ///< none: open above
    Decimal price;                           ///< $ per kWh
};

/// Blocks of kWh whose limits follow a daily baseline. Source: R2.10, R2.11.
struct TierRule {
    std::vector<std::string> options;
    std::vector<std::vector<Decimal>> baseline_kwh_per_day;  ///< [option][season]
    std::string allowance;  ///< the discount whose kWh per day widen every limit; "" = none
    std::vector<Tier> tiers;
};

struct TouPeriodText {
    std::string code;  ///< of the line: "EN-ON"
    LocalText text;
};

struct TouRule {
    std::string calendar;
    std::vector<TouPeriodText> periods;  ///< in the order of the calendar's periods
};

/// Billing kW: the highest interval, not below a share of earlier measured maxima. Source: R2.20,
/// R2.21.
struct DemandRule {
    int interval_minutes = 15;
    int places = 1;  ///< digits after the point of a kW
    Decimal ratchet_percent;
    int ratchet_periods = 0;
};

/// One charge of a schedule version: who pays it, for what quantity, at what price, how it is
/// shared over days, and where it goes.
struct Charge {
    std::string code;
    LocalText text;
    Quantity quantity = Quantity::months;
    PriceTable price;
    std::optional<ProrationRule> proration;
    Rounding rounding = Rounding::half_away_from_zero;
    BaseSet in_base_of = 0;
    std::string ledger_account;
    std::optional<TierRule> tiers;
    std::optional<TouRule> tou;
    std::optional<DemandRule> demand;
};

[[nodiscard]] bool is_energy(const Charge& charge);

}  // namespace watthour::tariff
