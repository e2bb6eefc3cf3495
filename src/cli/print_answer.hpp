// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "base/json.hpp"

#include <string>

namespace watthour::cli {

/// A value as a cell for people: nothing as a dash.
[[nodiscard]] std::string cell_text(const json::value& value);
/// A table with columns as wide as their widest cell; numbers to the right.
void print_table(const json::array& rows);
/// Any answer for people: its fields one on a line, its lists as tables.
void print_answer(const json::value& answer);

}  // namespace watthour::cli
