// SPDX-License-Identifier: Apache-2.0
#include "formats/format_json.hpp"
#include "formats/nacha.hpp"
#include "fuzz_target.hpp"

// A domestic file that is taken has the same totals when it is written and read again.
extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
    using namespace watthour::formats;
    const NachaFile file = read_nacha(fuzz::bytes(data, size));
    static_cast<void>(records_json(file));
    static_cast<void>(returns_of(file));
    bool domestic = true;
    for (const NachaBatch& batch : file.batches) {
        domestic = domestic && batch.sec != "IAT" && batch.sec != "ADV";
    }
    if (file.ok() && domestic) fuzz::require(read_nacha(write_nacha(file)).totals == file.totals);
    return 0;
}
