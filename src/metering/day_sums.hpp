// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "calendar/time_zone.hpp"
#include "metering/interval_block.hpp"

#include <cstdint>
#include <span>
#include <string>
#include <string_view>
#include <vector>

namespace watthour::metering {

/// What the intervals of one local day come to.
struct DaySum {
    std::int64_t wh = 0;           ///< of the intervals that count
    std::int64_t highest_wh = 0;   ///< the highest of those; 0 where none is above 0
    std::int32_t not_counted = 0;  ///< missing, or taken out by a check
    std::uint8_t kinds = 0;        ///< bit n: an interval has the status n

    friend bool operator==(const DaySum&, const DaySum&) = default;
};

/// Whether a value of this status is part of a sum. Source: R1.44.
[[nodiscard]] constexpr bool counts(IntervalStatus status) {
    return status != IntervalStatus::missing && status != IntervalStatus::failed;
}

/// Neighbouring intervals that have had a value since the same business day.
struct KnownRun {
    std::int32_t count = 0;
    Date since;

    friend bool operator==(const KnownRun&, const KnownRun&) = default;
};
/// Of intervals that never had a value.
inline constexpr Date never_known = end_of_time;
/// Of intervals that came before the days of their coming were kept.
inline constexpr Date always_known = Date::ymd(1, 1, 1);

/// Kept beside the block of a channel and month.
struct MonthSums {
    std::vector<DaySum> days;     ///< one a day of the month
    std::vector<KnownRun> known;  ///< they cover the intervals of the month

    friend bool operator==(const MonthSums&, const MonthSums&) = default;
};

/// The first step of each day of a range, and of the day after it, from the first one on.
[[nodiscard]] std::vector<std::int32_t> day_steps(const TimeZone& zone, DateRange days,
                                                  int minutes);

/// The interval length with which that many intervals tile the days; 0 where none does.
[[nodiscard]] int minutes_of(const TimeZone& zone, DateRange days, int count);

/// The sums of days; `steps` as of day_steps, with one more entry than days. Units: Wh.
[[nodiscard]] std::vector<DaySum> sum_days(std::span<const std::int64_t> wh,
                                           std::span<const IntervalStatus> status,
                                           std::span<const std::int32_t> steps);

/// Intervals that have a value now and had none are known since `on`; the others stay as they
/// are. An empty list is one of never known.
void note_known(std::vector<KnownRun>& known, std::span<const IntervalStatus> status, Date on);

/// When each interval got its first value.
[[nodiscard]] std::vector<Date> known_since(std::span<const KnownRun> known, int count);

/// Packs them:
///
///   version (1), days (1), runs of (kinds, not counted), sums and highest values of the days with
///   any value, each as base (zigzag varint), width (1 byte) and packed bits, runs of known
///   intervals, CRC-32C (4 bytes).
///
/// About 110 bytes a month.
[[nodiscard]] std::string encode_sums(const MonthSums& sums, Date month);
/// Errors: metering.sums_damaged.
[[nodiscard]] Result<MonthSums> decode_sums(std::string_view bytes, Date month);

}  // namespace watthour::metering
