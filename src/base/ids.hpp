// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <compare>
#include <cstdint>
#include <functional>
#include <string_view>

namespace watthour {

/// A 64-bit identity of one kind of thing; ids of different kinds do not mix.
template <class Tag>
struct Id {
    std::int64_t value = 0;
    friend auto operator<=>(const Id&, const Id&) = default;
};

/// 63 bits of SHA-256 over "kind|key": the same business key gives the same id on every
/// database and engine. Positive, never 0.
[[nodiscard]] std::int64_t id_from_key(std::string_view kind, std::string_view key);

}  // namespace watthour

template <class Tag>
struct std::hash<watthour::Id<Tag>> {
    std::size_t operator()(const watthour::Id<Tag>& id) const noexcept {
        return std::hash<std::int64_t>{}(id.value);
    }
};
