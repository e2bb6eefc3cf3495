// SPDX-License-Identifier: Apache-2.0
#include "base/decimal.hpp"

#include "base/errors.hpp"

#include <algorithm>

namespace watthour {

Result<Decimal> Decimal::parse(std::string_view text) {
    const auto malformed = [&] {
        return Error(errors::number_malformed, {{"text", std::string(text)}});
    };
    std::string_view rest = text;
    bool negative = false;
    if (!rest.empty() && (rest.front() == '-' || rest.front() == '+')) {
        negative = rest.front() == '-';
        rest.remove_prefix(1);
    }
    std::int64_t units = 0;
    int scale = 0;
    int digits = 0;
    bool point = false;
    for (const char c : rest) {
        if (c == '.' && !point) {
            point = true;
            continue;
        }
        if (c < '0' || c > '9') return malformed();
        if (__builtin_mul_overflow(units, std::int64_t{10}, &units) ||
            __builtin_add_overflow(units, std::int64_t{c - '0'}, &units)) {
            return malformed();
        }
        ++digits;
        if (point) ++scale;
    }
    if (digits == 0 || scale > max_scale || rest.back() == '.') return malformed();
    return Decimal(negative ? -units : units, scale);
}

std::string Decimal::to_string() const {
    std::string digits = std::to_string(units_);
    std::string sign;
    if (digits.front() == '-') {
        sign = "-";
        digits.erase(0, 1);
    }
    const auto scale = static_cast<std::size_t>(scale_);
    if (digits.size() <= scale) digits.insert(0, scale + 1 - digits.size(), '0');
    if (scale > 0) digits.insert(digits.size() - scale, 1, '.');
    return sign + digits;
}

std::string Decimal::to_shortest() const {
    std::string text = to_string();
    if (scale_ == 0) return text;
    while (text.back() == '0') text.pop_back();
    if (text.back() == '.') text.pop_back();
    return text;
}

Decimal Decimal::rescaled(int scale, Rounding rounding) const {
    if (scale >= scale_) return {checked_mul(units_, power_of_ten(scale - scale_)), scale};
    return {round_divide(units_, power_of_ten(scale_ - scale), rounding), scale};
}

Result<std::int64_t> Decimal::exact_units(int scale) const {
    if (scale >= scale_) return checked_mul(units_, power_of_ten(scale - scale_));
    const std::int64_t divisor = power_of_ten(scale_ - scale);
    if (units_ % divisor != 0) {
        return Error(errors::number_too_fine,
                     {{"text", to_string()}, {"places", std::to_string(scale)}});
    }
    return units_ / divisor;
}

Decimal operator+(const Decimal& a, const Decimal& b) {
    const int scale = std::max(a.scale_, b.scale_);
    return {checked_add(checked_mul(a.units_, power_of_ten(scale - a.scale_)),
                        checked_mul(b.units_, power_of_ten(scale - b.scale_))),
            scale};
}

Decimal operator-(const Decimal& a, const Decimal& b) { return a + (-b); }

std::strong_ordering operator<=>(const Decimal& a, const Decimal& b) {
    const int scale = std::max(a.scale_, b.scale_);
    const i128 left = i128{a.units_} * power_of_ten(scale - a.scale_);
    const i128 right = i128{b.units_} * power_of_ten(scale - b.scale_);
    if (left < right) return std::strong_ordering::less;
    if (left > right) return std::strong_ordering::greater;
    return std::strong_ordering::equal;
}

}  // namespace watthour
