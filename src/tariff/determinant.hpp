// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "calendar/date.hpp"
#include "tariff/price_series.hpp"
#include "tariff/tou_calendar.hpp"

#include <cstdint>
#include <span>

namespace watthour::tariff {

/// A row of intervals that can be measured.
enum class UsageChannel : std::uint8_t {
    delivered,   ///< Wh to the customer
    received,    ///< Wh from the customer
    net,         ///< delivered - received
    generation,  ///< Wh of the customer's own plant
    gross,       ///< delivered + generation - received
    reactive,    ///< VARh
    apparent,    ///< VAh of the same interval, for peaks only
};

/// One number that a plan needs from the use of a period, and how it is measured. Watt-hours for
/// energy, milliwatts for peaks, 10^-8 dollars for priced energy.
struct Determinant {
    enum class Kind : std::uint8_t {
        energy,         ///< sum over the range, or over the periods in the mask
        peak,           ///< highest window of the range, in the periods of the mask
        peak_if_in,     ///< the first highest window of the range, if it is in the mask, else 0
        coincident,     ///< of the windows that hold the system's peaks
        priced_energy,  ///< sum of Wh x the price of the hour
    };
    Kind kind = Kind::energy;
    UsageChannel channel = UsageChannel::delivered;
    DateRange range;
    const TouCalendar* calendar = nullptr;  ///< null: whatever the hour
    std::uint64_t periods = ~std::uint64_t{0};
    int window_minutes = 0;  ///< of peaks
    bool sliding = false;
    const PriceSeries* prices = nullptr;

    friend bool operator==(const Determinant&, const Determinant&) = default;
};

/// Energy that fills tiers in the order of time. The limits are known only when the plan runs,
/// for they may follow the billing demand.
struct ChronologicalFill {
    UsageChannel channel = UsageChannel::delivered;
    DateRange range;
    const TouCalendar* calendar = nullptr;
    int tiers = 0;
};

/// Splits the intervals of a period into tiers for a plan that asks. Asked only for charges whose
/// tiers are filled chronologically.
class TierFiller {
public:
    TierFiller() = default;
    TierFiller(const TierFiller&) = delete;
    TierFiller& operator=(const TierFiller&) = delete;
    virtual ~TierFiller() = default;
    /// `limits`: Wh, rising, one fewer than the tiers; `wh`: row by period, then by tier.
    virtual void fill(const ChronologicalFill& fill, std::span<const std::int64_t> limits,
                      std::span<std::int64_t> wh) = 0;
};

}  // namespace watthour::tariff
