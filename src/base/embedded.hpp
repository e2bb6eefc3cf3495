// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstddef>
#include <span>
#include <string_view>

namespace watthour {

/// A file that the build put into the binary.
struct EmbeddedFile {
    std::string_view name;
    std::string_view text;
};

}  // namespace watthour
