// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "app/meter_shop.hpp"
#include "metering/exchange_balance.hpp"

#include <cstdint>
#include <optional>
#include <string>

namespace watthour::app {

/// A meter comes to a point, goes from it, or both at once. At least one of the two is named.
struct MeterWork {
    std::optional<std::int64_t> point;  ///< none: where the outgoing meter hangs
    std::string out;                    ///< serial of the meter that goes; empty: none
    std::string removal_read;
    std::string in;  ///< serial of the meter that comes; empty: none
    std::string set_read;
    std::optional<Date> on;  ///< none: the business date
    std::string role;        ///< of a meter that comes; empty: as the one that goes
    std::string why;
    bool dry_run = false;
};

struct MeterWorkDone {
    service::ServicePointId point;
    Date on;
    std::optional<metering::MeterInstallation> removed;
    std::optional<metering::MeterInstallation> set;
    /// Of an exchange of registers; none where intervals alone are billed.
    std::optional<metering::ExchangeBalance> balance;
    std::string account;  ///< that is served there on the day; empty: nobody
};

/// Exchanges a meter, sets one, or takes one down: the installations as a new known version, the
/// states of both meters, and the audit entry, in one transaction. An exchange closes only when
/// the kWh of both registers are the kWh that billing measures for the point.
///
/// Errors: access.not_allowed, access.reason_missing; app.meter_unknown, meter_same,
/// meter_not_available, meter_test_wanting, meter_elsewhere, meter_hangs, meter_channel_missing,
/// meter_field_wrong, point_unknown, point_has_meter, exchange_in_billed_days, exchange_day_wrong,
/// exchange_read_missing, exchange_read_unwanted; metering.multiplier_disagrees, balance_open;
/// billing.opening_read_missing; usage.read_malformed, read_too_fine, read_beyond_dials,
/// read_rolls_backward. Source: R1.04, R1.11, R1.61, R7.05.
[[nodiscard]] Result<MeterWorkDone> work_on_meter(Office& office, const MeterWork& work);

}  // namespace watthour::app
