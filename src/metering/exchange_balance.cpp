// SPDX-License-Identifier: Apache-2.0
#include "metering/exchange_balance.hpp"

#include "metering/errors.hpp"

namespace watthour::metering {

Result<void> check_balance(const ExchangeBalance& balance) {
    if (balance.sum() == balance.point) return {};
    return Error(errors::balance_open, {{"old", balance.old_meter.energy.to_string()},
                                        {"old_meter", balance.old_meter.serial},
                                        {"new", balance.new_meter.energy.to_string()},
                                        {"new_meter", balance.new_meter.serial},
                                        {"sum", balance.sum().to_string()},
                                        {"point", balance.point.to_string()}});
}

}  // namespace watthour::metering
