// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "calendar/date.hpp"
#include "tariff/language.hpp"

#include <string>
#include <string_view>
#include <vector>

namespace watthour::tariff {

/// A part of the year with its own prices; it begins at 00:00 of the day named and lasts until
/// the next season begins.
struct Season {
    std::string code;
    int month = 1;
    int day = 1;
    LocalText text;
};

/// The seasons of a year, in the order of their first days.
class SeasonTable {
public:
    SeasonTable() = default;
    explicit SeasonTable(std::vector<Season> seasons) : seasons_(std::move(seasons)) {}

    [[nodiscard]] int count() const { return static_cast<int>(seasons_.size()); }
    [[nodiscard]] const Season& at(int index) const {
        return seasons_[static_cast<std::size_t>(index)];
    }
    /// Index of the season of that name, or -1.
    [[nodiscard]] int index_of(std::string_view code) const;
    /// Index of the season that a local day belongs to.
    [[nodiscard]] int season_of(Date date) const;
    /// First days of seasons that lie after `range.from` and before `range.until`.
    [[nodiscard]] std::vector<Date> starts_inside(DateRange range) const;

private:
    std::vector<Season> seasons_;
};

}  // namespace watthour::tariff
