// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "base/decimal.hpp"
#include "base/problem.hpp"

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace watthour::formats {

/// What the values of a meter reading are, in ESPI codes; -1 = not stated.
struct GreenButtonType {
    std::string self;
    int accumulation = -1;  ///< 4 use of the interval, 3 and 1 register
    int flow = -1;          ///< 1 delivered, 19 received, 4 net
    int power_of_ten = 0;
    int unit = -1;  ///< 72 Wh, 73 VArh, 38 W, 169 therm
    int interval_seconds = -1;
    int currency = -1;
};

/// One value. Its energy is value x 10^power_of_ten of the unit.
struct GreenButtonReading {
    std::int64_t start = 0;  ///< seconds of UTC
    std::int64_t value = 0;
    std::optional<std::int64_t> cost;  ///< 1/100,000 of the currency
    std::int32_t duration = 0;         ///< seconds
    std::int16_t quality = -1;         ///< ESPI code; -1 = not stated
};

struct GreenButtonBlock {
    std::int64_t line = 0;
    std::string self;
    std::string up;
    std::vector<GreenButtonReading> readings;
    int type = -1;  ///< index into GreenButtonFile::types; -1 = none belongs to it
};

struct GreenButtonFile {
    std::vector<std::string> usage_points;  ///< by their own address
    int service_kind = -1;                  ///< 0 electricity, 1 gas, 2 water
    struct MeterReading {
        std::string self;
        std::vector<std::string> related;
    };
    std::vector<MeterReading> meter_readings;
    std::vector<GreenButtonType> types;
    std::vector<GreenButtonBlock> blocks;
    Problems problems;
    Problems notes;  ///< findings that do not make the file bad
};

/// Reads a Green Button feed or entry (NAESB ESPI in Atom). Entries are tied by their links, not
/// by their order. A bad reading is reported and left out; the good ones go on.
///
/// Errors: never; problems are greenbutton.xml, forbidden, root, start, duration, value, cost,
///         number, type.
/// Source: ESPI.
[[nodiscard]] GreenButtonFile read_green_button(std::string_view bytes);

}  // namespace watthour::formats
