// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <string>
#include <string_view>

namespace watthour::formats {

/// Our name of a meter event, from the table codes/end-device-events.json: "power_failed",
/// "cover_removed". By its code, else by the vendor's text; "" = neither is known.
/// Source: IEC61968-9, MULTISPEAK; a site adds the codes of its vendor to the table.
[[nodiscard]] std::string_view event_name(std::string_view code, std::string_view text);
/// Our name of a control: "disconnect", "reconnect"; "" = not known.
[[nodiscard]] std::string_view control_name(std::string_view code);
/// What a reply code means, in words; "" = not known.
[[nodiscard]] std::string_view reply_meaning(std::string_view code);
/// Four numbers with points between them.
[[nodiscard]] bool is_event_code(std::string_view code);

}  // namespace watthour::formats
