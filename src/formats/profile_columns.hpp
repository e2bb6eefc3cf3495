// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "formats/read_profile.hpp"

#include <array>
#include <cstddef>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

/// Cells and columns of a text file of reads; the small parts of the profile reader.
namespace watthour::formats {

inline constexpr std::size_t most_cells = 2304;

/// Without blanks and tabs at either side; the common case costs two comparisons.
[[nodiscard]] inline std::string_view bare(std::string_view cell) {
    if (!cell.empty() && cell.front() > ' ' && cell.back() > ' ') return cell;
    while (!cell.empty() && (cell.front() == ' ' || cell.front() == '\t')) cell.remove_prefix(1);
    while (!cell.empty() && (cell.back() == ' ' || cell.back() == '\t')) cell.remove_suffix(1);
    return cell;
}

/// Cells of one line, used again for the next.
class CellRow {
public:
    /// False for a quote that never ends or more cells than a row may have.
    [[nodiscard]] bool cut(std::string_view line, char delimiter, bool may_have_quotes);
    [[nodiscard]] std::size_t count() const { return count_; }
    [[nodiscard]] std::string_view last() const { return bare(cells_[count_ - 1]); }
    /// The cell at a place from 0; "" beyond the last.
    [[nodiscard]] std::string_view at(int place) const {
        return place >= 0 && static_cast<std::size_t>(place) < count_
                   ? bare(cells_[static_cast<std::size_t>(place)])
                   : std::string_view();
    }

private:
    [[nodiscard]] bool cut_quoted(std::string_view line, char delimiter);

    std::array<std::string_view, most_cells> cells_;
    std::size_t count_ = 0;
    std::string scratch_;
};

/// Places of a profile's columns in a file, from 0; -1 = not there.
struct BoundColumns {
    int meter = -1;
    int moment = -1;
    int date = -1;
    int time = -1;
    int end_time = -1;
    int quantity = -1;
    int unit = -1;
    int quality = -1;
    int multiplier = -1;
    struct Value {
        int place = -1;
        int quality = -1;
        const ProfileValue* spec = nullptr;
    };
    std::vector<Value> values;
    std::size_t least_cells = 0;  ///< that a row needs
    std::size_t most_cells = 0;   ///< 0 = any number
};

/// Binds columns to the line of names (null: by number alone). Gives the name of the first column
/// that is missing, "" when all are there.
[[nodiscard]] std::string bind_columns(const ReadProfile& profile, const CellRow* names,
                                       BoundColumns& bound);

/// Digits with a sign and one mark, at most 18, no more than 12 behind the mark.
[[nodiscard]] inline std::optional<Decimal> read_number(std::string_view text, char mark) {
    const char* at = text.data();
    const char* end = at + text.size();
    const bool negative = at != end && *at == '-';
    if (at != end && (*at == '-' || *at == '+')) ++at;
    std::int64_t units = 0;
    int digits = 0;
    int scale = 0;
    for (; at != end && *at >= '0' && *at <= '9' && digits < 13; ++at, ++digits) {
        units = units * 10 + (*at - '0');
    }
    if (digits > 12) return std::nullopt;
    if (at != end && *at == mark) {
        const char* first = ++at;
        // Twelve before the mark and twelve behind it could be more than 18.
        for (; at != end && *at >= '0' && *at <= '9' && at - first < 12 && digits < 18;
             ++at, ++digits) {
            units = units * 10 + (*at - '0');
        }
        scale = static_cast<int>(at - first);
    }
    if (at != end || digits == 0) return std::nullopt;
    return Decimal(negative ? -units : units, scale);
}

}  // namespace watthour::formats
