// SPDX-License-Identifier: Apache-2.0
#include "fuzz_target.hpp"

// Crashes on a known seed on purpose: a harness that does not notice is broken.
extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
    fuzz::require(fuzz::bytes(data, size).find("canary") == std::string_view::npos);
    return 0;
}
