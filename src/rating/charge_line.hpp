// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "base/arithmetic.hpp"
#include "base/decimal.hpp"
#include "calendar/date.hpp"
#include "money/money.hpp"
#include "rating/trace.hpp"
#include "tariff/language.hpp"

#include <optional>
#include <string>
#include <vector>

namespace watthour::rating {

/// One priced row of a bill, with what it was computed from.
struct ChargeLine {
    int seq = 0;       ///< 1, 2, 3 in the order of the bill
    std::string code;  ///< "EN-T1"
    std::string text_en;
    std::string text_es;
    std::optional<DateRange> period;
    std::optional<Decimal> quantity;
    std::string unit;  ///< "kWh", "month", "day", "kW", "each"; "" without a quantity
    std::optional<Decimal> rate;
    bool rate_is_percent = false;
    Ratio factor;               ///< share of a month or of days, in lowest terms; 1/1 = whole
    std::optional<Money> base;  ///< what a percentage is taken of
    Money amount;               ///< rounded once; negative lowers the bill
    std::optional<Decimal> unrounded;  ///< to eight places, where the charge says so
    std::string group;                 ///< "base", "discount", "pbc", "tax", "fee"
    std::string gl_account;
    std::string clause;  ///< "R-1 2025-07-01 sha256:1f6b8a90c2d4e6f7 EN-T1"
    std::vector<TraceStep> trace;

    [[nodiscard]] const std::string& text(tariff::Language language) const {
        return language == tariff::Language::spanish ? text_es : text_en;
    }
    [[nodiscard]] std::string quantity_text() const;  ///< "200.76"; "" without one
    [[nodiscard]] std::string rate_text() const;      ///< "0.14210", "2.85%"; "" without one
    [[nodiscard]] std::string factor_text() const;    ///< "9/16"; "" for a whole
};

[[nodiscard]] std::string to_string(Ratio ratio);  ///< "1", "2/5"

/// How a line came about, in sentences for the customer: from the amount to quantity times
/// price, the days and limits behind the quantity, the clause of the tariff, the rounding.
[[nodiscard]] std::string explain_line(const ChargeLine& line, tariff::Language language);

}  // namespace watthour::rating
