// SPDX-License-Identifier: Apache-2.0
#include "customers/account.hpp"

#include "base/text.hpp"

namespace watthour::customers {

std::string account_number(AccountId id) { return pad_left(std::to_string(id.value), 11, '0'); }

std::string Account::number() const { return account_number(id); }

}  // namespace watthour::customers
