// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "base/result.hpp"
#include "calendar/date.hpp"
#include "tariff/yaml_reader.hpp"

#include <string>
#include <string_view>
#include <vector>

namespace watthour::tariff {

/// Intervals that a court, a complaint or an auditor wants kept.
struct LegalHold {
    std::string meter;  ///< serial; "all" for every meter
    DateRange days;
    std::string why;
};

/// How long intervals stay in the database, in whole calendar months. Source: R9.03.
struct RetentionPolicy {
    int interval_months = 0;
    int rebill_months = 0;  ///< bills that ended since then may still be made anew (R1.62)
    std::vector<LegalHold> holds;

    /// The first day whose intervals stay, counted back from a business date: the first of a month.
    [[nodiscard]] Date keeps_from(Date business_date) const;
    /// Bills that end after this day rest on intervals that stay.
    [[nodiscard]] Date rebills_from(Date business_date) const;
    [[nodiscard]] bool holds_meter(std::string_view serial, DateRange days) const;
};

/// Reads the `retention` of a policies file; problems stay in the value.
[[nodiscard]] RetentionPolicy read_retention(const YamlValue& value);

/// The policy that a policies.yaml states. Errors: tariff.file_malformed and its like;
/// tariff.key_missing where it states none.
[[nodiscard]] Result<RetentionPolicy> retention_of(std::string_view policies_text);

}  // namespace watthour::tariff
