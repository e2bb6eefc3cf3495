// SPDX-License-Identifier: Apache-2.0
#include "base/check.hpp"

#include <fmt/format.h>

namespace watthour {

void raise_defect(const char* file, int line, const char* condition, const std::string& message) {
    throw Defect(fmt::format("{}:{}: {} ({})", file, line, message, condition));
}

}  // namespace watthour
