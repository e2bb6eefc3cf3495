// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "base/result.hpp"
#include "formats/urdb.hpp"
#include "tariff/catalogue.hpp"

#include <string>
#include <vector>

namespace watthour::cases {

/// A schedule as a rate record, and what a record has no word for.
struct UrdbExport {
    formats::UrdbRecord record;
    std::vector<std::string> left_out;  ///< sentences; nothing is left out in silence
};

/// The version of a schedule in force on a day, for an agreement with these facts, as a record of
/// the Utility Rate Database. Energy charges add up cell by cell; dated adjustments of all kWh
/// become `adj` of each tier. A month has the season of its first day; a day of the week has the
/// hours that most such days of the month have.
///
/// Errors: tariff.schedule_unknown, no_version_on_date, fact_missing, fact_unknown.
[[nodiscard]] Result<UrdbExport> export_urdb(const tariff::Catalogue& catalogue,
                                             std::string_view schedule,
                                             const tariff::ServiceFacts& facts, Date date);

}  // namespace watthour::cases
