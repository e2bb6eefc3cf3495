// SPDX-License-Identifier: Apache-2.0
#include "billing/compare_bills.hpp"

#include "base/arithmetic.hpp"

#include <algorithm>
#include <array>
#include <cstdlib>
#include <map>

namespace watthour::billing {
namespace {

/// Millionths of a cent: what is computed before anything is rounded to cents.
using Fine = std::int64_t;
constexpr Fine fine_per_cent = 1'000'000;

Fine fine(Money amount) { return checked_mul(amount.minor_units(), fine_per_cent); }

Fine share(Fine amount, std::int64_t numerator, std::int64_t denominator) {
    return round_divide(i128{amount} * numerator, denominator, Rounding::half_away_from_zero);
}

/// All lines of one code of a bill.
struct Sum {
    Fine amount = 0;
    std::int64_t quantity = 0;  ///< in millionths of the unit
    Fine base = 0;
    std::int64_t rate = 0;  ///< of the last line, in millionths
    std::string unit;
    bool percent = false;
};

std::int64_t millionths(const Decimal& value) {
    return value.rescaled(6, Rounding::half_away_from_zero).units();
}

std::map<std::string, Sum> sums_of(const Bill& bill) {
    std::map<std::string, Sum> sums;
    for (const BillSegment& segment : bill.segments) {
        for (const rating::ChargeLine& line : segment.lines) {
            Sum& sum = sums[line.code];
            sum.amount = checked_add(sum.amount, fine(line.amount));
            if (line.quantity) {
                sum.quantity = checked_add(sum.quantity, millionths(*line.quantity));
            }
            if (line.base) sum.base = checked_add(sum.base, fine(*line.base));
            if (line.rate) sum.rate = millionths(*line.rate);
            sum.unit = line.unit;
            sum.percent = line.rate_is_percent;
        }
    }
    return sums;
}

class Reasons {
public:
    void add(ReasonKind kind, Fine amount) { at(kind) = checked_add(at(kind), amount); }
    [[nodiscard]] Fine total() const {
        Fine total = 0;
        for (const Fine amount : amounts_) total = checked_add(total, amount);
        return total;
    }
    /// What follows the others in proportion, as a tax follows what it is taken of.
    void spread(Fine amount) {
        const Fine all = total();
        // Where the reasons cancel each other, or the part is larger than they are, there is no
        // proportion that would mean anything.
        if (all == 0 || std::llabs(amount) > std::llabs(all)) {
            add(ReasonKind::corrections, amount);
            return;
        }
        Fine left = amount;
        auto before = amounts_;
        for (std::size_t i = 0; i < before.size(); ++i) {
            const Fine part = share(before[i], amount, all);
            amounts_[i] = checked_add(amounts_[i], part);
            left = checked_sub(left, part);
        }
        *std::max_element(amounts_.begin(), amounts_.end(), by_size) += left;
    }
    /// To cents by largest remainder; they add up to the difference.
    [[nodiscard]] std::vector<Reason> in_cents(Money difference) const {
        std::array<std::int64_t, 5> cents{};
        std::array<std::size_t, 5> order{0, 1, 2, 3, 4};
        std::int64_t left = difference.minor_units();
        for (std::size_t i = 0; i < cents.size(); ++i) {
            cents[i] = round_divide(amounts_[i], fine_per_cent, Rounding::down);
            left -= cents[i];
        }
        std::stable_sort(order.begin(), order.end(), [&](std::size_t a, std::size_t b) {
            return amounts_[a] - cents[a] * fine_per_cent > amounts_[b] - cents[b] * fine_per_cent;
        });
        for (std::size_t i = 0; left != 0; i = (i + 1) % order.size()) {
            cents[order[i]] += left > 0 ? 1 : -1;
            left += left > 0 ? -1 : 1;
        }
        std::vector<Reason> reasons;
        for (std::size_t i = 0; i < cents.size(); ++i) {
            if (cents[i] != 0) {
                reasons.push_back({static_cast<ReasonKind>(i), Money::minor(cents[i])});
            }
        }
        std::stable_sort(reasons.begin(), reasons.end(), [](const Reason& a, const Reason& b) {
            return a.amount.magnitude() > b.amount.magnitude();
        });
        return reasons;
    }

private:
    static bool by_size(Fine a, Fine b) { return std::llabs(a) < std::llabs(b); }
    Fine& at(ReasonKind kind) { return amounts_[static_cast<std::size_t>(kind)]; }
    std::array<Fine, 5> amounts_{};
};

/// Price, use, days and mix of everything that is counted in one unit of energy or demand.
struct Volume {
    Fine first = 0;
    Fine second = 0;
    std::int64_t first_quantity = 0;
    Fine price = 0;
    std::int64_t second_quantity = 0;
};

bool is_volume(const Sum& sum) { return sum.unit == "kWh" || sum.unit == "kW"; }

void add_volume(Reasons& reasons, const Volume& volume, int first_days, int second_days,
                bool grows_with_days) {
    reasons.add(ReasonKind::price, volume.price);
    const Fine rest = volume.second - volume.first - volume.price;
    if (volume.first_quantity == 0) {
        reasons.add(ReasonKind::use, rest);
        return;
    }
    // What the quantity would cost if only its amount had changed, at the first average price.
    const Fine by_quantity =
        share(volume.first, volume.second_quantity - volume.first_quantity, volume.first_quantity);
    const Fine by_days = grows_with_days && first_days > 0
                             ? share(volume.first, second_days - first_days, first_days)
                             : 0;
    reasons.add(ReasonKind::days, by_days);
    reasons.add(ReasonKind::use, by_quantity - by_days);
    reasons.add(ReasonKind::mix, rest - by_quantity);
}

/// A line of a count of months or days: its price, and how long it ran.
void add_counted(Reasons& reasons, const Sum& first, const Sum& second) {
    Fine price = 0;
    if (second.rate != 0) price = share(second.amount, second.rate - first.rate, second.rate);
    reasons.add(ReasonKind::price, price);
    reasons.add(ReasonKind::days, second.amount - first.amount - price);
}

void measure(const Bill& bill, Energy& use, bool& estimated) {
    for (const BillSegment& segment : bill.segments) {
        use += segment.delivered;
        for (const SegmentRead& read : segment.reads) {
            estimated = estimated || read.read_type.starts_with("estimated");
        }
    }
}

std::string dollars(Money amount) { return "$" + amount.magnitude().to_string(); }

}  // namespace

std::string_view reason_name(ReasonKind kind) {
    constexpr std::array<std::string_view, 5> names = {"price", "use", "days", "mix",
                                                       "corrections"};
    return names[static_cast<std::size_t>(kind)];
}

BillComparison compare_bills(const Bill& first, const Bill& second) {
    BillComparison comparison;
    comparison.first = first.number;
    comparison.second = second.number;
    comparison.first_charges = first.current_charges;
    comparison.second_charges = second.current_charges;
    comparison.difference = second.current_charges - first.current_charges;
    comparison.first_days = first.period.days();
    comparison.second_days = second.period.days();
    measure(first, comparison.first_use, comparison.estimated);
    measure(second, comparison.second_use, comparison.estimated);

    auto before = sums_of(first);
    auto after = sums_of(second);
    for (const auto& [code, sum] : before) after.try_emplace(code);
    for (const auto& [code, sum] : after) before.try_emplace(code);
    Reasons reasons;
    Fine follows = 0;
    std::map<std::string, Volume> volumes;
    for (const auto& [code, old_sum] : before) {
        const Sum& new_sum = after.at(code);
        const bool in_both = !old_sum.unit.empty() && !new_sum.unit.empty();
        if (is_volume(old_sum) || is_volume(new_sum)) {
            Volume& volume = volumes[old_sum.unit.empty() ? new_sum.unit : old_sum.unit];
            volume.first += old_sum.amount;
            volume.second += new_sum.amount;
            volume.first_quantity += old_sum.quantity;
            volume.second_quantity += new_sum.quantity;
            if (old_sum.quantity != 0 && new_sum.quantity != 0) {
                volume.price +=
                    new_sum.amount - share(old_sum.amount, new_sum.quantity, old_sum.quantity);
            }
        } else if (old_sum.percent && new_sum.percent && old_sum.base != 0) {
            const Fine with_base = share(old_sum.amount, new_sum.base - old_sum.base, old_sum.base);
            follows = checked_add(follows, with_base);
            reasons.add(ReasonKind::price, new_sum.amount - old_sum.amount - with_base);
        } else if (in_both) {
            add_counted(reasons, old_sum, new_sum);
        } else {
            reasons.add(ReasonKind::corrections, new_sum.amount - old_sum.amount);
        }
    }
    for (const auto& [unit, volume] : volumes) {
        add_volume(reasons, volume, comparison.first_days, comparison.second_days, unit == "kWh");
    }
    reasons.spread(follows);
    // Charges that no line shows would be a difference that nobody can explain.
    reasons.add(ReasonKind::corrections, fine(comparison.difference) - reasons.total());
    comparison.reasons = reasons.in_cents(comparison.difference);
    return comparison;
}

std::string reason_in_words(const BillComparison& comparison, const Reason& reason,
                            Language language) {
    const Words& words = Words::of(language);
    const std::string key = "compare." + std::string(reason_name(reason.kind)) +
                            (reason.amount.is_negative() ? ".less" : ".more");
    const auto a_day = [](Energy use, int days) {
        const std::int64_t wh = days == 0 ? 0
                                          : round_divide(use.wh(), std::int64_t{days} * 100,
                                                         Rounding::half_away_from_zero);
        return Decimal(wh, 1).to_string();
    };
    return words.filled(key,
                        {{"amount", dollars(reason.amount)},
                         {"first_days", std::to_string(comparison.first_days)},
                         {"second_days", std::to_string(comparison.second_days)},
                         {"first_use", a_day(comparison.first_use, comparison.first_days)},
                         {"second_use", a_day(comparison.second_use, comparison.second_days)}});
}

}  // namespace watthour::billing
