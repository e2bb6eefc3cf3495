// SPDX-License-Identifier: Apache-2.0
#include "formats/cmep.hpp"
#include "formats/format_json.hpp"
#include "fuzz_target.hpp"

// What was read must be written and read back with the same values.
extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
    using namespace watthour::formats;
    const CmepFile file = read_cmep(fuzz::bytes(data, size));
    static_cast<void>(records_json(file));
    for (const CmepRow& row : file.rows) {
        std::string text;
        append_cmep_row(text, row);
        const CmepFile back = read_cmep(text);
        fuzz::require(back.rows.size() == 1 && back.rows[0].values == row.values);
    }
    return 0;
}
