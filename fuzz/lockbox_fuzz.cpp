// SPDX-License-Identifier: Apache-2.0
#include "formats/format_json.hpp"
#include "formats/lockbox.hpp"
#include "fuzz_target.hpp"

// A file that is taken says the same money again when it is written.
extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
    using namespace watthour::formats;
    const LockboxFile file = read_lockbox(fuzz::bytes(data, size));
    static_cast<void>(records_json(file));
    if (file.ok()) {
        const LockboxFile back = read_lockbox(write_lockbox(file));
        fuzz::require(back.amount() == file.amount() && back.item_count() == file.item_count());
    }
    return 0;
}
