// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "sample/channel_load.hpp"
#include "sample/sample_utility.hpp"
#include "sample/slots.hpp"

#include <string>
#include <string_view>

namespace watthour::sample {

inline constexpr std::string_view register_code = "KWH-REG";
inline constexpr std::string_view interval_code = "KWH-INT";

struct MeterPlace {
    const Slot& slot;
    const CycleDates& dates;
    customers::AccountId account;
    service::ServicePointId point;
    std::string phase;
    int minutes_residential = 60;
    int minutes_commercial = 15;
    Date business_date;
    std::int64_t seed = 0;
};

/// Adds the meter of a point, or both meters of an exchange, with channels, loads and faults.
///
/// R-1 and C-1 have a register; R-TOU and R-EV hourly intervals; C-2 a register for the energy
/// and quarter hours for the demand. Channel ids come from "serial|code".
void install_meters(SampleUtility& utility, const MeterPlace& place, const DayHours& hours);

}  // namespace watthour::sample
