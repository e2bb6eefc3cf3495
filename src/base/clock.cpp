// SPDX-License-Identifier: Apache-2.0
#include "base/clock.hpp"

#include <chrono>

namespace watthour {

std::int64_t SystemClock::now() const {
    return std::chrono::duration_cast<std::chrono::seconds>(
               std::chrono::system_clock::now().time_since_epoch())
        .count();
}

}  // namespace watthour
