// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "calendar/date.hpp"

#include <algorithm>
#include <utility>
#include <vector>

namespace watthour {

/// Listed dates; the observation rule is applied when the list is made, not here. Source: R2.12.
class Holidays {
public:
    Holidays() = default;
    explicit Holidays(std::vector<Date> dates) : dates_(std::move(dates)) {
        std::sort(dates_.begin(), dates_.end());
    }
    [[nodiscard]] bool contains(Date date) const {
        return std::binary_search(dates_.begin(), dates_.end(), date);
    }
    [[nodiscard]] bool empty() const { return dates_.empty(); }
    /// The latest of them; there must be one.
    [[nodiscard]] Date last() const { return dates_.back(); }

private:
    std::vector<Date> dates_;
};

/// Weekdays that are not holidays.
[[nodiscard]] inline bool is_business_day(Date date, const Holidays& closed) {
    return date.weekday() < Weekday::saturday && !closed.contains(date);
}

/// The date moved by whole business days; 0 rolls forward to the first one.
[[nodiscard]] inline Date add_business_days(Date date, int days, const Holidays& closed) {
    while (!is_business_day(date, closed)) date = date + 1;
    for (; days > 0; --days) {
        date = date + 1;
        while (!is_business_day(date, closed)) date = date + 1;
    }
    return date;
}

}  // namespace watthour
