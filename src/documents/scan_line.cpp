// SPDX-License-Identifier: Apache-2.0
#include "documents/scan_line.hpp"

#include "base/check.hpp"
#include "base/text.hpp"

namespace watthour::documents {
namespace {

std::string field(std::string_view digits, std::size_t width) {
    WH_CHECK(all_digits(digits) && digits.size() <= width,
             "scan line field does not fit: " + std::string(digits));
    return pad_left(digits, width, '0');
}

std::string cents(Money amount) {
    return field(std::to_string(amount.is_negative() ? 0 : amount.minor_units()), 10);
}

}  // namespace

char scan_line_check_digit(std::string_view digits) {
    int sum = 0;
    int weight = 2;
    for (const char digit : digits) {
        const int product = (digit - '0') * weight;
        sum += product / 10 + product % 10;
        weight = 3 - weight;
    }
    return static_cast<char>('0' + (10 - sum % 10) % 10);
}

std::string make_scan_line(const ScanLineParts& parts) {
    const std::string compact = parts.due_date.to_compact();
    std::string line = field(parts.account_number, 11) + compact.substr(4, 4) +
                       compact.substr(2, 2) + field(parts.code, 4) + cents(parts.gross) +
                       cents(parts.net);
    line += scan_line_check_digit(line);
    return line;
}

}  // namespace watthour::documents
