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
    /// The reason as a code, for those who say it in another language: name, name_differs, values,
    /// unknown, day, in_day; "" where there is nothing to say.
    std::string why{};
};

/// What the lines cannot tell, as a code with what fills it, and in English.
struct GuessQuestion {
    std::string code;  ///< order, quality, quantity, clock, label, label_end, nothing
    int column = 0;
    std::string word;
    std::string text;
};

struct ProfileGuess {
    ReadProfile profile;
    std::vector<ColumnGuess> columns;
    std::vector<GuessQuestion> questions;  ///< that a person must answer
    std::string_view encoding;             ///< "UTF-8", "UTF-16", "Latin-1"
    /// Tells files of one sender again: the words of the header, else the shapes of the columns.
    std::string fingerprint;
    std::vector<std::vector<std::string>> sample;  ///< the first rows, cell by cell
    bool usable = false;                           ///< the profile has a time and a value
};

/// Proposes a profile from the first lines of a file: by names of columns in English and Spanish,
/// and by the shapes of their values. The last line is passed over where it has no end.
[[nodiscard]] ProfileGuess guess_read_profile(std::string_view first_lines);

}  // namespace watthour::formats
