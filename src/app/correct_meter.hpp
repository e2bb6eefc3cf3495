// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "app/bills_of_meter.hpp"
#include "app/meter_shop.hpp"
#include "base/json.hpp"

#include <map>
#include <optional>
#include <string>
#include <vector>

namespace watthour::app {

/// Details by their name with what is right: "ct_ratio" "600:5". An empty text is none: no ratio,
/// no form, no program. Names: ct_ratio, pt_ratio, register_constant, multiplier, dials, decimals,
/// form, maker, model, program, tou_program.
using RightDetails = std::map<std::string, std::string>;

/// What was recorded of a meter and was never so.
struct MeterCorrection {
    std::string serial;
    RightDetails right;
    std::optional<Date> on;     ///< details of this day are wrong; none: the business date
    std::optional<Date> since;  ///< none: they were wrong from their first day
    std::string why;
    bool dry_run = false;
};

struct MeterCorrected {
    metering::Meter meter;
    metering::MeterDetails before;
    metering::MeterDetails after;
    /// Multiplier, dials or decimals by which billing reads the meter at a point, now or once.
    bool counts_differently = false;
    std::vector<BillOfMeter> bills;  ///< in order of account, period and number
    Money difference;                ///< of all bills, computed again less billed
    std::int64_t work_items = 0;     ///< that ask for these bills to be made anew
};

/// Corrects what is recorded of a meter: only what is given changes, and what was believed stays
/// under the day on which it was recorded. The corrected details hold from the first day of those
/// that were believed; those of a meter that was set before its first details hold from then on. A
/// day within an installation is no first day, because billing reads a meter by the details of the
/// day it was set.
///
/// A ratio or constant without a multiplier gives the multiplier. Where the meter was known by a
/// multiplier alone, a ratio takes the place of the constant that stood for it.
///
/// Where billing counts differently, a second person must agree; the issued bills that rest on
/// registers of the meter are computed again, and an item for each account asks for them to be made
/// anew with the difference at stake. Intervals are stored as energy and do not change. Reads that
/// the corrected dials could not show, or between which they would have turned back, are refused.
///
/// Errors: access.*; app.meter_unknown, meter_field_wrong, correction_changes_nothing,
/// correction_within_installation, correction_breaks_reads; metering.ratio_malformed,
/// factor_malformed, multiplier_disagrees; base.number_malformed. Source: R1.04, R4.10.
[[nodiscard]] Result<MeterCorrected> correct_meter(Office& office, const MeterCorrection& wish);

/// Carries out a correction to which a second person has agreed.
[[nodiscard]] Result<void> carry_out_correction(Office& office, const std::string& parameters,
                                                std::int64_t approval);

[[nodiscard]] json::object to_json(const MeterCorrected& done, bool dry_run);

}  // namespace watthour::app
