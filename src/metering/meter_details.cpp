// SPDX-License-Identifier: Apache-2.0
#include "metering/meter_details.hpp"

#include "base/text.hpp"
#include "metering/errors.hpp"
#include "metering/measured_quantity.hpp"

#include <fmt/format.h>

#include <array>
#include <limits>

namespace watthour::metering {
namespace {

constexpr std::int64_t largest_of_ratio = 1'000'000;
constexpr std::int64_t largest_factor_units = 1'000'000'000'000;
constexpr int factor_places = 6;

Result<void> check_factor(const char* what, const Decimal& factor) {
    const bool fits = factor.units() > 0 && factor.units() <= largest_factor_units &&
                      factor.scale() <= factor_places;
    if (!fits)
        return Error(errors::factor_malformed, {{"what", what}, {"text", factor.to_string()}});
    return {};
}

/// CT x PT x constant as numerator over denominator; both stay far below 128 bits.
struct Product {
    i128 numerator = 1;
    i128 denominator = 1;
};

Result<Product> product_of(const MeterDetails& details) {
    TRY(const Ratio ct, parse_ratio("CT", details.ct_ratio));
    TRY(const Ratio pt, parse_ratio("PT", details.pt_ratio));
    TRY_DONE(check_factor("register constant", details.register_constant));
    return Product{
        i128{ct.numerator} * pt.numerator * details.register_constant.units(),
        i128{ct.denominator} * pt.denominator * power_of_ten(details.register_constant.scale())};
}

Error disagreement(const std::string& serial, const MeterDetails& details, const Product& product,
                   const std::string& multiplier) {
    // Nameplates of nonsense make a product that no number of ours holds.
    std::string shown = "beyond every meter";
    const i128 scaled = product.numerator * power_of_ten(factor_places);
    if (scaled / product.denominator < std::numeric_limits<std::int64_t>::max()) {
        shown = Decimal(round_divide(scaled, product.denominator, Rounding::half_away_from_zero),
                        factor_places)
                    .to_shortest();
    }
    const auto or_one = [](const std::string& ratio) { return ratio.empty() ? "1" : ratio; };
    return Error(errors::multiplier_disagrees,
                 {{"meter", serial},
                  {"ct", or_one(details.ct_ratio)},
                  {"pt", or_one(details.pt_ratio)},
                  {"constant", details.register_constant.to_shortest()},
                  {"product", shown},
                  {"multiplier", multiplier}});
}

constexpr std::array<std::string_view, 3> role_names = {"additive", "subtractive", "check"};

struct Measured {
    std::string_view quantity;
    int direction;
    int kind;
    int unit;
};
constexpr std::array<Measured, 5> measured = {{{"KWH", 1, 12, 72},
                                               {"GKWH", 19, 12, 72},
                                               {"NKWH", 4, 12, 72},
                                               {"KVARH", 1, 12, 73},
                                               {"KW", 1, 8, 38}}};

/// The measuring period of the standard; -1 for a step that it does not name.
int period_of(int minutes) {
    switch (minutes) {
        case 0: return 0;
        case 1: return 3;
        case 5: return 6;
        case 10: return 1;
        case 15: return 2;
        case 30: return 5;
        case 60: return 7;
        default: return -1;
    }
}

}  // namespace

Result<Ratio> parse_ratio(std::string_view what, std::string_view text) {
    if (text.empty()) return Ratio{1, 1};
    const auto parts = split_text(text, ':');
    const auto part = [&](std::size_t i) -> std::int64_t {
        if (parts.size() != 2 || !all_digits(parts[i])) return 0;
        const std::int64_t number = parse_integer(parts[i]).value_or(0);
        return number <= largest_of_ratio ? number : 0;
    };
    const Ratio ratio{part(0), part(1)};
    if (ratio.numerator == 0 || ratio.denominator == 0) {
        return Error(errors::ratio_malformed,
                     {{"what", std::string(what)}, {"text", std::string(text.substr(0, 40))}});
    }
    return ratio;
}

Result<void> check_multiplier(const std::string& serial, const MeterDetails& details) {
    TRY(const Product product, product_of(details));
    TRY_DONE(check_factor("multiplier", details.multiplier));
    const i128 left = product.numerator * power_of_ten(details.multiplier.scale());
    const i128 right = product.denominator * details.multiplier.units();
    if (left == right) return {};
    return disagreement(serial, details, product, details.multiplier.to_shortest());
}

Result<Decimal> multiplier_of(const std::string& serial, const MeterDetails& details) {
    TRY(const Product product, product_of(details));
    const i128 scaled = product.numerator * power_of_ten(factor_places);
    const i128 units = scaled / product.denominator;
    if (scaled % product.denominator != 0 || units > largest_factor_units) {
        return disagreement(serial, details, product, "not said");
    }
    const auto exact =
        Decimal::parse(Decimal(static_cast<std::int64_t>(units), factor_places).to_shortest());
    return *exact;
}

std::string_view to_text(MeterRole role) { return role_names[static_cast<std::size_t>(role)]; }

bool is_role(std::string_view text) {
    return text == role_names[0] || text == role_names[1] || text == role_names[2];
}

MeterRole role_of(std::string_view text) {
    if (text == role_names[1]) return MeterRole::subtractive;
    return text == role_names[2] ? MeterRole::check : MeterRole::additive;
}

std::string reading_type_of(const Channel& channel) {
    const int period = period_of(channel.interval_minutes);
    for (const Measured& one : measured) {
        if (one.quantity != measured_quantity(channel.code) || period < 0) continue;
        const bool demand = one.kind == 8;
        const int accumulation = demand ? 6 : channel.is_register() ? 1 : 4;
        return fmt::format("0.{}.{}.{}.{}.1.{}.0.0.0.0.0.0.0.0.3.{}.0", demand ? 8 : 0, period,
                           accumulation, one.direction, one.kind, one.unit);
    }
    return {};
}

}  // namespace watthour::metering
