// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "base/result.hpp"

#include <boost/json/array.hpp>
#include <boost/json/object.hpp>
#include <boost/json/value.hpp>

#include <string>
#include <string_view>

namespace watthour {

namespace json = boost::json;

/// Errors: base.json_malformed with the place. Depth is limited to 64.
[[nodiscard]] Result<json::value> parse_json(std::string_view text, std::string_view file_name);
/// One line, keys in the order they were put.
[[nodiscard]] std::string to_text(const json::value& value);
/// Null where there is nothing to say.
[[nodiscard]] json::value text_or_null(std::string_view text);
/// Indented by two blanks; arrays and objects that fit stay on one line.
[[nodiscard]] std::string to_pretty_text(const json::value& value);

}  // namespace watthour
