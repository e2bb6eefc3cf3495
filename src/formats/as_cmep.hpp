// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "formats/cmep.hpp"
#include "formats/green_button.hpp"
#include "formats/iec61968.hpp"
#include "formats/multispeak.hpp"
#include "formats/nem12.hpp"

#include <string>
#include <vector>

namespace watthour::formats {

/// Reads of another format as rows of CMEP, the shape in which all reads meet their meters. A row
/// keeps the line it came from. Units are KWH and KVARH with a multiplier, behind G for received
/// and N for net energy, and end in REG for registers; what is something else keeps a name of its
/// own ("UOM38"), which no channel has.

/// Substituted and estimated values are marked E, null values N. Times are those of UTC+10.
[[nodiscard]] std::vector<CmepRow> as_cmep(const NemFile& file);

/// Registers of time-of-use rows, each under the code of its own channel: KWH-ONREG, KWH-OFFREG,
/// KWH-PARTREG, and KWHREG for the total. Use between two times is no register and is left out.
[[nodiscard]] std::vector<CmepRow> as_cmep(const std::vector<CmepTouRow>& tou_rows);

/// A feed names no meter, so the caller does. Neighbouring readings of one length are one row.
[[nodiscard]] std::vector<CmepRow> as_cmep(const GreenButtonFile& file, const std::string& meter);

/// Readings of one meter and type are one row; a register's values are in whole units. Quality
/// 7.x is marked A, 8.x and 12.x E, 10.x R, a missing value N; 5.x and 6.x, what failed a test, and
/// what an editor rejected (7.3) is doubtful. The reason `inquiry` makes on-demand reads.
/// Source: IEC61968-9.
[[nodiscard]] std::vector<CmepRow> as_cmep(const IecFile& file);

/// The same for MultiSpeak. Readings that answer a request are on-demand reads; an interval with
/// a status of the vendor's own is doubtful. Source: MULTISPEAK, R1.02.
[[nodiscard]] std::vector<CmepRow> as_cmep(const MultiSpeakFile& file);

}  // namespace watthour::formats
