// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "base/decimal.hpp"
#include "metering/meter.hpp"
#include "metering/meter_shop.hpp"

#include <cstdint>
#include <optional>
#include <set>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

namespace watthour::app {

/// What a file finds a channel by: meter, quantity, and whether it is a register.
///
/// A million channels take some 40 bytes each and are found by halving; rows of one meter that
/// follow each other look once.
class ChannelDirectory {
public:
    struct Found {
        std::string_view code;
        metering::ChannelId channel;
        int interval_minutes = 0;
    };

    explicit ChannelDirectory(std::vector<metering::ChannelAddress> addresses);

    [[nodiscard]] bool knows(std::string_view serial) const;

    /// The channel with this very code, else the first that measures it ("KWH" finds "KWH-INT",
    /// never a part of the day such as "KWH-ON"). The code of the result lives as long as this.
    [[nodiscard]] std::optional<Found> find(std::string_view serial, std::string_view code,
                                            bool is_register) const;

private:
    struct Row {
        metering::ChannelId channel;
        const std::string* code = nullptr;
        std::int32_t interval_minutes = 0;
    };
    struct Meter {
        std::uint32_t name_at = 0;  ///< in `names_`, until that of the next
        std::uint32_t first_row = 0;
    };
    [[nodiscard]] std::string_view name_of(std::size_t meter) const;
    /// Its place, or that of the one behind all.
    [[nodiscard]] std::size_t place_of(std::string_view serial) const;

    std::string names_;
    std::set<std::string> codes_;
    std::vector<Row> rows_;
    std::vector<Meter> meters_;  ///< in byte order of their serials, and an end
    mutable std::size_t last_ = 0;
};

/// What the dials of the meters of a file can show, as believed on the day of each read.
class DialsOfMeters {
public:
    explicit DialsOfMeters(std::vector<metering::DialFace> faces);

    /// The read as the dials of this meter show it: without zeros behind its last decimal. None,
    /// with `why` and `rule`, for one that is negative or has more digits before the point. Finer
    /// than the dials, or of a meter that is not known: as sent. Source: R1.05.
    struct Shown {
        std::optional<std::string> read;
        const char* rule = nullptr;
        std::string why;
        const char* remedy = nullptr;
    };
    [[nodiscard]] Shown shown(std::string_view serial, Date day, const Decimal& value) const;

private:
    std::vector<metering::DialFace> faces_;  ///< in order of serial and start
};

}  // namespace watthour::app
