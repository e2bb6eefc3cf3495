// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "app/office.hpp"
#include "tariff/vee_rules.hpp"

#include <optional>
#include <string>
#include <vector>

namespace watthour::app {

struct ClassProfileRequest {
    std::string rate_class;         ///< "residential"
    DateRange days;                 ///< whose reads it is made from
    std::optional<Date> effective;  ///< first day on which it holds; else the end of the days
    bool whole_year = false;        ///< one day for all months, where few months have reads
};

struct MadeProfile {
    tariff::ClassProfile profile;
    std::int64_t channels = 0;
    std::int64_t channel_days = 0;
    std::vector<int> months_without;  ///< 1 to 12, of which there was no whole day
    std::string text;                 ///< a file for profiles/ of the folder of tariffs
};

/// The average day of the customers of a class, from the stored intervals of whole measured days:
/// for each month, day type and hour the thousandths of the average day of that month, rounded half
/// away from zero. So it tells the shape of a day; how much it is, and that summers are more, comes
/// from the channel that is estimated. Changes nothing: the text is put in force with the tariffs.
///
/// Errors: app.profile_without_reads, access.not_allowed. Source: R1.43.
[[nodiscard]] Result<MadeProfile> make_class_profile(Office& office,
                                                     const ClassProfileRequest& request);

}  // namespace watthour::app
