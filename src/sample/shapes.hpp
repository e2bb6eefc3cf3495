// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "base/embedded.hpp"
#include "calendar/date.hpp"
#include "calendar/time_zone.hpp"

#include <array>
#include <cstdint>
#include <span>
#include <string_view>
#include <vector>

namespace watthour::sample_files {
/// The series of data/interval, as the build found them.
[[nodiscard]] std::span<const EmbeddedFile> files();
}  // namespace watthour::sample_files

namespace watthour::sample {

enum class Series { home_1, home_2, home_4, store };

/// How a service uses energy: a real series, moved by whole weeks, scaled, and for some homes
/// less what their roof makes. The meter delivers what is left, never below zero.
struct Shape {
    Series series = Series::home_1;
    int shift_days = 0;  ///< a multiple of 7, so that weekends stay weekends
    int per_mille = 1000;
    int solar_kw = 0;  ///< size of the array
};

/// One year of 52 weeks in whole Wh by hour, and for homes the output of a 1 kW array in W.
/// Source: CITYLEARN, NREL-SSC.
class SeriesYear {
public:
    static constexpr int days = 364;
    static constexpr int hours = days * 24;

    /// The series of the binary, parsed at the first call; safe from any thread.
    [[nodiscard]] static const SeriesYear& of(Series series);

    /// Wh delivered in the hour that begins at `hour` hours after the series' day 0; wraps.
    [[nodiscard]] std::int64_t wh(const Shape& shape, int hour) const;
    /// The hour of the series that stands for 00:00 of a date.
    [[nodiscard]] int hour_of(const Shape& shape, Date date) const;

private:
    SeriesYear(std::string_view text, Series series);
    Date first_;  ///< the date that day 0 stands for
    std::vector<std::int32_t> load_wh_;
    std::vector<std::int32_t> solar_w_per_kw_;
};

/// The wall clock's hours of a local date in order: 24, or 23 without 02, or 25 with 01 twice.
[[nodiscard]] std::vector<int> wall_hours(const TimeZone& zone, Date date);

/// Whole Wh of each interval of a local date, in order.
///
/// Hours are the series' own. Quarters of an hour of H Wh whose neighbours are p and n lie on a
/// line: with r = n - p, held within -2H and 2H, the first k quarters hold
/// floor((8 k H + r k (k - 4)) / 32). The four sum to H and none is below zero.
/// Units:  Wh; `minutes` is 60 or 15; `hours` are wall_hours of the date.
void day_of_intervals(const Shape& shape, Date date, const std::vector<int>& hours, int minutes,
                      std::vector<std::int64_t>& wh);

/// Wh of the local date: the sum of its intervals, whatever their length.
[[nodiscard]] std::int64_t day_wh(const Shape& shape, Date date, const std::vector<int>& hours);

/// A decimal number, also like 9.75e-08, times 10^places, rounded half up. Not below zero.
[[nodiscard]] std::int64_t parse_scaled(std::string_view text, int places);

}  // namespace watthour::sample
