// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "calendar/date.hpp"
#include "money/money.hpp"

#include <string>
#include <string_view>

namespace watthour::documents {

struct ScanLineParts {
    std::string_view account_number;  ///< up to 11 digits
    Date due_date;                    ///< written MMDDYY
    std::string_view code = "0000";   ///< 4 digits
    Money gross;                      ///< a credit is written as zero
    Money net;
};

/// The 42 digits at the foot of the stub: account 11, due date 6, code 4, gross 10, net 10,
/// check digit. Errors: parts that do not fit are a defect. Source: SCAN-LINE, R5.30.
[[nodiscard]] std::string make_scan_line(const ScanLineParts& parts);

/// Weights 2, 1, 2, 1 from the left, digits of the products added, ten minus the sum.
[[nodiscard]] char scan_line_check_digit(std::string_view digits);

}  // namespace watthour::documents
