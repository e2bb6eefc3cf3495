// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "base/decimal.hpp"
#include "base/result.hpp"
#include "metering/meter.hpp"
#include "quantity/energy.hpp"

#include <string_view>

namespace watthour::usage {

/// The face of a register and what its units are worth.
struct RegisterFace {
    int dials = 5;     ///< digits before the point
    int decimals = 0;  ///< digits after the point
    Multiplier multiplier;
    Decimal rollover_max_fraction;  ///< of the dial range; from policies, never assumed
};

/// The face of a meter's registers. `rollover_max_fraction` is that of the reading policy.
[[nodiscard]] RegisterFace face_of(const metering::Meter& meter,
                                   const Decimal& rollover_max_fraction);

struct RegisterUse {
    Decimal difference;  ///< dial units
    bool rolled_over = false;
    Energy energy;  ///< difference x multiplier
};

/// Use between two reads of one register of one meter.
///
/// Units:    reads in dial units as the dials show them; the result in Wh, never negative.
/// Rounding: none; a product finer than 1 Wh is refused.
/// Errors:   usage.read_malformed, read_too_fine, read_beyond_dials, usage.read_rolls_backward,
///           base.number_too_fine.
/// Source:   R1.03 (a wrapped difference counts only up to the share stated), R1.04.
[[nodiscard]] Result<RegisterUse> register_use(std::string_view from_read,
                                               std::string_view until_read,
                                               const RegisterFace& face);

}  // namespace watthour::usage
