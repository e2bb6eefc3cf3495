// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "app/office.hpp"

#include <cstdint>
#include <functional>
#include <string>
#include <vector>

namespace watthour::sample {

/// What the days did, for the last screen.
struct LivedThrough {
    std::int64_t days = 0;
    std::int64_t files = 0;
    std::int64_t reads = 0;
    std::int64_t runs = 0;
    std::int64_t bills = 0;
    std::int64_t held = 0;
    std::int64_t findings = 0;   ///< of the checks of reads, that ask for a person
    std::int64_t estimated = 0;  ///< intervals
    std::int64_t payments = 0;
    Money billed;
    Money paid;
};

/// A file that arrives on a day, ready to be given to `watthour import`.
struct Delivery {
    std::string format;
    std::string path;
};

/// Writes what the bank sends on the day (lockbox deposit, returned drafts) and lists it with the
/// meter files that are due. The same day gives the same bytes.
[[nodiscard]] std::vector<Delivery> deliver(app::Office& office, const std::string& out_folder,
                                            Date day);

/// Posts what customers pay at the counter on the day; what was posted before is left alone.
struct CounterDay {
    std::int64_t payments = 0;
    Money total;
};
[[nodiscard]] Result<CounterDay> serve_counter(app::Office& office, Date day);

using DayProgress = std::function<void(Date day, std::int64_t done, std::int64_t of)>;

/// Lives the sample utility's office days in order, from the day its reads begin up to, not
/// including, `until`: takes in the meter files that are due, runs the cycles whose calculation
/// day it is, makes the autopay drafts, and takes in what the bank and the counter bring. Each
/// step is the same use case that a person gives as a command (the reads end on the business date,
/// and so do the days), and each is done once however
/// often this is called: after a kill the next call goes on.
[[nodiscard]] Result<LivedThrough> live_through(app::Office& office, const std::string& out_folder,
                                                Date until, const DayProgress& progress = {});

}  // namespace watthour::sample
