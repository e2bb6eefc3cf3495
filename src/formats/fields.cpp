// SPDX-License-Identifier: Apache-2.0
#include "formats/fields.hpp"

#include "base/text.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <chrono>

namespace watthour::formats {

bool LineReader::next() {
    if (rest_.empty()) return false;
    const std::size_t at = rest_.find('\n');
    ended_ = at != std::string_view::npos;
    text_ = rest_.substr(0, at);
    rest_.remove_prefix(ended_ ? at + 1 : rest_.size());
    if (!text_.empty() && text_.back() == '\r') text_.remove_suffix(1);
    ++number_;
    return true;
}

std::optional<Date> parse_file_date(std::string_view digits, DateOrder order) {
    const bool long_year = order == DateOrder::ccyymmdd || order == DateOrder::mmddccyy;
    if (digits.size() != (long_year ? 8U : 6U) || !all_digits(digits)) return std::nullopt;
    const bool year_first = order == DateOrder::yymmdd || order == DateOrder::ccyymmdd;
    const std::size_t year_width = long_year ? 4 : 2;
    const auto part = [&](std::size_t from, std::size_t width) {
        return static_cast<int>(*parse_integer(digits.substr(from, width)));
    };
    int year = part(year_first ? 0 : 4, year_width);
    const int month = part(year_first ? year_width : 0, 2);
    const int day = part(year_first ? year_width + 2 : 2, 2);
    if (!long_year) year += year < 80 ? 2000 : 1900;
    const std::chrono::year_month_day civil{std::chrono::year(year),
                                            std::chrono::month(static_cast<unsigned>(month)),
                                            std::chrono::day(static_cast<unsigned>(day))};
    if (!civil.ok() || year < 1900) return std::nullopt;
    return Date(std::chrono::sys_days(civil));
}

std::string write_file_date(Date date, DateOrder order) {
    const int year = date.year();
    switch (order) {
        case DateOrder::yymmdd:
            return fmt::format("{:02}{:02}{:02}", year % 100, date.month(), date.day());
        case DateOrder::mmddyy:
            return fmt::format("{:02}{:02}{:02}", date.month(), date.day(), year % 100);
        case DateOrder::ccyymmdd:
            return fmt::format("{:04}{:02}{:02}", year, date.month(), date.day());
        case DateOrder::mmddccyy: break;
    }
    return fmt::format("{:02}{:02}{:04}", date.month(), date.day(), year);
}

std::optional<std::int64_t> parse_digits(std::string_view text) {
    if (text.empty() || text.size() > 18) return std::nullopt;
    std::int64_t value = 0;
    for (const char c : text) {
        if (c < '0' || c > '9') return std::nullopt;
        value = value * 10 + (c - '0');
    }
    return value;
}

std::optional<Decimal> parse_decimal(std::string_view text) {
    const bool negative = !text.empty() && text.front() == '-';
    if (!text.empty() && (text.front() == '-' || text.front() == '+')) text.remove_prefix(1);
    std::int64_t units = 0;
    int digits = 0;
    int scale = -1;
    for (const char c : text) {
        if (c == '.' && scale < 0) {
            scale = 0;
            continue;
        }
        if (c < '0' || c > '9' || ++digits > 18) return std::nullopt;
        units = units * 10 + (c - '0');
        if (scale >= 0) ++scale;
    }
    if (digits == 0 || scale > Decimal::max_scale) return std::nullopt;
    return Decimal(negative ? -units : units, scale < 0 ? 0 : scale);
}

std::string masked_account(std::string_view account) {
    account = trimmed(account);
    if (account.empty()) return "";
    if (account.size() <= 4) return "***";
    return "***" + ascii_columns(account.substr(account.size() - 4));
}

std::string shown(std::string_view text) {
    constexpr std::size_t most = 40;
    std::string quoted = "\"" + ascii_columns(text.substr(0, most));
    if (text.size() > most) quoted += "...";
    return quoted + "\"";
}

std::string ascii_columns(std::string_view text) {
    std::string ascii(text);
    for (char& c : ascii) {
        if (c < ' ' || c > '~') c = '?';
    }
    return ascii;
}

bool is_meter_value(const Decimal& value) {
    constexpr int most_places = 6;
    constexpr std::int64_t most = 1'000'000'000'000;
    if (value.scale() > most_places) return false;
    const i128 magnitude = value.units() < 0 ? -i128{value.units()} : i128{value.units()};
    return magnitude < i128{most} * power_of_ten(value.scale());
}

void WideSum::add(const Decimal& value) {
    millionths_ += i128{value.units()} * power_of_ten(6 - value.scale());
}

std::string WideSum::to_string() const {
    const bool negative = millionths_ < 0;
    i128 rest = negative ? -millionths_ : millionths_;
    std::string digits;
    for (int place = 0; place < 6 || rest != 0 || place < 7; ++place) {
        if (place == 6) digits += '.';
        digits += static_cast<char>('0' + static_cast<int>(rest % 10));
        rest /= 10;
    }
    std::reverse(digits.begin(), digits.end());
    while (digits.back() == '0') digits.pop_back();
    if (digits.back() == '.') digits.pop_back();
    return negative ? "-" + digits : digits;
}

}  // namespace watthour::formats
