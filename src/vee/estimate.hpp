// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "vee/channel_reads.hpp"

#include <optional>
#include <string_view>
#include <vector>

namespace watthour::vee {

enum class EstimateMethod : std::uint8_t {
    linear,         ///< R1.40, a straight line between good neighbours
    like_days,      ///< R1.41, the average of days of the same type at the same clock time
    last_period,    ///< R1.43, the average of the last billing period at the same clock time
    profile,        ///< R1.43 without one: the average of all recent days
    class_profile,  ///< R1.43, the day of the class, brought to the use of the customer
    to_register,    ///< R1.42, an earlier estimate brought to what the register showed
};

[[nodiscard]] std::string_view method_name(EstimateMethod method);

/// An estimated interval.
struct EstimatedInterval {
    std::int32_t step = 0;
    std::int64_t wh = 0;
    EstimateMethod method{};
    std::int32_t days_used = 0;  ///< days that were averaged
    bool scaled = false;         ///< brought to the register's difference (R1.42)

    friend bool operator==(const EstimatedInterval&, const EstimatedInterval&) = default;
};

/// What estimating some days of a channel gave.
struct Estimation {
    std::vector<EstimatedInterval> intervals;  ///< rising by step
    std::int32_t not_estimated = 0;            ///< there was nothing to estimate them from
};

/// Estimates every interval of the days that is missing or failed, and brings estimates between
/// two marks of the register to its difference where they lie outside the tolerance. An interval
/// with an outage is neither an end point of a line nor part of a day that is averaged; nor is an
/// estimated one. Without like days the last billing period stands for the day, then all recent
/// days, then the profile of the class brought to the use a day of this channel: of its whole days,
/// else of the same days last year, else of its register. What has none of them is not estimated.
/// Values are whole Wh, rounded half away from zero; scaled ones sum exactly.
///
/// Errors: none. Source: R1.40 to R1.43.
[[nodiscard]] Estimation estimate(const tariff::VeeLimits& limits, const ChannelReads& reads,
                                  DateRange days);

/// Average use a day to two places (half up), times days, divided by the meter's constant and
/// truncated to whole dial units, added to the last read. Source: R1.10.
///
/// Units: kWh of the reference period, days, dial units. `constant` is the meter's multiplier.
struct RegisterEstimate {
    Decimal use_a_day;  ///< kWh, two places
    std::int64_t dial_units = 0;
    Decimal kwh;  ///< dial units x constant
};
[[nodiscard]] RegisterEstimate estimate_register(Energy reference, int reference_days, int days,
                                                 const Decimal& constant);

}  // namespace watthour::vee
