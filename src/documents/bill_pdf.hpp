// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "documents/bill_page.hpp"

#include <string>

namespace watthour::documents {

/// The bill as a tagged PDF of Letter size: one page, more only when the lines do not fit.
///
/// The same page gives the same bytes. Safe from many threads; each thread keeps its fonts, so
/// a run should use few threads for many bills.
/// Source: R4.30; dependencies.md section 7.
[[nodiscard]] std::string render_bill_pdf(const BillPage& page);

}  // namespace watthour::documents
