// SPDX-License-Identifier: Apache-2.0
#include "metering/read_versions.hpp"

#include "metering/read_rank.hpp"

#include <utility>

namespace watthour::metering {
namespace {

/// A read in the day is of another moment: it counts where nobody read at midnight, before what is
/// not read at all.
std::size_t rank_of(const Read& read) {
    return read_rank(read.second_of_day == 0 ? std::string_view(read.type) : "actual");
}

/// Of the reads of one moment, by type and version, the one that counts.
void choose(std::vector<Read>& moment, std::vector<Read>& chosen) {
    for (std::size_t i = 0; i < moment.size(); ++i) {
        if (i == 0) {
            chosen.push_back(std::move(moment[i]));
        } else if (rank_of(moment[i]) <= rank_of(chosen.back())) {
            // A later version of the same type replaces it.
            chosen.back() = std::move(moment[i]);
        }
    }
    moment.clear();
}

}  // namespace

std::vector<Read> reads_that_count(std::vector<Read> versions) {
    std::vector<Read> chosen;
    std::vector<Read> moment;
    for (Read& read : versions) {
        // Rows of one moment come together.
        if (!moment.empty() &&
            (moment.front().channel != read.channel || moment.front().date != read.date)) {
            choose(moment, chosen);
        }
        if (read.reading.empty()) {
            std::erase_if(moment, [&](const Read& one) { return one.type == read.type; });
        } else {
            moment.push_back(std::move(read));
        }
    }
    choose(moment, chosen);
    return chosen;
}

std::vector<Read> reads_that_count(const std::vector<ReadVersion>& versions,
                                   std::optional<Date> known_on) {
    std::vector<Read> known;
    for (const ReadVersion& version : versions) {
        if (known_on && version.recorded_on > *known_on) continue;
        known.push_back(version.read);
    }
    return reads_that_count(std::move(known));
}

}  // namespace watthour::metering
