// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "formats/read_profile.hpp"

#include <cstdint>
#include <map>
#include <set>
#include <string>
#include <string_view>
#include <vector>

/// The file of the rows that failed, with the reason behind each: repaired in an editor or a
/// spreadsheet it comes in again as the format it was. The cells behind the mark are taken off
/// when it comes, and tell which row of which file is back.
namespace watthour::formats {

/// Begins the first of the cells of a reason, which goes on with the number of the file.
inline constexpr std::string_view reason_mark = "!rejected";

/// A row that came back: where it stands now, and where it came from.
struct ReturnedRow {
    std::int64_t line = 0;
    std::int64_t file = 0;
    std::int64_t file_line = 0;
};

struct WithoutReasons {
    std::string text;
    std::vector<ReturnedRow> returned;
};

/// False for nearly every file: nothing of it is an error file.
[[nodiscard]] bool has_reasons(std::string_view text);
/// Takes the cells of the reasons off every line; lines stay where they are.
[[nodiscard]] WithoutReasons take_reasons_off(std::string_view text);

/// Lines of a file that failed, each with what it needs around it to be read alone.
struct FailedRows {
    std::string head;  ///< lines that stand before the rows: names, a header record
    std::string tail;  ///< "900" of NEM12
    std::map<std::int64_t, std::string> rows;  ///< by line; may be several lines
};

/// What of a text is needed to write the lines again. `format` is that of the file; `profile` says
/// where the rows of a text file of reads begin, null for formats with columns of their own.
/// Lines are numbered from 1.
[[nodiscard]] FailedRows failed_rows(std::string_view format, std::string_view text,
                                     const ReadProfile* profile,
                                     const std::set<std::int64_t>& lines);

/// A row with all that was wrong with it.
struct FailedRow {
    std::int64_t line = 0;
    std::string raw;
    std::string field;
    std::string rule;
    std::string message;
};

/// The error file of a file, UTF-8. Rows are those given, in that order and no other.
[[nodiscard]] std::string write_error_file(std::int64_t file, char delimiter, std::string_view head,
                                           std::string_view tail,
                                           const std::vector<FailedRow>& rows);

}  // namespace watthour::formats
