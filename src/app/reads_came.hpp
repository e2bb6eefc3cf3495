// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "app/office.hpp"
#include "base/json.hpp"

#include <cstdint>
#include <optional>
#include <string>
#include <vector>

namespace watthour::app {

/// A channel of which nothing came for the last day: no interval, or no read at its end.
struct SilentChannel {
    metering::MeterId meter;
    std::string serial;
    std::string quantity;  ///< "KWH"; of a register its code, "KWH-REG"
    std::string route;
    std::string head_end;          ///< "" = no settings name one
    std::string account;           ///< "" = nobody is served there
    std::optional<Date> last_day;  ///< none = not within the days looked back
    int days = 0;
    /// Local time; "" = it did not say so, or that its power is back.
    std::string no_power_since;
};

/// How many channels of a route or a head-end came.
struct ChannelsCame {
    std::string of;
    std::int64_t channels = 0;
    std::int64_t came = 0;    ///< the whole day
    std::int64_t partly = 0;  ///< some intervals of it

    [[nodiscard]] std::int64_t silent() const { return channels - came - partly; }
    /// Of those that came whole, rounded down to a tenth: "99.9" is never all.
    [[nodiscard]] std::string percent() const;
};

struct ReadsCame {
    Date day;
    ChannelsCame all;
    std::vector<ChannelsCame> routes;     ///< in order of route
    std::vector<ChannelsCame> head_ends;  ///< empty where no settings name one
    std::vector<SilentChannel> silent;    ///< in order of route and meter
};

/// Days back in which the last read of a silent channel is looked for.
inline constexpr int days_of_silence = 31;

/// Which reads of the day before a date came: the intervals of every channel, and the energy
/// registers of points that the network reads each midnight. Estimates have not come.
/// Source: R1.45, R1.52.
[[nodiscard]] ReadsCame reads_came(Office& office, Date date);

[[nodiscard]] json::object to_json(const ReadsCame& came);

}  // namespace watthour::app
