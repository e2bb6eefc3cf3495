// SPDX-License-Identifier: Apache-2.0
#include "tariff/price_series.hpp"

#include "base/check.hpp"

#include <algorithm>

namespace watthour::tariff {

namespace {
constexpr std::size_t cells = 12 * 2 * 24;
}

PriceSeries::PriceSeries(std::string code, int scale, std::vector<std::int64_t> month_day_hour,
                         std::vector<Date> holidays)
    : code_(std::move(code)),
      scale_(scale),
      table_(std::move(month_day_hour)),
      holidays_(std::move(holidays)) {
    WH_CHECK(table_.size() == cells, "a table of prices has 576 cells");
    std::sort(holidays_.begin(), holidays_.end());
}

PriceSeries::PriceSeries(std::string code, int scale,
                         std::map<Date, std::vector<std::int64_t>> by_day)
    : code_(std::move(code)), scale_(scale), by_day_(std::move(by_day)) {}

bool PriceSeries::covers(Date date) const { return !table_.empty() || by_day_.contains(date); }

std::int64_t PriceSeries::price_at(Date date, int wall_second) const {
    const auto hour = static_cast<std::size_t>(wall_second / 3600);
    if (table_.empty()) {
        const auto found = by_day_.find(date);
        WH_CHECK(found != by_day_.end(), "no hourly price on " + date.to_string());
        return found->second[hour];
    }
    const bool weekend = date.weekday() >= Weekday::saturday ||
                         std::binary_search(holidays_.begin(), holidays_.end(), date);
    const auto month = static_cast<std::size_t>(date.month() - 1);
    return table_[(month * 2 + (weekend ? 1 : 0)) * 24 + hour];
}

}  // namespace watthour::tariff
