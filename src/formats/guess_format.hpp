// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <string>
#include <string_view>

namespace watthour::formats {

/// What a file was taken for, and why.
struct FormatGuess {
    std::string format;  ///< "" where nothing is known of it
    std::string reason;
    bool guessed_columns = false;  ///< a text file of reads whose columns no shipped profile has
};

/// Tells the format of a file from what stands in its first lines, never from its name. A text
/// file of reads with columns of its own is csv-intervals or csv-registers by a guessed profile.
/// `text` is UTF-8, the beginning of the file or all of it.
[[nodiscard]] FormatGuess guess_format(std::string_view text);

}  // namespace watthour::formats
