// SPDX-License-Identifier: Apache-2.0
#include "documents/format.hpp"

#include "base/text.hpp"

namespace watthour::documents {
namespace {

std::string two(int n) { return pad_left(std::to_string(n), 2, '0'); }

std::string month_name(Date date, Language language, std::string_view prefix) {
    return std::string(
        Words::of(language).text(std::string(prefix) + std::to_string(date.month())));
}

std::string date_text(Date date, Language language, std::string_view key,
                      std::string_view month_prefix) {
    return Words::of(language).filled(key, {{"month", month_name(date, language, month_prefix)},
                                            {"day", std::to_string(date.day())},
                                            {"year", std::to_string(date.year())}});
}

std::string range_text(const std::string& from, const std::string& through, Language language) {
    return Words::of(language).filled("date.range", {{"from", from}, {"through", through}});
}

}  // namespace

std::string format_decimal(std::string_view decimal) {
    std::string out;
    if (!decimal.empty() && decimal.front() == '-') {
        out = "-";
        decimal.remove_prefix(1);
    }
    const std::size_t point = decimal.find('.');
    const std::string_view whole = decimal.substr(0, point);
    for (std::size_t i = 0; i < whole.size(); ++i) {
        if (i != 0 && (whole.size() - i) % 3 == 0) out += ',';
        out += whole[i];
    }
    if (point != std::string_view::npos) out += decimal.substr(point);
    return out;
}

std::string format_money(Money amount) {
    std::string out = amount.is_negative() ? "-$" : "$";
    return out + format_decimal(amount.magnitude().to_string());
}

std::string format_kwh(Energy energy) { return format_decimal(energy.to_string()); }

std::string format_kwh_per_day(Energy energy, int days) {
    if (days <= 0) return "0.0";
    const std::int64_t tenths =
        round_divide(energy.wh(), i128{days} * 100, Rounding::half_away_from_zero);
    return format_decimal(Decimal(tenths, 1).to_string());
}

std::string format_date_long(Date date, Language language) {
    return date_text(date, language, "date.long", "month.");
}

std::string format_date_short(Date date, Language language) {
    return Words::of(language).filled("date.short", {{"month", two(date.month())},
                                                     {"day", two(date.day())},
                                                     {"year", std::to_string(date.year())}});
}

std::string format_day_month(Date date, Language language) {
    return date_text(date, language, "date.day_month", "month_short.");
}

std::string format_period(DateRange period, Language language) {
    const Date last = period.until - 1;
    const std::string_view key =
        period.from.year() == last.year() ? "date.long_same_year" : "date.long";
    const std::string from = date_text(period.from, language, key, "month.");
    return range_text(from, format_date_long(last, language), language);
}

std::string format_period_short(DateRange period, Language language) {
    return range_text(format_day_month(period.from, language),
                      format_day_month(period.until - 1, language), language);
}

std::string format_quantity_price(std::string_view quantity, std::string_view unit,
                                  std::string_view rate, Language language) {
    std::string price;
    if (!rate.empty()) {
        if (rate.back() == '%')
            price = rate;
        else if (rate.front() == '-')
            price = "-$" + format_decimal(rate.substr(1));
        else
            price = "$" + format_decimal(rate);
    }
    if (quantity.empty()) return price;
    std::string out = format_decimal(quantity);
    const Words& words = Words::of(language);
    const std::string key = "unit." + std::string(unit);
    if (words.has(key)) {
        const std::int64_t n = quantity == "1" ? 1 : 2;
        out += " " + std::string(words.plural(key, n));
    } else if (!unit.empty()) {
        out += " " + std::string(unit);
    }
    return price.empty() ? out : out + " × " + price;
}

}  // namespace watthour::documents
