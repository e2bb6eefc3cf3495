// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "base/json.hpp"
#include "formats/fields.hpp"

#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

namespace watthour::formats {

/// Text of a file as JSON: what is no printable ASCII is replaced.
[[nodiscard]] inline json::value text(std::string_view value) {
    return json::string(ascii_columns(value));
}
[[nodiscard]] inline std::int64_t size_of(std::size_t size) {
    return static_cast<std::int64_t>(size);
}
[[nodiscard]] inline json::array list(const std::vector<std::string>& values) {
    json::array made;
    for (const std::string& value : values) made.push_back(text(value));
    return made;
}
[[nodiscard]] inline json::array rejected_json(const std::vector<RejectedLine>& rejected) {
    json::array made;
    for (const RejectedLine& line : rejected) {
        made.push_back(json::object{{"line", line.line}, {"raw", text(line.raw)}});
    }
    return made;
}

}  // namespace watthour::formats
