// SPDX-License-Identifier: Apache-2.0
#include "calendar/time_zone.hpp"
#include "formats/as_cmep.hpp"
#include "formats/format_json.hpp"
#include "fuzz_target.hpp"

// What was read can be told and brought in, by the clock of a zone and without one; a message
// that nothing is known of says so.
extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
    using namespace watthour::formats;
    static const auto zone = watthour::TimeZone::load("America/Los_Angeles").value();
    for (const bool zoned : {false, true}) {
        const auto file =
            read_iec61968(fuzz::bytes(data, size), {zoned ? std::optional(zone) : std::nullopt});
        static_cast<void>(records_json(file));
        static_cast<void>(totals_json(file));
        static_cast<void>(as_cmep(file));
        fuzz::require(!file.messages.empty() || !file.problems.empty());
    }
    return 0;
}
