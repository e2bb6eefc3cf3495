// SPDX-License-Identifier: Apache-2.0
#include "billing/bill.hpp"

#include <fmt/format.h>

namespace watthour::billing {

std::string bill_number(customers::AccountId account, Date period_end) {
    return fmt::format("{}-{}", customers::account_number(account),
                       period_end.to_compact().substr(2));
}

BillId bill_id(const std::string& bill_number) { return {id_from_key("bill", bill_number)}; }

}  // namespace watthour::billing
