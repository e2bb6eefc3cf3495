// SPDX-License-Identifier: Apache-2.0
#include "app/allocate_money.hpp"

#include <algorithm>
#include <map>

namespace watthour::app {

void allocate_unapplied(Office& office, std::vector<customers::AccountId> accounts) {
    std::sort(accounts.begin(), accounts.end());
    accounts.erase(std::unique(accounts.begin(), accounts.end()), accounts.end());
    const auto unapplied = office.payments().unapplied(accounts);
    if (unapplied.empty()) return;
    std::map<customers::AccountId, std::vector<receivables::OpenItem>> items;
    for (auto& item : office.payments().items(accounts)) {
        items[item.account].push_back(std::move(item));
    }
    std::vector<receivables::Allocation> allocations;
    for (const payments::Payment& payment : unapplied) {
        const auto given =
            receivables::allocate(payment.account, payment.id.value,
                                  payment.amount - payment.allocated, items[payment.account]);
        allocations.insert(allocations.end(), given.begin(), given.end());
    }
    office.payments().add_allocations(allocations);
}

}  // namespace watthour::app
