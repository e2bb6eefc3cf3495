// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <string_view>
#include <vector>

namespace watthour::documents {

/// The modules of a Code 128 symbol from left to right, true = bar. Errors: text that Code 128
/// cannot hold is a defect.
[[nodiscard]] std::vector<bool> code128_modules(std::string_view ascii);

}  // namespace watthour::documents
