// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "base/words.hpp"
#include "billing/bill.hpp"

#include <string>
#include <string_view>
#include <vector>

namespace watthour::billing {

/// Why a bill differs: at most five reasons, as people ask for them.
enum class ReasonKind {
    price,        ///< other prices for what was used, at the quantities of the second bill
    use,          ///< more or less energy or demand a day, at the prices of the first bill
    days,         ///< a longer or shorter period
    mix,          ///< the same energy in other tiers, periods of the day or seasons
    corrections,  ///< fees, credits, discounts and lines that only one of the bills has
};

[[nodiscard]] std::string_view reason_name(ReasonKind kind);  ///< "price"

struct Reason {
    ReasonKind kind = ReasonKind::price;
    Money amount;  ///< positive makes the second bill higher
};

struct BillComparison {
    std::string first;
    std::string second;
    Money first_charges;
    Money second_charges;
    Money difference;  ///< second less first; the sum of the reasons, to the cent
    Energy first_use;
    Energy second_use;
    int first_days = 0;
    int second_days = 0;
    bool estimated = false;       ///< a read of either bill was estimated
    std::vector<Reason> reasons;  ///< the largest first; none that is zero
};

/// Takes the current charges of two bills apart, line by line.
///
/// Lines of energy: the price reason is what the second bill's quantities cost more by the prices
/// of their own codes; of the rest, days is what the longer period would have used at the first
/// bill's pace and average price, use what was used a day beyond that, and mix what is left.
/// Lines in percent of others follow their base. Every reason is computed exactly in millionths of
/// a cent and the cents are given out by largest remainder, so that they add up to the difference.
/// Source: features "Explain with at most 5 reasons"; the split of price, volume and mix is that of
/// cost accounting.
[[nodiscard]] BillComparison compare_bills(const Bill& first, const Bill& second);

/// A reason in a sentence for the customer.
[[nodiscard]] std::string reason_in_words(const BillComparison& comparison, const Reason& reason,
                                          Language language);

}  // namespace watthour::billing
