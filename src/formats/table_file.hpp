// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "base/json.hpp"
#include "base/result.hpp"

#include <string>
#include <vector>

namespace watthour::formats {

/// Rows of a list as a file for a spreadsheet: a line of names, then the rows, whole. Text that a
/// spreadsheet would run as a formula (it begins with = + - @, a tab or a carriage return and is
/// no number) gets an apostrophe before it. What is not there is an empty cell; lists and objects
/// in a cell are JSON.
/// Source: RFC 4180; quality bar E7.
[[nodiscard]] Result<std::string> table_as_csv(const std::vector<std::string>& columns,
                                               const json::array& rows);

/// The same as XLSX; amounts and counts are numbers. Errors: formats.table_too_long, for a sheet
/// has 1,048,576 rows at most and nothing is cut.
[[nodiscard]] Result<std::string> table_as_xlsx(const std::vector<std::string>& columns,
                                                const json::array& rows);

}  // namespace watthour::formats
