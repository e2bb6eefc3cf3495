// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "rating/rating.hpp"

#include <span>
#include <string_view>
#include <vector>

namespace watthour::rating {

/// A statement while its lines are being written. Internal to the room.
struct Draft {
    const tariff::Catalogue& catalogue;
    const RatingRequest& request;
    const tariff::RateSchedule& schedule;
    tariff::ServiceFacts facts;
    RatedStatement statement;
    std::vector<tariff::BaseSet> in_base_of;  ///< of each line

    [[nodiscard]] int days() const { return request.period.days(); }
    [[nodiscard]] Date last_service_day() const { return request.period.until - 1; }

    /// Sum of the lines so far that count in a base.
    [[nodiscard]] Money sum_in_base(int base) const;
    /// Puts a line at the end; `line.amount` is final.
    void add(ChargeLine line, tariff::BaseSet bases);

    /// Days of a range on which a discount of that code is in force; overlaps count once.
    [[nodiscard]] int discount_days(std::string_view code, DateRange range) const;
    [[nodiscard]] bool discount_on(std::string_view code, Date date) const;
    /// From the first to the last day of the period on which it is in force.
    [[nodiscard]] DateRange discount_hull(std::string_view code) const;
    /// Flags of exemptions, and of discounts that carry one, in force on the last service day.
    [[nodiscard]] bool exempt(std::string_view flag) const;
};

/// Quantity x price x factor, rounded once to the cent.
[[nodiscard]] Money price_amount(const Decimal& quantity, const Decimal& price, Ratio factor,
                                 Rounding rounding);
[[nodiscard]] Ratio multiply(Ratio a, Ratio b);  ///< in lowest terms
[[nodiscard]] Decimal as_decimal(Money amount);
[[nodiscard]] Decimal as_decimal(int number);
[[nodiscard]] Decimal date_number(Date date);  ///< yyyymmdd

/// The step that ends a priced line.
[[nodiscard]] TraceStep product_step(const ChargeLine& line);

// The parts of a bill, in its order. Each adds its lines.

[[nodiscard]] Result<void> rate_schedule_charges(Draft& draft);
[[nodiscard]] Result<void> rate_energy(Draft& draft,
                                       std::span<const tariff::PriceSegment> segments);
[[nodiscard]] Result<void> rate_adjustments(Draft& draft);
[[nodiscard]] Result<void> rate_discounts(Draft& draft);
[[nodiscard]] Result<void> rate_taxes(Draft& draft);
[[nodiscard]] Result<void> rate_fees(Draft& draft);
void write_journal(Draft& draft);

}  // namespace watthour::rating
