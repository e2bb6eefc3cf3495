// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "calendar/date.hpp"
#include "customers/account.hpp"
#include "money/money.hpp"

#include <cstdint>
#include <string>
#include <vector>

namespace watthour::receivables {

/// In the order in which a payment clears them inside one bill. Source: R5.03.
enum class ItemClass : std::int8_t { tax = 1, public_benefits = 2, electric = 3, fee = 4 };

[[nodiscard]] const char* to_text(ItemClass item_class);

/// What is owed of one bill and class. Never changed; what is left of it is the item less its
/// allocations.
struct OpenItem {
    customers::AccountId account;
    std::int64_t item_id = 0;
    std::string source_key;  ///< bill number, or the key of a fee
    ItemClass item_class = ItemClass::electric;
    Date billed_on;
    Date due;
    Money amount;
    Money allocated;  ///< filled when read

    [[nodiscard]] Money open() const { return amount - allocated; }
};

/// Money of one payment given to one item; a return writes the same rows negated.
struct Allocation {
    customers::AccountId account;
    std::int64_t payment_id = 0;
    std::int64_t item_id = 0;
    Money amount;
};

/// Spreads money over open items: oldest bill first, inside a bill by class. What is left over
/// stays unapplied on the account. Negative items (credits) are skipped.
///
/// Source: R5.03.
[[nodiscard]] std::vector<Allocation> allocate(customers::AccountId account,
                                               std::int64_t payment_id, Money amount,
                                               std::vector<OpenItem>& items);

}  // namespace watthour::receivables
