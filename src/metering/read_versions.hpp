// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "metering/meter.hpp"

#include <optional>
#include <vector>

namespace watthour::metering {

/// A row of a register: one of the values that were ever given for a moment and type. Empty
/// reading: the values of its type before it are taken back.
struct ReadVersion {
    Read read;
    Date recorded_on;       ///< of its file
    std::string file_name;  ///< "reads-0609.cmep"; an entry names who made it
};

/// The read of each channel and date that counts: precedence by R1.02, of one type the latest.
/// `versions` are in order of channel, date, type and version.
[[nodiscard]] std::vector<Read> reads_that_count(std::vector<Read> versions);

/// The same of what was recorded until the end of a business date; none: of all there is.
[[nodiscard]] std::vector<Read> reads_that_count(const std::vector<ReadVersion>& versions,
                                                 std::optional<Date> known_on);

}  // namespace watthour::metering
