// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "base/arithmetic.hpp"
#include "base/decimal.hpp"
#include "base/problem.hpp"
#include "calendar/date.hpp"

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>

namespace watthour::formats {

/// A line that was not taken in, kept as received so that somebody can repair it.
struct RejectedLine {
    std::int64_t line = 0;
    std::string raw;
    friend bool operator==(const RejectedLine&, const RejectedLine&) = default;
};

/// Walks over the lines of a file; LF, CRLF and a last line without an end are all lines.
class LineReader {
public:
    explicit LineReader(std::string_view bytes) : rest_(bytes) {}
    /// False when no line is left.
    bool next();

    [[nodiscard]] std::string_view text() const { return text_; }
    [[nodiscard]] std::int64_t number() const { return number_; }
    /// False for a last line that the file stops in.
    [[nodiscard]] bool ended() const { return ended_; }

private:
    std::string_view rest_;
    std::string_view text_;
    std::int64_t number_ = 0;
    bool ended_ = true;
};

enum class DateOrder { yymmdd, mmddyy, ccyymmdd, mmddccyy };

/// Two-digit years 00-79 are 2000-2079, 80-99 are 1980-1999. Nothing for a day that is not.
[[nodiscard]] std::optional<Date> parse_file_date(std::string_view digits, DateOrder order);
[[nodiscard]] std::string write_file_date(Date date, DateOrder order);

/// One to eighteen digits and nothing else.
[[nodiscard]] std::optional<std::int64_t> parse_digits(std::string_view text);
/// Decimal::parse without the cost of a refusal: sign, digits, one point, at most 18 digits.
[[nodiscard]] std::optional<Decimal> parse_decimal(std::string_view text);

/// At most twelve digits before the point and six behind it: what a meter can show.
[[nodiscard]] bool is_meter_value(const Decimal& value);

/// A sum of values of a file that no number of them overflows.
class WideSum {
public:
    /// `value` has at most six places.
    void add(const Decimal& value);
    [[nodiscard]] std::string to_string() const;

private:
    i128 millionths_ = 0;
};

/// The last four characters behind three stars; all of a shorter number stays hidden.
[[nodiscard]] std::string masked_account(std::string_view account);
/// Outside text made fit for a message: printable ASCII, at most 40 characters, in quotes.
[[nodiscard]] std::string shown(std::string_view text);
/// Each byte that is not printable ASCII becomes `?`: the columns stay where they are.
[[nodiscard]] std::string ascii_columns(std::string_view text);

}  // namespace watthour::formats
