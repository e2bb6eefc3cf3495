// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <string_view>
#include <vector>

namespace watthour::storage {

/// Something that happens once, however often it is asked for, and the unique key that decides it.
struct Effect {
    std::string_view effect;
    std::string_view table;
    std::string_view key;  ///< columns in the order of the key
};

/// The registry of effects. A test holds every key to the schema of both engines and every effect
/// to docs/exactly-once.md.
[[nodiscard]] const std::vector<Effect>& effects();

}  // namespace watthour::storage
