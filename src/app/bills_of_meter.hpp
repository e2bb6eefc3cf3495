// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "app/office.hpp"
#include "usage/register_use.hpp"

#include <optional>
#include <string>
#include <vector>

namespace watthour::app {

/// An installation as billing read it and as it reads it after its meter was corrected.
struct ReadDifferently {
    metering::InstalledMeter before;
    metering::InstalledMeter after;
};

/// An issued bill that counted by what was recorded, beside what it would be.
struct BillOfMeter {
    customers::AccountId account;
    std::string bill;
    int segment = 1;
    DateRange period;
    Energy billed_use;
    Money billed;
    std::optional<Energy> use;  ///< computed again; none where it cannot be, and `why_not` says why
    std::optional<Money> amount;
    std::string why_not;
};

/// The face of a meter's registers by the reading policy in force.
[[nodiscard]] usage::RegisterFace face_of(Office& office, const metering::Meter& meter);

/// The issued bills that have counted by registers of these installations of one meter, each beside
/// what the same reads come to with the corrected dials and multiplier, at the prices of its days.
/// What else a bill recorded stays: other meters, intervals, demand. In order of account, period
/// and number. Changes nothing.
///
/// Units:  kWh to the Wh, dollars to the cent.
/// Source: R1.03, R1.04, R1.12.
[[nodiscard]] std::vector<BillOfMeter> bills_of_meter(Office& office,
                                                      const std::vector<ReadDifferently>& changed);

}  // namespace watthour::app
