// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "app/office.hpp"
#include "base/json.hpp"

#include <array>
#include <functional>
#include <map>
#include <string>
#include <vector>

namespace watthour::app {

/// Whose bills a study looks at; "" = everybody's.
struct Cohort {
    std::string schedule;
    std::string rate_class;
    std::string program;  ///< code of a discount or exemption in force on the last service day
};

struct StudyAccount {
    customers::AccountId account;
    std::string schedule;
    Money before;
    Money after;
};

/// A tenth of the accounts, from those that gain most to those that lose most.
struct StudyDecile {
    std::int64_t accounts = 0;
    Money before;
    Money after;
};

/// What new tariffs do to the bills of a year. Both sides price the same use with their newest
/// versions, as if those had been in force all the time.
struct StudyOutcome {
    DateRange bill_dates;
    std::int64_t accounts = 0;
    std::int64_t bills = 0;
    Money before;
    Money after;
    /// By class and month of the last service day: "residential", "2026-03".
    std::map<std::pair<std::string, std::string>, std::pair<Money, Money>> by_class_and_month;
    std::vector<StudyDecile> deciles;
    std::array<std::int64_t, 9> histogram{};  ///< accounts by change in percent, see study_bounds
    std::vector<StudyAccount> largest;        ///< up to a hundred, the largest change first
    std::map<std::string, std::int64_t> left_out;  ///< by slug of the refusal
};

/// Upper bounds in percent of the bars of the histogram; the last is open.
inline constexpr std::array study_bounds{-20, -10, -5, -1, 1, 5, 10, 20};

using StudyProgress = std::function<void(std::int64_t done, std::int64_t of)>;

[[nodiscard]] StudyOutcome study_tariff(Office& office, const tariff::Catalogue& proposed,
                                        const Cohort& cohort, DateRange bill_dates,
                                        const StudyProgress& progress);

[[nodiscard]] json::value to_json(const StudyOutcome& outcome);

}  // namespace watthour::app
