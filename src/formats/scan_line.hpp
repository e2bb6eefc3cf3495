// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "base/result.hpp"
#include "calendar/date.hpp"
#include "money/money.hpp"

#include <string>
#include <string_view>

namespace watthour::formats {

/// Check digit of a row of digits: weights 2, 1, 2, 1 from the left, the digits of each product
/// added, 10 minus the sum mod 10.
///
/// Source: SCAN-LINE.
[[nodiscard]] char mod10_check_digit(std::string_view digits);

/// Eleven digits whose last is the check digit of the ten before it.
[[nodiscard]] bool account_number_ok(std::string_view eleven_digits);
/// Ten digits and their check digit.
[[nodiscard]] std::string with_check_digit(std::string_view ten_digits);

/// Nine digits whose last is right: weights 3 7 1 over the first eight.
[[nodiscard]] bool routing_number_ok(std::string_view nine_digits);
[[nodiscard]] char routing_check_digit(std::string_view eight_digits);

/// What the OCR-A line of a payment stub says.
struct ScanLine {
    std::string account;  ///< 11 digits
    Date due;             ///< printed MMDDYY
    std::string code = "0000";
    Money gross;  ///< due when paid late
    Money net;    ///< due by the date
    friend bool operator==(const ScanLine&, const ScanLine&) = default;
};

/// 42 digits: account 11, due date 6, code 4, gross 10, net 10, check digit 1.
///
/// Units:  cents. Errors: formats.scan_line_unbuildable.
[[nodiscard]] Result<std::string> build_scan_line(const ScanLine& line);
/// Blanks inside are dropped. Errors: formats.scan_line_malformed, scan_line_check_digit.
[[nodiscard]] Result<ScanLine> parse_scan_line(std::string_view text);

}  // namespace watthour::formats
