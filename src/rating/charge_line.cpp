// SPDX-License-Identifier: Apache-2.0
#include "rating/charge_line.hpp"

namespace watthour::rating {

std::string to_string(Ratio ratio) {
    std::string text = std::to_string(ratio.numerator);
    if (ratio.denominator != 1) text += "/" + std::to_string(ratio.denominator);
    return text;
}

std::string ChargeLine::quantity_text() const { return quantity ? quantity->to_shortest() : ""; }

std::string ChargeLine::rate_text() const {
    if (!rate) return "";
    return rate_is_percent ? rate->to_string() + "%" : rate->to_string();
}

std::string ChargeLine::factor_text() const { return factor == Ratio{} ? "" : to_string(factor); }

}  // namespace watthour::rating
