// SPDX-License-Identifier: Apache-2.0
#include "sample/shapes.hpp"

#include "base/check.hpp"
#include "base/text.hpp"

#include <algorithm>
#include <string>

namespace watthour::sample {
namespace {

constexpr std::array<std::string_view, 4> file_of_series = {
    "fontana-building_1.csv", "fontana-building_2.csv", "fontana-building_4.csv",
    "nrel-commercial-load-kw-hourly.csv"};

/// The homes' year begins on Monday, 1 August 2016; the store's on a Sunday, 1 January.
constexpr Date home_anchor = Date::ymd(2024, 7, 29);
constexpr Date store_anchor = Date::ymd(2024, 12, 29);

std::string_view text_of(std::string_view name) {
    for (const EmbeddedFile& file : sample_files::files()) {
        if (file.name == name) return file.text;
    }
    WH_CHECK(false, "series not embedded: " + std::string(name));
}

std::string_view take_line(std::string_view& text) {
    const std::size_t end = std::min(text.find('\n'), text.size());
    const std::string_view line = trimmed_right(text.substr(0, end));
    text.remove_prefix(std::min(end + 1, text.size()));
    return line;
}

std::size_t column(const std::vector<std::string_view>& names, std::string_view name) {
    const auto at = std::find(names.begin(), names.end(), name);
    WH_CHECK(at != names.end(), "series without a column " + std::string(name));
    return static_cast<std::size_t>(at - names.begin());
}

std::int64_t floor_32(std::int64_t value) { return value >= 0 ? value / 32 : -((31 - value) / 32); }

}  // namespace

std::int64_t parse_scaled(std::string_view text, int places) {
    int exponent = 0;
    if (const std::size_t e = text.find_first_of("eE"); e != std::string_view::npos) {
        std::string_view power = text.substr(e + 1);
        if (!power.empty() && power.front() == '+') power.remove_prefix(1);
        exponent = static_cast<int>(parse_integer(power).value_or(-99));
        text = text.substr(0, e);
    }
    const std::size_t point = std::min(text.find('.'), text.size());
    // Digits before this position are kept; the one at it decides the rounding.
    const int keep = static_cast<int>(point) + exponent + places;
    std::int64_t value = 0;
    int position = 0;
    int next_digit = 0;
    for (const char letter : text) {
        if (letter == '.') continue;
        WH_CHECK(letter >= '0' && letter <= '9', "not a number: " + std::string(text));
        if (position < keep) value = value * 10 + (letter - '0');
        if (position == keep) next_digit = letter - '0';
        ++position;
    }
    for (; position < keep; ++position) value *= 10;
    return keep < 0 ? 0 : value + (next_digit >= 5 ? 1 : 0);
}

SeriesYear::SeriesYear(std::string_view text, Series series) {
    const bool store = series == Series::store;
    first_ = store ? store_anchor : home_anchor;
    load_wh_.reserve(hours);
    std::size_t load_column = 0;
    std::size_t solar_column = 0;
    if (!store) {
        const auto names = split_text(take_line(text), ',');
        load_column = column(names, "non_shiftable_load");
        solar_column = column(names, "solar_generation");
    }
    while (!text.empty() && load_wh_.size() < hours) {
        const auto fields = split_text(take_line(text), ',');
        load_wh_.push_back(static_cast<std::int32_t>(parse_scaled(fields[load_column], 3)));
        if (!store) {
            solar_w_per_kw_.push_back(
                static_cast<std::int32_t>(parse_scaled(fields[solar_column], 0)));
        }
    }
    WH_CHECK(load_wh_.size() == hours, "series shorter than 52 weeks");
}

const SeriesYear& SeriesYear::of(Series series) {
    static const std::array<SeriesYear, 4> years = {
        SeriesYear(text_of(file_of_series[0]), Series::home_1),
        SeriesYear(text_of(file_of_series[1]), Series::home_2),
        SeriesYear(text_of(file_of_series[2]), Series::home_4),
        SeriesYear(text_of(file_of_series[3]), Series::store)};
    return years[static_cast<std::size_t>(series)];
}

std::int64_t SeriesYear::wh(const Shape& shape, int hour) const {
    const auto at = static_cast<std::size_t>((hour % hours + hours) % hours);
    const std::int64_t load = (std::int64_t{load_wh_[at]} * shape.per_mille + 500) / 1000;
    if (shape.solar_kw == 0) return load;
    return std::max<std::int64_t>(0, load - std::int64_t{solar_w_per_kw_[at]} * shape.solar_kw);
}

int SeriesYear::hour_of(const Shape& shape, Date date) const {
    const int day = (date - first_ + shape.shift_days) % days;
    return (day < 0 ? day + days : day) * 24;
}

std::vector<int> wall_hours(const TimeZone& zone, Date date) {
    std::vector<int> hours;
    const Instant start = zone.start_of(date);
    const int count = zone.seconds_in(date) / 3600;
    for (int step = 0; step < count; ++step) {
        hours.push_back(zone.wall_second_of(start + std::int64_t{step} * 3600) / 3600);
    }
    return hours;
}

void day_of_intervals(const Shape& shape, Date date, const std::vector<int>& hours, int minutes,
                      std::vector<std::int64_t>& wh) {
    const SeriesYear& year = SeriesYear::of(shape.series);
    const int midnight = year.hour_of(shape, date);
    wh.clear();
    for (const int hour : hours) {
        const std::int64_t whole = year.wh(shape, midnight + hour);
        if (minutes == 60) {
            wh.push_back(whole);
            continue;
        }
        WH_CHECK(minutes == 15, "shapes know hours and quarters");
        const std::int64_t slope =
            std::clamp(year.wh(shape, midnight + hour + 1) - year.wh(shape, midnight + hour - 1),
                       -2 * whole, 2 * whole);
        std::int64_t before = 0;
        for (std::int64_t quarter = 1; quarter <= 4; ++quarter) {
            const std::int64_t through =
                floor_32(8 * quarter * whole + slope * quarter * (quarter - 4));
            wh.push_back(through - before);
            before = through;
        }
    }
}

std::int64_t day_wh(const Shape& shape, Date date, const std::vector<int>& hours) {
    const SeriesYear& year = SeriesYear::of(shape.series);
    const int midnight = year.hour_of(shape, date);
    std::int64_t sum = 0;
    for (const int hour : hours) sum += year.wh(shape, midnight + hour);
    return sum;
}

}  // namespace watthour::sample
