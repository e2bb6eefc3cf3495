// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "base/result.hpp"
#include "calendar/date.hpp"
#include "quantity/energy.hpp"

#include <string>

namespace watthour::metering {

/// One meter's part of the use of a point: what its register counted between two reads.
struct BalanceSide {
    std::string serial;
    DateRange days;
    std::string from_read;
    std::string until_read;
    Energy energy;
};

/// An exchange seen from both sides: what the two registers counted, and what the point used in
/// the same days as it will be billed.
struct ExchangeBalance {
    BalanceSide old_meter;  ///< opening read to removal read
    BalanceSide new_meter;  ///< set read to the last read there is; no energy before its first read
    Energy point;

    [[nodiscard]] Energy sum() const { return old_meter.energy + new_meter.energy; }
};

/// Both sides must be the same to the Wh. Errors: metering.balance_open. Source: R1.11.
[[nodiscard]] Result<void> check_balance(const ExchangeBalance& balance);

}  // namespace watthour::metering
