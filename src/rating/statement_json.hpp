// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "base/json.hpp"
#include "rating/rating.hpp"

namespace watthour::rating {

enum class JsonDetail { plain, with_trace };

/// A line in the form of the worked bills: keys that say nothing are left out, money and
/// quantities are decimal strings. With the trace: account, clause and the steps as records.
[[nodiscard]] json::object to_json(const ChargeLine& line, JsonDetail detail);
[[nodiscard]] json::array to_json(const std::vector<JournalLeg>& journal);
/// What lies between input and lines: factor, segments, determinants, demand, minimum, tax cap
/// and exemptions, then lines, subtotals, current charges and journal.
[[nodiscard]] json::object to_json(const RatedStatement& statement, JsonDetail detail);

}  // namespace watthour::rating
