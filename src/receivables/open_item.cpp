// SPDX-License-Identifier: Apache-2.0
#include "receivables/open_item.hpp"

#include <algorithm>
#include <tuple>

namespace watthour::receivables {

const char* to_text(ItemClass item_class) {
    switch (item_class) {
        case ItemClass::tax: return "tax";
        case ItemClass::public_benefits: return "public_benefits";
        case ItemClass::electric: return "electric";
        case ItemClass::fee: return "fee";
    }
    return "electric";
}

std::vector<Allocation> allocate(customers::AccountId account, std::int64_t payment_id,
                                 Money amount, std::vector<OpenItem>& items) {
    std::sort(items.begin(), items.end(), [](const OpenItem& a, const OpenItem& b) {
        return std::tie(a.billed_on, a.source_key, a.item_class) <
               std::tie(b.billed_on, b.source_key, b.item_class);
    });
    std::vector<Allocation> allocations;
    for (OpenItem& item : items) {
        if (!amount.is_positive()) break;
        const Money open = item.open();
        if (!open.is_positive()) continue;
        const Money part = std::min(open, amount);
        item.allocated += part;
        amount -= part;
        allocations.push_back({account, payment_id, item.item_id, part});
    }
    return allocations;
}

}  // namespace watthour::receivables
