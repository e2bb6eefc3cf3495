// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "base/result.hpp"
#include "calendar/date.hpp"

#include <memory>
#include <string>
#include <string_view>

namespace watthour {

/// A zone of the system's zone files. Copies share the loaded zone; safe from many threads.
class TimeZone {
public:
    /// Errors: calendar.zone_unknown.
    [[nodiscard]] static Result<TimeZone> load(std::string_view name);

    [[nodiscard]] const std::string& name() const;
    /// The instant at which the local date begins (00:00, or the first moment after a gap).
    [[nodiscard]] Instant start_of(Date date) const;
    [[nodiscard]] Date date_of(Instant at) const;
    /// Seconds since local midnight by the wall clock: 0 to 86,399; the repeated hour repeats.
    [[nodiscard]] int wall_second_of(Instant at) const;
    /// Seconds east of UTC at the instant.
    [[nodiscard]] int offset_at(Instant at) const;
    /// 82,800, 86,400 or 90,000.
    [[nodiscard]] int seconds_in(Date date) const;

    struct Loaded;

private:
    explicit TimeZone(std::shared_ptr<const Loaded> loaded) : loaded_(std::move(loaded)) {}
    std::shared_ptr<const Loaded> loaded_;
};

/// Equal steps of time that tile a range of local days; step 0 begins at the first local
/// midnight. A 15-minute day has 92, 96 or 100 steps. Source: R1.51.
class IntervalGrid {
public:
    IntervalGrid(const TimeZone& zone, DateRange days, int minutes);

    [[nodiscard]] Instant begin() const { return begin_; }
    [[nodiscard]] Instant end() const { return end_; }
    [[nodiscard]] int minutes() const { return minutes_; }
    [[nodiscard]] int count() const;
    [[nodiscard]] Instant start_of(int step) const {
        return begin_ + std::int64_t{step} * minutes_ * 60;
    }
    /// The step that holds the instant, or -1 when it lies outside.
    [[nodiscard]] int step_of(Instant at) const;
    /// True when the instant is the first moment of a step.
    [[nodiscard]] bool on_grid(Instant at) const;

private:
    Instant begin_;
    Instant end_;
    int minutes_;
};

}  // namespace watthour
