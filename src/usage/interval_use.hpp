// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "base/result.hpp"
#include "calendar/date.hpp"
#include "calendar/time_zone.hpp"
#include "tariff/determinant.hpp"

#include <cstdint>
#include <map>
#include <span>
#include <utility>
#include <vector>

namespace watthour::usage {

/// Rows of intervals of one period, all of the same steps. A row that is empty was not measured.
struct IntervalRows {
    std::vector<std::int64_t> delivered;
    std::vector<std::int64_t> received;
    std::vector<std::int64_t> generation;
    std::vector<std::int64_t> reactive;  ///< VARh
};

/// What to do where a reading is missing.
enum class Missing {
    refused,        ///< for billing
    counts_as_zero  ///< for estimates, which say so
};

/// The intervals of a period, from which any determinant can be measured.
///
/// Units: rows in 10^-`scale` Wh (VARh); results in Wh, milliwatts or 10^-8 dollars, rounded once,
///        half away from zero.
class IntervalUse {
public:
    /// Errors: usage.intervals_incomplete when a row has not one value for each step of the
    ///         period; usage.interval_missing for a missing reading that is refused.
    [[nodiscard]] static Result<IntervalUse> make(const TimeZone& zone, DateRange period,
                                                  int minutes, int scale, IntervalRows rows,
                                                  Missing missing);

    /// Errors: usage.channel_not_measured, usage.window_not_whole, usage.hour_without_price,
    ///         usage.range_outside.
    [[nodiscard]] Result<std::int64_t> measure(const tariff::Determinant& wanted,
                                               std::span<const Instant> coincident) const;

    /// Fills tiers in the order of time; what straddles a limit is split.
    void fill_tiers(const tariff::ChronologicalFill& fill, std::span<const std::int64_t> limits,
                    std::span<std::int64_t> wh) const;

    /// The same for demand over windows shorter than the intervals: the interval is then the
    /// window, which never shows more than was used. For estimates and cases, not for billing.
    [[nodiscard]] Result<std::int64_t> measure_coarsely(const tariff::Determinant& wanted,
                                                        std::span<const Instant> coincident) const;

    [[nodiscard]] int missing_count() const { return missing_count_; }
    [[nodiscard]] const IntervalGrid& grid() const { return grid_; }

private:
    IntervalUse(const TimeZone& zone, DateRange period, int minutes, int scale, IntervalRows rows)
        : zone_(zone), grid_(zone, period, minutes), scale_(scale), rows_(std::move(rows)) {}

    [[nodiscard]] std::int64_t value(tariff::UsageChannel channel, std::size_t step) const;
    [[nodiscard]] bool has(tariff::UsageChannel channel) const;
    [[nodiscard]] std::pair<std::size_t, std::size_t> steps_of(DateRange range) const;
    /// The period of each step, made once for each calendar.
    [[nodiscard]] const std::vector<std::uint8_t>& periods(
        const tariff::TouCalendar& calendar) const;
    [[nodiscard]] Result<std::int64_t> energy(const tariff::Determinant& wanted) const;
    [[nodiscard]] Result<std::int64_t> priced(const tariff::Determinant& wanted) const;
    [[nodiscard]] Result<std::int64_t> peak(const tariff::Determinant& wanted,
                                            std::span<const Instant> coincident) const;

    TimeZone zone_;
    IntervalGrid grid_;
    int scale_;
    IntervalRows rows_;
    int missing_count_ = 0;
    mutable std::map<const tariff::TouCalendar*, std::vector<std::uint8_t>> periods_;
};

/// Answers a plan's question for chronological tiers.
class IntervalTierFiller final : public tariff::TierFiller {
public:
    explicit IntervalTierFiller(const IntervalUse& use) : use_(use) {}
    void fill(const tariff::ChronologicalFill& fill, std::span<const std::int64_t> limits,
              std::span<std::int64_t> wh) override {
        use_.fill_tiers(fill, limits, wh);
    }

private:
    const IntervalUse& use_;
};

}  // namespace watthour::usage
