// SPDX-License-Identifier: Apache-2.0
#include "profile_target.hpp"

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
    using namespace watthour::formats;
    const auto bytes = fuzz::bytes(data, size);
    fuzz::read_any(bytes, shipped_profile("csv-registers"));
    const ProfileGuess guess = guess_read_profile(bytes);
    if (guess.usable) fuzz::read_any(bytes, guess.profile);
    return 0;
}
