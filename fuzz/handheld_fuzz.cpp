// SPDX-License-Identifier: Apache-2.0
#include "formats/format_json.hpp"
#include "formats/handheld.hpp"
#include "fuzz_target.hpp"

// A file without problems has as many reads as its trailer was proved to say.
extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
    using namespace watthour::formats;
    const HandheldFile file = read_handheld(fuzz::bytes(data, size));
    static_cast<void>(records_json(file));
    if (file.problems.empty()) {
        fuzz::require(file.counts.reads == static_cast<std::int64_t>(file.reads.size()));
    }
    return 0;
}
