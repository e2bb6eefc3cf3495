// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "base/decimal.hpp"
#include "base/result.hpp"

#include <array>
#include <cstdint>
#include <initializer_list>
#include <span>
#include <string>
#include <string_view>

namespace watthour::rating {

/// What a step of a derivation does, and the numbers it keeps, in this order.
enum class TraceRule : std::uint8_t {
    month_factor,     ///< period days, whole from, whole through, divisor, numerator, denominator
    days_share,       ///< days at this price, period days
    kwh_by_days,      ///< total kWh, days before, days through, period days, kWh of the segment
    interval_sum,     ///< kWh summed from intervals
    tier_limit,       ///< baseline per day, multiple, days, allowance days, allowance kWh, limit
    tier_block,       ///< kWh of the segment, lower limit, upper limit (-1: open), kWh in the block
    billing_demand,   ///< measured kW, ratchet percent, highest earlier kW, floor kW, billing kW
    product,          ///< quantity, price, numerator, denominator, amount
    percent_of,       ///< base, percent, numerator, denominator, amount
    active_days,      ///< days in force, period days
    minimum,          ///< minimum, customer and energy charges, difference
    version_day,      ///< the day that decides the version, as yyyymmdd
    yearly_cap,       ///< computed, cap, charged before, amount
    fee,              ///< amount
    late_fee,         ///< past due, percent, minimum, amount
    limit,            ///< amount, numerator, denominator, kW (0: none), limit
    hourly_sum,       ///< kWh, amount of all hours
    measured_demand,  ///< measured kW, billing kW
    demand_block,     ///< billing kW, lower limit, upper limit (-1: open), kW in the block
    power_factor,     ///< kWh, kVARh, percent, threshold, points
    bank_deposit,     ///< earned, used at once, to the bank
    bank_applied,     ///< bank brought forward, charges it may pay, applied
    bank_paid,        ///< paid out
    accrual,          ///< accrued before, of this period, in all
};

/// One step of how a line came about: exact numbers, put into words only when somebody asks.
class TraceStep {
public:
    static constexpr std::size_t most_numbers = 6;

    TraceStep() = default;
    TraceStep(TraceRule rule, std::initializer_list<Decimal> numbers)
        : TraceStep(rule, std::span<const Decimal>(numbers.begin(), numbers.size())) {}
    TraceStep(TraceRule rule, std::span<const Decimal> numbers);

    [[nodiscard]] TraceRule rule() const { return rule_; }
    [[nodiscard]] std::size_t count() const { return count_; }
    [[nodiscard]] const Decimal& at(std::size_t index) const;

    /// "tier_limit 9.5 1 31 0 16.0 295": what a database keeps.
    [[nodiscard]] std::string to_record() const;
    /// Errors: rating.trace_malformed.
    [[nodiscard]] static Result<TraceStep> from_record(std::string_view text);
    friend bool operator==(const TraceStep& a, const TraceStep& b) {
        return a.to_record() == b.to_record();
    }

private:
    TraceRule rule_ = TraceRule::product;
    std::uint8_t count_ = 0;
    std::array<Decimal, most_numbers> numbers_{};
};

[[nodiscard]] std::string_view to_string(TraceRule rule);

}  // namespace watthour::rating
