// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "base/json.hpp"

#include <string>
#include <string_view>
#include <vector>

namespace watthour::api {

/// The contract as OpenAPI 3.1, from the table of operations and the schemas of answers.
[[nodiscard]] const json::object& openapi();

/// The contract as a page for people, without anything from another host.
[[nodiscard]] const std::string& openapi_page();

/// The names of the columns of a list, by the schema of its answer, in the order of the contract.
[[nodiscard]] std::vector<std::string> columns_of(const json::object& contract,
                                                  std::string_view list);

}  // namespace watthour::api
