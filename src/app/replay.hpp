// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "app/office.hpp"
#include "base/json.hpp"
#include "money/money.hpp"

#include <functional>
#include <map>
#include <string>
#include <vector>

namespace watthour::app {

/// An issued bill that would come out otherwise today.
struct ReplayDifference {
    std::string bill;
    std::string cause;  ///< "tariff R-1 2025-07-01", "intervals", "refused: ...", "unexplained"
    Money then;
    Money now;
    std::string first_line;  ///< the first line that differs, in words
};

struct ReplayOutcome {
    std::int64_t bills = 0;
    std::int64_t same = 0;
    std::int64_t unexplained = 0;
    std::vector<ReplayDifference> differences;  ///< by cause, then the largest first
    [[nodiscard]] std::map<std::string, std::pair<std::int64_t, Money>> by_cause() const;
};

using ReplayProgress = std::function<void(std::int64_t done, std::int64_t of)>;

/// Computes every issued bill again from what it recorded and compares line by line: code,
/// quantity, price, amount, account. A cause is found for each difference: another tariff text,
/// intervals corrected since; what has none is unexplained.
[[nodiscard]] ReplayOutcome replay(Office& office, const tariff::Catalogue& catalogue,
                                   DateRange bill_dates, const ReplayProgress& progress);

[[nodiscard]] json::value to_json(const ReplayOutcome& outcome);

}  // namespace watthour::app
