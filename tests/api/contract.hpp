// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "api/http.hpp"
#include "base/json.hpp"

#include <string>

namespace watthour::api_test {

/// What of an answer the contract does not allow; empty when it is as the contract says.
/// Understands what our contract uses of JSON Schema: type, required, properties,
/// additionalProperties, items, pattern of money, format of dates, $ref.
[[nodiscard]] std::string breaks_contract(const json::object& contract, std::string_view pattern,
                                          std::string_view method, const api::Response& response);

}  // namespace watthour::api_test
