// SPDX-License-Identifier: Apache-2.0
#include "rating/draft.hpp"

#include <algorithm>

namespace watthour::rating {

Money Draft::sum_in_base(int base) const {
    const tariff::BaseSet bit = 1U << static_cast<unsigned>(base);
    Money sum;
    for (std::size_t i = 0; i < in_base_of.size(); ++i) {
        if ((in_base_of[i] & bit) != 0) sum += statement.lines[i].amount;
    }
    return sum;
}

void Draft::add(ChargeLine line, tariff::BaseSet bases) {
    line.seq = static_cast<int>(statement.lines.size()) + 1;
    statement.current_charges += line.amount;
    statement.lines.push_back(std::move(line));
    in_base_of.push_back(bases);
}

bool Draft::discount_on(std::string_view code, Date date) const {
    return std::any_of(request.discounts.begin(), request.discounts.end(),
                       [&](const DatedCode& discount) {
                           return discount.code == code && discount.active.contains(date);
                       });
}

int Draft::discount_days(std::string_view code, DateRange range) const {
    int days = 0;
    for (Date date = range.from; date < range.until; date = date + 1) {
        if (discount_on(code, date)) ++days;
    }
    return days;
}

DateRange Draft::discount_hull(std::string_view code) const {
    DateRange hull;
    for (Date date = request.period.from; date < request.period.until; date = date + 1) {
        if (!discount_on(code, date)) continue;
        if (hull.is_empty()) hull.from = date;
        hull.until = date + 1;
    }
    return hull;
}

bool Draft::exempt(std::string_view flag) const {
    const Date day = last_service_day();
    for (const DatedCode& exemption : request.exemptions) {
        if (exemption.code == flag && exemption.active.contains(day)) return true;
    }
    for (const tariff::Discount& discount : catalogue.discounts) {
        if (discount.grants_exemption == flag && discount_on(discount.code, day)) return true;
    }
    return false;
}

Money price_amount(const Decimal& quantity, const Decimal& price, Ratio factor, Rounding rounding) {
    i128 numerator = i128{quantity.units()} * price.units() * factor.numerator;
    i128 denominator = factor.denominator;
    const int places = quantity.scale() + price.scale() - 2;  // the result is in cents
    if (places >= 0) {
        denominator *= i128{power_of_ten(places / 2)} * power_of_ten(places - places / 2);
    } else {
        numerator *= power_of_ten(-places);
    }
    return Money::minor(round_divide(numerator, denominator, rounding));
}

Ratio multiply(Ratio a, Ratio b) {
    return Ratio{checked_mul(a.numerator, b.numerator), checked_mul(a.denominator, b.denominator)}
        .lowest_terms();
}

Decimal as_decimal(Money amount) { return {amount.minor_units(), 2}; }
Decimal as_decimal(int number) { return {number, 0}; }
Decimal date_number(Date date) {
    return {date.year() * 10'000 + date.month() * 100 + date.day(), 0};
}

TraceStep product_step(const ChargeLine& line) {
    return {TraceRule::product,
            {line.quantity.value_or(Decimal(1, 0)), line.rate.value_or(Decimal()),
             Decimal(line.factor.numerator, 0), Decimal(line.factor.denominator, 0),
             as_decimal(line.amount)}};
}

}  // namespace watthour::rating
