// SPDX-License-Identifier: Apache-2.0
#include "tariff/season.hpp"

#include <algorithm>

namespace watthour::tariff {

int SeasonTable::index_of(std::string_view code) const {
    for (int i = 0; i < count(); ++i) {
        if (at(i).code == code) return i;
    }
    return -1;
}

int SeasonTable::season_of(Date date) const {
    const int month = date.month();
    const int day = date.day();
    int found = count() - 1;  // before the first start of the year: the last season goes on
    for (int i = 0; i < count(); ++i) {
        if (at(i).month < month || (at(i).month == month && at(i).day <= day)) found = i;
    }
    return found;
}

std::vector<Date> SeasonTable::starts_inside(DateRange range) const {
    std::vector<Date> starts;
    if (range.is_empty()) return starts;
    for (int year = range.from.year(); year <= range.until.year(); ++year) {
        for (const Season& season : seasons_) {
            const Date start = Date::ymd(year, static_cast<unsigned>(season.month),
                                         static_cast<unsigned>(season.day));
            if (range.from < start && start < range.until) starts.push_back(start);
        }
    }
    std::sort(starts.begin(), starts.end());
    return starts;
}

}  // namespace watthour::tariff
