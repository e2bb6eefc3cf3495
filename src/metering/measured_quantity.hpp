// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <string_view>

namespace watthour::metering {

/// What a channel measures, from its code: "KWH" delivered, "GKWH" received, "NKWH" net energy,
/// "KVARH" reactive, "KW" demand. What stands behind a hyphen tells channels of a meter apart:
/// "KWH-REG", "KWH-INT". Source: CMEP-1.20, for the prefixes.
[[nodiscard]] constexpr std::string_view measured_quantity(std::string_view channel_code) {
    return channel_code.substr(0, channel_code.find('-'));
}

}  // namespace watthour::metering
