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

/// "KWH-ON" and "KWH-GEN": a part of the day, or the circuit of a generator; neither is the
/// quantity itself.
[[nodiscard]] constexpr bool is_part_of_quantity(std::string_view channel_code) {
    const std::size_t at = channel_code.find('-');
    return is_part_of_day(channel_code) ||
           (at != std::string_view::npos && channel_code.substr(at + 1) == "GEN");
}

/// Whether a channel measures all of a quantity: "KWH-REG" does of "KWH", and "KWH-OFF" does not.
[[nodiscard]] constexpr bool measures(std::string_view channel_code, std::string_view quantity) {
    return measured_quantity(channel_code) == quantity && !is_part_of_quantity(channel_code);
}

}  // namespace watthour::metering
