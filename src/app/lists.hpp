// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "app/office.hpp"
#include "base/json.hpp"

#include <cstddef>
#include <string>

namespace watthour::app {

/// Rows of a long list, read from the database a page at a time.
struct ListPage {
    json::array rows;
    bool more = false;
    std::string last;  ///< given back, the next page begins after it
};

/// Accounts in order of number: where they are served now, their schedule and what they owe.
/// Errors: app.place_malformed.
[[nodiscard]] Result<ListPage> list_accounts(Office& office, const std::string& after,
                                             std::size_t most);

/// Bills by the day they were dated, of one cycle or of all; a page may hold fewer rows than asked.
/// Errors: app.place_malformed.
[[nodiscard]] Result<ListPage> list_bills(Office& office, DateRange bill_dates,
                                          const std::string& cycle, const std::string& after,
                                          std::size_t most);

}  // namespace watthour::app
