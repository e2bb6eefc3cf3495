// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <string>
#include <string_view>

namespace watthour::formats {

/// What a code of the reader's handheld means with us, from codes/handheld-codes.json.
struct ReaderCode {
    std::string code;
    std::string name;   ///< dog, locked, seal_cut
    std::string opens;  ///< kind of the work item: read_skipped, order_proposed, trouble_reported
    std::string next_step;
};

/// A skip code. One that the table does not know is `other`, under its own code.
[[nodiscard]] ReaderCode skip_code(std::string_view code);
/// The same of a trouble code.
[[nodiscard]] ReaderCode trouble_code(std::string_view code);

}  // namespace watthour::formats
