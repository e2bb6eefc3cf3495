// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "billing/bill.hpp"
#include "metering/meter.hpp"
#include "rating/plan_book.hpp"
#include "tariff/catalogue.hpp"

#include <map>
#include <string>
#include <utility>
#include <vector>

namespace watthour::billing {

/// Reads and blocks of a run, fetched once for all its channels.
class ReadShelf {
public:
    void put(std::vector<metering::Read> reads);
    void put(std::vector<metering::StoredBlock> blocks);

    /// The read of exactly this date, or null.
    [[nodiscard]] const metering::Read* on(metering::ChannelId channel, Date date) const;
    /// The read nearest to the date, at most `before` days earlier and `after` days later; the
    /// earlier of two equally near. Source: R1.06, R1.08.
    [[nodiscard]] const metering::Read* near(metering::ChannelId channel, Date date, int before,
                                             int after) const;
    [[nodiscard]] const std::string* block(metering::ChannelId channel, Date month) const;

private:
    std::map<std::pair<metering::ChannelId, Date>, metering::Read> reads_;
    std::map<std::pair<metering::ChannelId, Date>, std::string> blocks_;
};

/// What an agreement used in a period, ready to be rated.
struct MeasuredUse {
    DateRange period;  ///< its end may differ from the scheduled read within the read window
    Energy delivered;
    std::vector<SegmentRead> reads;
    std::vector<rating::TouSegmentUse> tou;
    std::vector<std::pair<std::string, Energy>> by_tou;
    std::optional<Demand> measured_demand;
};

/// The fixed surroundings of measuring; read-only, shared by threads.
struct MeasureContext {
    const tariff::Catalogue* catalogue = nullptr;
    const TimeZone* zone = nullptr;
    const tariff::TouRunCache* runs = nullptr;
    const ReadShelf* shelf = nullptr;
    rating::PlanBook* plans = nullptr;  ///< of the run; none: each statement makes its own
};

/// From reads and intervals to billed quantities, for one agreement and period.
///
/// Units:  kWh to the Wh; kW rounded by the schedule.
/// Errors: billing.read_missing, opening_read_missing, meter_missing, channel_missing,
///         intervals_missing, steps_differ, subtraction_exceeds; usage.read_rolls_backward;
///         tariff.*; metering.block_damaged.
/// Source: R1.03, R1.06, R1.11, R1.12, R1.23, R2.20.
[[nodiscard]] Result<MeasuredUse> measure(const MeasureContext& context,
                                          const service::ServedAgreement& served,
                                          const std::vector<metering::InstalledMeter>& meters,
                                          DateRange period);

/// What meters counted by their registers alone, whatever the schedule; the code of `measure`.
/// For the balance of an exchange. Errors and source: as `measure`.
[[nodiscard]] Result<MeasuredUse> measure_by_registers(
    const MeasureContext& context, const std::vector<metering::InstalledMeter>& meters,
    DateRange period);

/// The interval step of a schedule's metering in minutes; 0 = registers alone.
[[nodiscard]] int interval_minutes_of(const tariff::RateSchedule& schedule,
                                      const std::vector<metering::InstalledMeter>& meters);

}  // namespace watthour::billing
