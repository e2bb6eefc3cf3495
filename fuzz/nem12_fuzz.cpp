// SPDX-License-Identifier: Apache-2.0
#include "formats/format_json.hpp"
#include "formats/nem12.hpp"
#include "fuzz_target.hpp"

// What was read can be told, and a file with a bad record says so.
extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
    using namespace watthour::formats;
    const auto file = read_nem12(fuzz::bytes(data, size));
    static_cast<void>(records_json(file));
    static_cast<void>(totals_json(file));
    return 0;
}
