// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "app/office.hpp"
#include "documents/bill_page.hpp"

#include <string>
#include <vector>

namespace watthour::app {

/// The page of a bill, from the bill as posted. `language` empty = that of the bill.
[[nodiscard]] documents::BillPage bill_page(Office& office, const billing::Bill& bill,
                                            const std::string& language);

/// Where the bills of a database are printed to by default: beside it, in its folder for files.
/// Errors: storage.url_unknown.
[[nodiscard]] Result<std::string> print_folder(Office& office);

struct PrintOutcome {
    std::int64_t printed = 0;
    std::int64_t already_there = 0;
    std::int64_t bytes = 0;
    std::string folder;
};

/// Prints bills as PDF files named after them, on several threads; what is there already is left
/// as it was issued.
[[nodiscard]] PrintOutcome print_bills(Office& office,
                                       const std::vector<billing::BillSummary>& bills,
                                       const std::string& folder, int threads);

}  // namespace watthour::app
