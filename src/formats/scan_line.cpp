// SPDX-License-Identifier: Apache-2.0
#include "formats/scan_line.hpp"

#include "base/text.hpp"
#include "formats/errors.hpp"
#include "formats/fields.hpp"

#include <fmt/format.h>

namespace watthour::formats {
namespace {

constexpr std::size_t scan_line_digits = 42;
constexpr std::int64_t most_cents = 9'999'999'999;

Error unbuildable(std::string_view field, std::string value) {
    return Error(errors::scan_line_unbuildable,
                 {{"field", std::string(field)}, {"value", std::move(value)}});
}

Error malformed(std::size_t count, std::string why) {
    return Error(errors::scan_line_malformed,
                 {{"count", std::to_string(count)}, {"why", std::move(why)}});
}

}  // namespace

char mod10_check_digit(std::string_view digits) {
    int sum = 0;
    int weight = 2;
    for (const char c : digits) {
        const int product = (c - '0') * weight;
        sum += product / 10 + product % 10;
        weight = 3 - weight;
    }
    return static_cast<char>('0' + (10 - sum % 10) % 10);
}

bool account_number_ok(std::string_view eleven_digits) {
    return eleven_digits.size() == 11 && all_digits(eleven_digits) &&
           mod10_check_digit(eleven_digits.substr(0, 10)) == eleven_digits[10];
}

std::string with_check_digit(std::string_view ten_digits) {
    WH_CHECK(ten_digits.size() == 10 && all_digits(ten_digits),
             "an account number is built from ten digits");
    return std::string(ten_digits) + mod10_check_digit(ten_digits);
}

char routing_check_digit(std::string_view eight_digits) {
    int sum = 0;
    for (std::size_t i = 0; i < eight_digits.size(); ++i) {
        constexpr int weights[] = {3, 7, 1};
        sum += (eight_digits[i] - '0') * weights[i % 3];
    }
    return static_cast<char>('0' + (10 - sum % 10) % 10);
}

bool routing_number_ok(std::string_view nine_digits) {
    return nine_digits.size() == 9 && all_digits(nine_digits) &&
           routing_check_digit(nine_digits.substr(0, 8)) == nine_digits[8];
}

Result<std::string> build_scan_line(const ScanLine& line) {
    if (line.account.size() != 11 || !all_digits(line.account)) {
        return unbuildable("account", line.account);
    }
    if (line.code.size() != 4 || !all_digits(line.code)) return unbuildable("code", line.code);
    for (const Money amount : {line.gross, line.net}) {
        if (amount.is_negative() || amount.minor_units() > most_cents) {
            return unbuildable("amount", amount.to_string());
        }
    }
    std::string digits = fmt::format("{}{}{}{:010}{:010}", line.account,
                                     write_file_date(line.due, DateOrder::mmddyy), line.code,
                                     line.gross.minor_units(), line.net.minor_units());
    digits.push_back(mod10_check_digit(digits));
    return digits;
}

Result<ScanLine> parse_scan_line(std::string_view text) {
    std::string digits;
    for (const char c : text) {
        if (c == ' ') continue;
        if (c < '0' || c > '9') return malformed(text.size(), "one of them is not a digit");
        digits.push_back(c);
    }
    if (digits.size() != scan_line_digits) return malformed(digits.size(), "digits are missing");
    const char right = mod10_check_digit(digits.substr(0, scan_line_digits - 1));
    if (digits.back() != right) {
        return Error(errors::scan_line_check_digit,
                     {{"given", std::string(1, digits.back())}, {"right", std::string(1, right)}});
    }
    const std::string_view view = digits;
    const auto due = parse_file_date(view.substr(11, 6), DateOrder::mmddyy);
    if (!due) return malformed(digits.size(), "the due date is not a day of the calendar");
    return ScanLine{digits.substr(0, 11), *due, digits.substr(17, 4),
                    Money::minor(*parse_digits(view.substr(21, 10))),
                    Money::minor(*parse_digits(view.substr(31, 10)))};
}

}  // namespace watthour::formats
