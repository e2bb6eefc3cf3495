// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "calendar/time_zone.hpp"
#include "sample/sample_utility.hpp"
#include "tariff/catalogue.hpp"

#include <string>
#include <vector>

namespace watthour::sample {

/// Writes what the meters of the sample would send for the days from <= d < until, as files of
/// the trade, and returns their paths in the order in which they are to be imported.
///
/// AMI, by CMEP: cmep-YYYY-MM.cmep for each whole month before the month of `until`, then
/// cmep-YYYY-MM-DD.cmep for each day of that month. Registers (KWHREG, dial units, multiplier in
/// its field) come as one row a channel with the midnights that end the file's days; the file
/// that begins at `from` has that midnight too. Intervals (KWH, three decimals, multiplier 1)
/// come as one row a channel and local day.
/// Opt-outs: handheld-ROUTE-YYYY-MM-DD.hup for each read date of the route's cycle.
///
/// The last daily file ends with three rows that are wrong on purpose: a day sent again with one
/// value changed, a meter that nobody has, and a row that is cut off.
/// Throws EnvironmentError when the disk refuses. Memory: one file at a time.
std::vector<std::string> write_meter_files(const SampleUtility& utility,
                                           const tariff::Catalogue& catalogue, const TimeZone& zone,
                                           Date from, Date until, const std::string& folder);

/// The serial in the last daily file that no record knows.
inline constexpr const char* unknown_serial = "V199999";

}  // namespace watthour::sample
