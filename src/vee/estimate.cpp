// SPDX-License-Identifier: Apache-2.0
#include "vee/estimate.hpp"

#include "base/arithmetic.hpp"
#include "base/check.hpp"
#include "vee/validate.hpp"

#include <algorithm>

namespace watthour::vee {
namespace {

/// Measured, and nothing that an outage cut short.
bool is_sound(IntervalStatus status) {
    return is_good(status) && status != IntervalStatus::outage &&
           status != IntervalStatus::estimated;
}

std::int64_t rounded(i128 sum, i128 count) {
    return round_divide(sum, count, Rounding::half_away_from_zero);
}

class Estimator {
public:
    Estimator(const tariff::VeeLimits& limits, const ChannelReads& reads, DateRange days)
        : limits_(limits), reads_(reads), grid_(*reads.grid), days_(days) {}

    Estimation run() {
        const int end = grid_.first_step(days_.until);
        for (int step = grid_.first_step(days_.from); step < end;) {
            if (is_good(status(step))) {
                ++step;
                continue;
            }
            int last = step + 1;
            while (last < end && !is_good(status(last))) ++last;
            if (!line(step, last)) by_days(step, last);
            step = last;
        }
        for (std::size_t i = 1; i < reads_.marks.size(); ++i) {
            to_register(reads_.marks[i - 1], reads_.marks[i]);
        }
        return std::move(made_);
    }

private:
    [[nodiscard]] IntervalStatus status(int step) const {
        return reads_.status[static_cast<std::size_t>(step)];
    }
    [[nodiscard]] std::int64_t wh(int step) const {
        return reads_.wh[static_cast<std::size_t>(step)];
    }

    /// R1.40.
    bool line(int first, int last) {
        if ((last - first) * grid_.minutes() > limits_.interpolate_minutes) return false;
        if (first == 0 || last == grid_.count()) return false;
        if (!is_sound(status(first - 1)) || !is_sound(status(last))) return false;
        const std::int64_t from = wh(first - 1);
        const std::int64_t rise = wh(last) - from;
        const int parts = last - first + 1;
        for (int step = first; step < last; ++step) {
            made_.intervals.push_back({step, from + rounded(i128{rise} * (step - first + 1), parts),
                                       EstimateMethod::linear, 0, false});
        }
        return true;
    }

    [[nodiscard]] bool whole_day(Date day) const {
        for (int step = grid_.first_step(day); step < grid_.first_step(day + 1); ++step) {
            if (!is_sound(status(step))) return false;
        }
        return true;
    }

    /// R1.41: the most recent whole days of the type of `day` before it.
    void find_like_days(Date day) {
        like_.clear();
        const Date earliest = std::max(grid_.days().from, day - 7 * limits_.lookback_weeks);
        for (Date other = day - 1; other >= earliest; other = other - 1) {
            if (static_cast<int>(like_.size()) == limits_.reference_days) return;
            if (grid_.type(other) == grid_.type(day) && whole_day(other)) like_.push_back(other);
        }
    }

    void by_days(int first, int last) {
        Date found_for = end_of_time;
        for (int step = first; step < last; ++step) {
            const Date day = grid_.day_of(step);
            if (day != found_for) find_like_days(day);
            found_for = day;
            if (like_.empty()) {
                by_profile(day, step);
                continue;
            }
            std::int64_t sum = 0;
            for (const Date like : like_) sum += wh(grid_.step_at(like, grid_.slot(step)));
            const auto count = static_cast<std::int32_t>(like_.size());
            made_.intervals.push_back(
                {step, rounded(sum, count), EstimateMethod::like_days, count, false});
        }
    }

    /// R1.43: the same clock time of the last billing period, else of whatever was measured in the
    /// days before, else of the class.
    void by_profile(Date day, int step) {
        const DateRange recent{day - limits_.profile_days, day};
        if (average_of(last_period(day), step, EstimateMethod::last_period)) return;
        if (average_of(recent, step, EstimateMethod::profile)) return;
        if (by_class(day, step)) return;
        ++made_.not_estimated;
    }

    /// The last billing period that ended on the day or before.
    [[nodiscard]] DateRange last_period(Date day) const {
        const auto& ends = reads_.period_ends;
        for (std::size_t i = ends.size(); i > 1; --i) {
            if (ends[i - 1] <= day) return {ends[i - 2], ends[i - 1]};
        }
        return {};
    }

    bool average_of(DateRange wanted, int step, EstimateMethod method) {
        const DateRange days = wanted.intersection(grid_.days());
        std::int64_t sum = 0;
        std::int32_t count = 0;
        for (Date other = days.from; other < days.until; other = other + 1) {
            const int at = grid_.step_at(other, grid_.slot(step));
            if (!is_sound(status(at))) continue;
            sum += wh(at);
            ++count;
        }
        if (count == 0) return false;
        made_.intervals.push_back({step, rounded(sum, count), method, count, false});
        return true;
    }

    bool by_class(Date day, int step) {
        if (reads_.profile == nullptr || reads_.received || !reads_.energy_wh.empty()) return false;
        if (!use_a_day_) use_a_day_ = find_use_a_day();
        if (*use_a_day_ < 0) return false;
        const auto value =
            reads_.profile->wh_of(day.month(), static_cast<int>(grid_.type(day)),
                                  grid_.slot(step) * grid_.minutes(), grid_.minutes(), *use_a_day_);
        if (!value) return false;
        made_.intervals.push_back({step, *value, EstimateMethod::class_profile, 0, false});
        return true;
    }

    /// Wh of an average day, or -1 where nothing tells it.
    [[nodiscard]] std::int64_t find_use_a_day() const {
        std::int64_t sum = 0;
        int days = 0;
        for (Date day = grid_.days().from; day < grid_.days().until; day = day + 1) {
            if (!whole_day(day)) continue;
            for (int step = grid_.first_step(day); step < grid_.first_step(day + 1); ++step) {
                sum += wh(step);
            }
            ++days;
        }
        if (days == 0) {
            for (const DayUse& use : reads_.last_year) {
                if (use.not_good > 0) continue;
                sum += use.wh;
                ++days;
            }
        }
        if (days == 0 && reads_.marks.size() > 1) {
            sum = reads_.marks.back().wh - reads_.marks.front().wh;
            days = reads_.marks.back().day - reads_.marks.front().day;
        }
        return days > 0 ? rounded(sum, days) : -1;
    }

    /// R1.42, between two marks that bracket estimates: those made now and those of before.
    void to_register(const RegisterMark& from, const RegisterMark& until) {
        if (until.day <= days_.from || until.day > days_.until) return;
        if (from.day < grid_.days().from) return;
        const int first = grid_.first_step(from.day);
        const int last = grid_.first_step(until.day);
        std::vector<EstimatedInterval> open;
        std::int64_t measured = 0;
        std::int64_t guessed = 0;
        for (int step = first; step < last; ++step) {
            const auto made = place_of(step);
            if (made != made_.intervals.end() && made->step == step) {
                open.push_back(*made);
                guessed += made->wh;
            } else if (status(step) == IntervalStatus::estimated) {
                open.push_back({step, wh(step), EstimateMethod::to_register, 0, false});
                guessed += wh(step);
            } else if (!is_good(status(step))) {
                return;  // nothing to estimate it from, so the sum says nothing
            } else {
                measured += wh(step);
            }
        }
        const std::int64_t shown = until.wh - from.wh;
        const std::int64_t target = shown - measured;
        if (open.empty() || target < 0) return;
        if (compare_sums(limits_, measured + guessed, shown, reads_.register_step_wh).holds()) {
            return;
        }
        scale(open, guessed, target);
    }

    /// Rounds the running sum, so that the parts sum to the whole.
    void scale(std::vector<EstimatedInterval>& open, std::int64_t guessed, std::int64_t target) {
        i128 seen = 0;
        std::int64_t given = 0;
        const auto count = static_cast<std::int64_t>(open.size());
        for (std::size_t i = 0; i < open.size(); ++i) {
            seen += open[i].wh;
            const std::int64_t until =
                guessed > 0 ? rounded(seen * target, guessed)
                            : rounded(i128{target} * static_cast<std::int64_t>(i + 1), count);
            open[i].wh = until - given;
            open[i].scaled = true;
            given = until;
            put(open[i]);
        }
    }

    void put(const EstimatedInterval& interval) {
        const auto made = place_of(interval.step);
        if (made != made_.intervals.end() && made->step == interval.step) {
            *made = interval;
        } else if (interval.wh != wh(interval.step)) {
            made_.intervals.insert(made, interval);
        }
    }

    /// Where an interval of the step is or would be; they rise by step all the time.
    std::vector<EstimatedInterval>::iterator place_of(int step) {
        return std::lower_bound(made_.intervals.begin(), made_.intervals.end(), step,
                                [](const auto& one, int wanted) { return one.step < wanted; });
    }

    const tariff::VeeLimits& limits_;
    const ChannelReads& reads_;
    const DayGrid& grid_;
    DateRange days_;
    Estimation made_;
    std::vector<Date> like_;
    std::optional<std::int64_t> use_a_day_;
};

}  // namespace

std::string_view method_name(EstimateMethod method) {
    switch (method) {
        case EstimateMethod::linear: return "linear";
        case EstimateMethod::like_days: return "like_days";
        case EstimateMethod::last_period: return "last_period";
        case EstimateMethod::profile: return "profile";
        case EstimateMethod::class_profile: return "class_profile";
        case EstimateMethod::to_register: return "to_register";
    }
    return "";
}

Estimation estimate(const tariff::VeeLimits& limits, const ChannelReads& reads, DateRange days) {
    WH_CHECK(reads.grid != nullptr && days.intersection(reads.grid->days()) == days,
             "days to estimate lie outside the grid");
    return Estimator(limits, reads, days).run();
}

RegisterEstimate estimate_register(Energy reference, int reference_days, int days,
                                   const Decimal& constant) {
    WH_CHECK(reference_days > 0 && constant.units() > 0, "an estimate needs days and a constant");
    RegisterEstimate estimate;
    // Wh / (10 x days) = hundredths of a kWh a day.
    const std::int64_t hundredths =
        round_divide(reference.wh(), i128{reference_days} * 10, Rounding::half_away_from_zero);
    estimate.use_a_day = Decimal(hundredths, 2);
    estimate.dial_units = round_divide(i128{hundredths} * days * power_of_ten(constant.scale()),
                                       i128{100} * constant.units(), Rounding::toward_zero);
    estimate.kwh = Decimal(checked_mul(estimate.dial_units, constant.units()), constant.scale());
    return estimate;
}

}  // namespace watthour::vee
