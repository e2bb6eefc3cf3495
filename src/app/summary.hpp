// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "app/office.hpp"
#include "storage/summary.hpp"

namespace watthour::app {

using storage::Summary;

/// What a range of business dates brought, in figures.
[[nodiscard]] inline Summary summarize(Office& office, DateRange days) {
    return storage::summarize(office.database(), days);
}

}  // namespace watthour::app
