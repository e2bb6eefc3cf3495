// SPDX-License-Identifier: Apache-2.0
#include "profile_target.hpp"

// What is taken for a profile is written and read back equal, and reads any file without harm.
extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
    using namespace watthour::formats;
    const auto profile = parse_read_profile(fuzz::bytes(data, size), "fuzz");
    if (!profile) return 0;
    const auto back = parse_read_profile(profile_text(*profile), "fuzz");
    fuzz::require(back.has_value() && *back == *profile);
    static const std::string files[] = {fuzz::seed_text("csv_intervals/two_meters_in_turn.csv"),
                                        fuzz::seed_text("mv90/two_meters.txt"),
                                        fuzz::seed_text("green_button_csv/usage_with_units.csv")};
    for (const std::string& file : files) fuzz::read_any(file, *profile);
    return 0;
}
