// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "calendar/date.hpp"
#include "metering/meter.hpp"
#include "sample/shapes.hpp"

#include <cstdint>
#include <string>
#include <vector>

namespace watthour::sample {

/// What a meter or its radio does wrong. The load behind it stays what it is.
enum class FaultKind {
    silent,         ///< nothing is heard from `day` on
    missing_steps,  ///< `count` intervals of `day` from `step` on are not sent
    missing_read,   ///< the register read of `day` is not sent
    spike,          ///< interval `step` of `day` is sent `amount` times too large
    register_jump,  ///< from `day` on the register stands `amount` dial units too high
    misread,        ///< the read of `day` alone stands `amount` dial units too high (or low)
};

struct Fault {
    FaultKind kind = FaultKind::silent;
    Date day;
    int step = 0;
    int count = 0;
    std::int64_t amount = 0;
};

/// A channel of an installed meter and the load that it counts.
struct ChannelLoad {
    metering::ChannelId channel;
    metering::MeterId meter;
    service::ServicePointId point;
    std::string serial;
    int interval_minutes = 0;  ///< 0 = register
    int dials = 5;
    std::int64_t multiplier = 1;     ///< kWh for one dial unit
    std::int64_t start_reading = 0;  ///< on the dials at 00:00 of active.from
    bool by_hand = false;            ///< read by walking the route, not by radio
    DateRange active;                ///< of the installation
    Shape shape;
    DateRange zero;  ///< days without any use, when not empty
    std::vector<Fault> faults;

    [[nodiscard]] bool is_register() const { return interval_minutes == 0; }
    [[nodiscard]] bool is_silent_on(Date day) const;
};

/// Whole Wh used on a local day; 0 on the days of `zero`.
[[nodiscard]] std::int64_t used_wh(const ChannelLoad& load, Date day,
                                   const std::vector<int>& hours);
/// Whole Wh of each interval as the load is, faults apart.
void used_by_interval(const ChannelLoad& load, Date day, const std::vector<int>& hours,
                      std::vector<std::int64_t>& wh);

/// What the dials show after `cumulative_wh` since active.from: whole dial units, cut, wrapped
/// at 10^dials, with the faults of the date.
[[nodiscard]] std::int64_t dial_reading(const ChannelLoad& load, std::int64_t cumulative_wh,
                                        Date date);
/// True when the register read of the date is sent.
[[nodiscard]] bool read_is_sent(const ChannelLoad& load, Date date);

/// The hours of every day of a range, so that a zone is asked once a day and not once a meter.
class DayHours {
public:
    DayHours(const TimeZone& zone, DateRange days);
    [[nodiscard]] const std::vector<int>& of(Date day) const;
    [[nodiscard]] DateRange days() const { return days_; }

private:
    DateRange days_;
    std::vector<std::vector<int>> hours_;
};

/// Wh used from active.from until the date, exclusive.
[[nodiscard]] std::int64_t used_until(const ChannelLoad& load, Date until, const DayHours& hours);

}  // namespace watthour::sample
