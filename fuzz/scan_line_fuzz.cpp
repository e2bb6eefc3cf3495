// SPDX-License-Identifier: Apache-2.0
#include "formats/scan_line.hpp"
#include "fuzz_target.hpp"

// A line that parses is built again digit for digit.
extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
    using namespace watthour::formats;
    std::string text(fuzz::bytes(data, size));
    const auto line = parse_scan_line(text);
    if (!line) return 0;
    std::erase(text, ' ');
    fuzz::require(*build_scan_line(*line) == text);
    return 0;
}
