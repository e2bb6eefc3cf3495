// SPDX-License-Identifier: Apache-2.0
#include "formats/handheld.hpp"
#include "formats/layout.hpp"
#include "formats/lockbox.hpp"
#include "fuzz_target.hpp"

// Whatever table a site writes, reading with it does no harm.
extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
    using namespace watthour::formats;
    const auto layout = parse_layout(fuzz::bytes(data, size), "fuzz");
    if (!layout) return 0;
    static const std::string upload = fuzz::seed_text("handheld/route_of_six_registers.hup");
    static const std::string lockbox = fuzz::seed_text("lockbox/test_lockbox.bai");
    static_cast<void>(read_handheld(upload, *layout));
    static_cast<void>(read_lockbox(lockbox, *layout));
    return 0;
}
