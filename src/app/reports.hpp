// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "app/office.hpp"
#include "base/json.hpp"

#include <string>
#include <vector>

namespace watthour::app {

/// A report as of a business date, from what was recorded by the end of another: asked again for
/// the day on which it was filed, it gives the figures that were filed. As the API and the command
/// give it: {"report","as_of","rows","totals"}. Who ran it and when is no part of it, so that two
/// runs compare. Errors: app.report_unknown.
[[nodiscard]] Result<json::object> run_report(Office& office, const std::string& name, Date as_of,
                                              Date known_on = service::now_known);

[[nodiscard]] std::string known_reports();
[[nodiscard]] std::vector<std::string> names_of_reports();

/// Posted by channel against the files and the ledger, of one day. Source: R5.32.
struct CashLine {
    std::string channel;
    std::string batch;
    std::int64_t count = 0;
    Money posted;
    std::optional<Money> declared;  ///< the file's own total, where there is a file
};

struct CashDay {
    Date date;
    std::vector<CashLine> lines;
    Money posted;            ///< payments less returns
    Money ledger_movement;   ///< of cash clearing 1015 on the day
    Money suspense_balance;  ///< of 2330 at the end of the day
    bool ties = false;
};

[[nodiscard]] CashDay reconcile_cash(Office& office, Date date, Date known_on = service::now_known);

}  // namespace watthour::app
