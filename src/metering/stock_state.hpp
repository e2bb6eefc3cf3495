// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "base/result.hpp"

#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace watthour::metering {

/// Where a meter stands between its order and its end. Source: R7.05.
enum class StockState {
    ordered,
    received,
    tested,
    available,  ///< on the shelf, may be set
    issued,     ///< with a crew
    in_service,
    removed,
    in_test,
    refurbished,
    quarantined,  ///< nobody may set it until it was looked at
    retired,
    returned,  ///< to its maker
};

/// "in_service", as the database, commands and the API write it.
[[nodiscard]] std::string_view to_text(StockState state);
[[nodiscard]] std::optional<StockState> stock_state_of(std::string_view text);
/// All of them, in order.
[[nodiscard]] const std::vector<StockState>& all_stock_states();

/// What may follow a state; nothing follows `retired`. Source: R7.05.
[[nodiscard]] const std::vector<StockState>& followers_of(StockState state);

/// Whether a meter may go from one state to another.
/// Errors: metering.state_cannot_follow, which names those that may.
[[nodiscard]] Result<void> check_transition(const std::string& serial, StockState from,
                                            StockState to);

}  // namespace watthour::metering
