// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "app/enter_reads.hpp"
#include "app/reroute.hpp"

#include <optional>
#include <string>

namespace watthour::app {

/// A customer leaves AMI for a route that is walked, or comes back.
struct OptOutWish {
    std::string meter;
    std::string to_route;  ///< of the kind opt_out; of the kind ami for the way back
    bool back = false;
    std::optional<Date> on;  ///< the effective read; none: the business date
    std::string reading;     ///< as the dials showed it; empty: a read of these days is there
    std::string after;       ///< serial behind which the reader comes by
    bool accept_length = false;
    std::string why;
    bool dry_run = false;
};

struct OptedOut {
    Rerouted move;
    std::optional<EnteredRead> entered;  ///< the effective read, where it was told
    std::string reading;                 ///< the one that the change rests on
    Date read_on;
    Money fee;  ///< once, for the change; 0.00 where there is none
    std::string fee_code;
    std::int64_t work_items = 0;  ///< the fee and the order, which other rooms carry out
};

/// The point is read by hand from the effective read on (or by the network again), on another
/// route and, where that belongs to another cycle, with the bridge of a move. The fee of the table
/// (OPT-OUT-SETUP, lowered by a discount that the agreement has) and the order to change the
/// meter's module are proposed as work items; the fee of each period follows from the point being
/// an opt-out. Errors: those of reroute and enter_read; app.opt_out_there,
/// opt_out_without_register, opt_out_needs_intervals, opt_out_read_missing. Source: R7.06, 8.08.
[[nodiscard]] Result<OptedOut> opt_out(Office& office, const OptOutWish& wish);

[[nodiscard]] json::object to_json(const OptedOut& done, bool dry_run);

}  // namespace watthour::app
