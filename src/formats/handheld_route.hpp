// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "base/decimal.hpp"
#include "calendar/date.hpp"
#include "formats/handheld.hpp"

#include <cstdint>
#include <optional>
#include <string>
#include <utility>
#include <vector>

namespace watthour::formats {

/// A register that is to be read.
struct RouteRegister {
    std::string reg = "KWH";
    int dials = 5;
    int decimals = 0;
    std::optional<Decimal> last_reading;
    std::optional<Date> last_date;
    /// Whole dial units; readings outside are asked for again by the handheld.
    std::optional<std::int64_t> low_limit;
    std::optional<std::int64_t> high_limit;
    friend bool operator==(const RouteRegister&, const RouteRegister&) = default;
};

/// A door of the walk.
struct RouteDoor {
    std::string account;
    std::string name;
    std::string street;  ///< "412 Oak Street"; the number goes into its own columns
    std::string meter;
    std::vector<std::pair<std::string, std::string>> messages;  ///< kind and text: dog, key, ...
    std::vector<RouteRegister> registers;
    friend bool operator==(const RouteDoor&, const RouteDoor&) = default;
};

/// A route as it goes out to the reader, in walk order.
struct HandheldRoute {
    Date read_date;
    std::string utility;
    std::string cycle;
    std::string route;
    std::string message;
    std::vector<RouteDoor> doors;
};

/// Writes a download file; every trailer counts what it closes. Text that is longer than its
/// columns is cut, accents are taken off, as handhelds show plain letters. The same route gives the
/// same bytes. Source: MVRS-126; the layout is data and names its own doubts.
[[nodiscard]] std::string write_handheld_route(const HandheldRoute& route,
                                               const Layout& layout = shipped_layout("mvrs-126"));

}  // namespace watthour::formats
