// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "formats/read_profile.hpp"

#include <string>
#include <string_view>
#include <vector>

namespace watthour::formats {

/// What a column was taken for, and why.
struct ColumnGuess {
    int number = 1;
    std::string header;  ///< "" where the file has no names
    std::string role;    ///< meter, moment, date, time, end_time, quantity, unit, quality,
                         ///< multiplier, value, "" for none
    std::string reason;
};

struct ProfileGuess {
    ReadProfile profile;
    std::vector<ColumnGuess> columns;
    /// What the lines cannot tell and a person must confirm.
    std::vector<std::string> questions;
    std::string_view encoding;  ///< "UTF-8", "UTF-16", "Latin-1"
    /// Tells files of one sender again: the words of the header, else the shapes of the columns.
    std::string fingerprint;
    std::vector<std::vector<std::string>> sample;  ///< the first rows, cell by cell
    bool usable = false;                           ///< the profile has a time and a value
};

/// Proposes a profile from the first lines of a file: by names of columns in English and Spanish,
/// and by the shapes of their values. The last line is passed over where it has no end.
[[nodiscard]] ProfileGuess guess_read_profile(std::string_view first_lines);

}  // namespace watthour::formats
