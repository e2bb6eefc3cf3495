// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "documents/bill_page.hpp"

#include <cstddef>

namespace watthour::documents {

/// Invented bills for the tests of the page.
[[nodiscard]] BillPage tiered_sample();     ///< residential, English, 12 lines
[[nodiscard]] BillPage tou_sample();        ///< residential time of use, Spanish
[[nodiscard]] BillPage demand_sample();     ///< commercial with demand, English, estimated
[[nodiscard]] BillPage autopay_sample();    ///< Spanish, drafted
[[nodiscard]] BillPage credit_sample();     ///< English, credit balance, first bill
[[nodiscard]] BillPage long_text_sample();  ///< Spanish, long names, addresses and messages
/// The tiered sample with this many charge lines.
[[nodiscard]] BillPage many_lines_sample(std::size_t lines);

}  // namespace watthour::documents
