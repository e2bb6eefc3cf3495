// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "base/json.hpp"
#include "base/result.hpp"
#include "tariff/catalogue.hpp"

#include <string_view>

namespace watthour::cases {

/// Rates every statement of a worked case from its `input`; `expected` is never looked at and
/// may be absent.
///
/// Answers {"id", "statements": [{"n", ..., "lines", "subtotals", "current_charges", "account",
/// "journal"}]} in the order of the case, in the style of the worked bills: money and quantities
/// are decimal strings.
/// Errors:  base.json_malformed, cases.*, and those of usage and rating. The first refusal
///          ends the case: nothing is half computed.
/// Source:  VEU-WB.
[[nodiscard]] Result<json::value> rate_case(std::string_view json_text, std::string_view file_name);

/// The same with the tariffs given.
[[nodiscard]] Result<json::value> rate_case(std::string_view json_text, std::string_view file_name,
                                            const tariff::Catalogue& catalogue);

}  // namespace watthour::cases
