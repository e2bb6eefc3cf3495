// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstddef>
#include <cstdint>
#include <cstdlib>
#include <fstream>
#include <iterator>
#include <string>
#include <string_view>

namespace fuzz {

inline std::string_view bytes(const std::uint8_t* data, std::size_t size) {
    return {reinterpret_cast<const char*>(data), size};
}

/// What must hold for every input; the fuzzer reports the input for which it does not.
inline void require(bool holds) {
    if (!holds) std::abort();
}

/// A seed of another target.
inline std::string seed_text(const std::string& name) {
    std::ifstream in(std::string(WATTHOUR_FUZZ_SEEDS) + "/" + name, std::ios::binary);
    return {std::istreambuf_iterator<char>(in), std::istreambuf_iterator<char>()};
}

}  // namespace fuzz
