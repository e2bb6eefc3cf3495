// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "calendar/date.hpp"
#include "calendar/time_zone.hpp"

#include <cstdint>
#include <string>
#include <vector>

namespace watthour::formats {

struct ExportedInterval {
    Instant start;
    std::int64_t wh = 0;  ///< VArh of reactive energy
    char status = 'A';    ///< letter of R1.44
    friend bool operator==(const ExportedInterval&, const ExportedInterval&) = default;
};

/// Intervals of one meter in one quantity, in order of time.
struct ExportedSeries {
    std::string meter;
    std::string quantity = "KWH";  ///< KWH, GKWH received, NKWH net, KVARH
    int minutes = 60;
    std::vector<ExportedInterval> intervals;
};

/// What was used at one point of service; nothing in it says by whom.
struct ExportedPoint {
    std::string key;  ///< tells points apart; only its digest is written
    std::vector<ExportedSeries> series;
};

struct UsageExport {
    std::string utility;
    Instant made;
    std::vector<ExportedPoint> points;
};

/// A Green Button feed (NAESB ESPI in Atom): a UsagePoint for each point, a MeterReading and a
/// ReadingType for each quantity, an IntervalBlock for each local day, with the rules by which the
/// zone changes its clock. Values are Wh and VArh. Names, addresses, accounts and serials are not
/// in it. Ids come from the keys alone: the same point has the same id in every feed.
///
/// What is missing or failed is left out. Quality: 0 for actual, 8 for estimated, 7 for verified
/// or edited, 10 where the clock moved.
/// Source: ESPI.
[[nodiscard]] std::string write_green_button(const UsageExport& usage, const TimeZone& zone);

/// A rule of ESPI's DstRuleType for the change of the clock to (`begins`) and from daylight time
/// about a year, 32 bits; 0xFFFFFFFF where the clock does not change or follows no such rule.
[[nodiscard]] std::uint32_t dst_rule(const TimeZone& zone, int year, bool begins);

/// The same use as csv-intervals: meter,start,kwh_delivered and what else is there, local times
/// with their offset. Of several qualities of a row the weakest stands.
[[nodiscard]] std::string write_csv_intervals(const UsageExport& usage, const TimeZone& zone);

/// One point as portals give it; local times, the autumn hour twice. Reactive energy is left out.
[[nodiscard]] std::string write_green_button_csv(const ExportedPoint& point, const TimeZone& zone);

}  // namespace watthour::formats
