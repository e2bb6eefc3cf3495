// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <string>
#include <string_view>
#include <vector>

namespace watthour::formats {

/// Cells of a CSV text by row (RFC 4180): quotes and quoted line ends are undone, empty rows at
/// the end are dropped. Any text is read; what a row means is for the caller.
[[nodiscard]] std::vector<std::vector<std::string>> csv_cells(std::string_view bytes);

}  // namespace watthour::formats
