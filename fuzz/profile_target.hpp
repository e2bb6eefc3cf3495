// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "formats/guess_profile.hpp"
#include "formats/profile_reads.hpp"
#include "fuzz_target.hpp"

#include <set>

namespace fuzz {

/// What was read can be told, and each row that was kept is named by a problem.
inline void read_any(std::string_view bytes, const watthour::formats::ReadProfile& profile) {
    using namespace watthour::formats;
    static const auto zone = watthour::TimeZone::load("America/Los_Angeles");
    const ReadsFile file = read_reads(bytes, profile, {*zone, ""});
    static_cast<void>(records_json(file));
    static_cast<void>(totals_json(file));
    std::set<std::int64_t> named;
    for (const auto& problem : file.outcome.problems) named.insert(problem.line);
    for (const auto& line : file.outcome.rejected) require(named.contains(line.line));
    for (const auto& row : file.rows) require(!row.values.empty());
}

}  // namespace fuzz
