// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "base/words.hpp"

#include <string>

namespace watthour::tariff {

using watthour::Language;

/// One text of a tariff in both languages; neither may be left out.
struct LocalText {
    std::string en;
    std::string es;

    [[nodiscard]] const std::string& in(Language language) const {
        return language == Language::spanish ? es : en;
    }
};

}  // namespace watthour::tariff
