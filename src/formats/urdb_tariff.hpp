// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "formats/urdb.hpp"

#include <array>
#include <map>
#include <string>
#include <string_view>
#include <vector>

namespace watthour::formats {

/// How generation of the customer's own is settled.
enum class UrdbMetering {
    none,
    net_kwh,          ///< kWh of a time-of-use period are carried to the next month
    net_dollars,      ///< dollars are carried
    net_billing,      ///< every exported kWh is paid in the month
    carried_billing,  ///< the same, but a month never falls below zero: the rest is carried
    buy_all_sell_all
};

/// A floor under the billing demand that follows earlier maxima. Percent as written: 60.
struct UrdbRatchet {
    std::array<Decimal, 12> percent{};
    std::array<bool, 12> own_whole{};
    int periods = 0;
    Decimal floor_kw;
    std::vector<bool> demand_periods;  ///< time-of-use periods that count and are raised; or none
};

/// What a record cannot say and a tariff must.
struct UrdbTerms {
    std::string schedule = "IMPORTED";
    std::string time_zone = "UTC";
    Date effective = Date::ymd(2000, 1, 1);
    std::string rounding = "cent_half_away_from_zero";
    std::string demand_rounding = "none";
    int demand_window = 15;
    bool chronological = false;  ///< tiers are filled in the order of time, else pro rata
    bool single_peak = false;    ///< only the time-of-use demand that holds the month's maximum
    UrdbMetering metering = UrdbMetering::none;
    bool sell_equals_buy = false;
    bool use_at_once = false;  ///< carried billing: credit may pay the month that earns it
    bool expires = false;      ///< carried billing: what is left at the true-up is lost
    Decimal surplus_price;     ///< $ per kWh left at the true-up
    bool surplus_to_bank = false;
    std::vector<std::string> buy_prices;  ///< rows of 24 prices by day, under the dates
    std::vector<std::string> sell_prices;
    std::vector<std::string> price_dates;
    std::optional<UrdbRatchet> ratchet;
    std::vector<std::string> open_questions;  ///< written into the file
};

/// Something that the record does not say. `proposal` is what is written when nobody answers.
struct UrdbQuestion {
    std::string key;
    std::string text;
    std::string choices;
    std::string proposal;
};

[[nodiscard]] std::vector<UrdbQuestion> urdb_questions(const UrdbRecord& record);

/// Terms from answers; what is not answered takes its proposal and stays an open question.
/// Problems: urdb.answer for a key or a value that is not one of the choices.
[[nodiscard]] UrdbTerms urdb_terms(const UrdbRecord& record,
                                   const std::map<std::string, std::string>& answers,
                                   Problems& problems);

/// A text in the tariff language that stands alone: calendars, hourly prices, the rider of the
/// metering and the schedule.
[[nodiscard]] std::string urdb_tariff_text(const UrdbRecord& record, const UrdbTerms& terms);

/// Code of the rider that the text defines.
inline constexpr std::string_view urdb_rider = "GENERATION";

}  // namespace watthour::formats
