// SPDX-License-Identifier: Apache-2.0
#include "tariff/utility.hpp"

#include <algorithm>
#include <tuple>

namespace watthour::tariff {

Date Utility::fiscal_year_of(Date day) const {
    const auto start_in = [&](int year) {
        return Date::ymd(year, static_cast<unsigned>(fiscal_year_month),
                         static_cast<unsigned>(fiscal_year_day));
    };
    const Date start = start_in(day.year());
    return start <= day ? start : start_in(day.year() - 1);
}

CycleCalendar::CycleCalendar(std::vector<CycleRow> rows) : rows_(std::move(rows)) {
    std::stable_sort(rows_.begin(), rows_.end(), [](const CycleRow& a, const CycleRow& b) {
        return std::tie(a.cycle, a.read) < std::tie(b.cycle, b.read);
    });
}

std::vector<CycleRow> CycleCalendar::of_cycle(std::string_view cycle) const {
    std::vector<CycleRow> found;
    for (const CycleRow& row : rows_) {
        if (row.cycle == cycle) found.push_back(row);
    }
    return found;
}

std::optional<CycleRow> CycleCalendar::read_on(std::string_view cycle, Date read) const {
    for (const CycleRow& row : rows_) {
        if (row.cycle == cycle && row.read == read) return row;
    }
    return std::nullopt;
}

}  // namespace watthour::tariff
