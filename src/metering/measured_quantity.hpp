// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstddef>
#include <string_view>

namespace watthour::metering {

/// What a channel measures, from its code: "KWH" delivered, "GKWH" received, "NKWH" net energy,
/// "KVARH" reactive, "KW" demand. What stands behind a hyphen tells channels of a meter apart:
/// "KWH-REG", "KWH-INT". Source: CMEP-1.20, for the prefixes.
[[nodiscard]] constexpr std::string_view measured_quantity(std::string_view channel_code) {
    return channel_code.substr(0, channel_code.find('-'));
}

/// "KWH-ON": what stands behind the hyphen names a part of the day, whose use is within that of the
/// whole. Source: R1.36.
[[nodiscard]] constexpr bool is_part_of_day(std::string_view channel_code) {
    const std::size_t at = channel_code.find('-');
    if (at == std::string_view::npos) return false;
    const std::string_view part = channel_code.substr(at + 1);
    return part == "ON" || part == "OFF" || part == "PART";
}

}  // namespace watthour::metering
