// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "base/json.hpp"
#include "cases/rate_year.hpp"

#include <string_view>

namespace watthour::cases {

/// The forms of known-answer years (data/rates, data/known-bills).
enum class YearForm { none, monthly_lists, simulator_keys };

/// Which form a parsed case has; none for a worked bill.
[[nodiscard]] YearForm year_form_of(const json::value& parsed);

/// Reads a case and the series that it names: profiles in the folder `profiles` beside its own,
/// or files in the folder beside its own. Errors: base.json_malformed, base.file_missing,
/// cases.*.
[[nodiscard]] Result<YearCase> read_year_case(const json::value& parsed, std::string_view file_name,
                                              YearForm form);

/// Rates a case both ways and answers in its form: {"id","without_generation":{"years":[..]},
/// "with_generation":{..}} or {"id","year1_monthly_utility_bill_wo_sys":[..], ..}.
[[nodiscard]] Result<json::value> answer_year_case(const YearCase& given, YearForm form);

}  // namespace watthour::cases
