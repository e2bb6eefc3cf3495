// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "customers/account.hpp"
#include "storage/database.hpp"

#include <string>
#include <vector>

namespace watthour::storage {

/// What an account is found by: names, streets, numbers.
struct SearchDocument {
    customers::AccountId account;
    std::string name;
    std::string street;  ///< where it is served, or its mail goes
    std::string words;   ///< everything else: phone, meters, mailing address
};

/// Of every account, in order.
[[nodiscard]] std::vector<SearchDocument> search_documents(Database& database);
/// Changes when an account is added: an index of another count is made anew.
[[nodiscard]] std::int64_t count_accounts(Database& database);

}  // namespace watthour::storage
