// SPDX-License-Identifier: Apache-2.0
#include "vee/validate.hpp"

#include "base/arithmetic.hpp"
#include "base/check.hpp"

#include <algorithm>
#include <cstdlib>

namespace watthour::vee {
namespace {

using tariff::VeeCheck;
using tariff::VeeLimits;
using tariff::VeeVerdict;

/// The sums of one day that several checks use; made in one walk over its intervals.
struct DaySums {
    std::int64_t wh = 0;
    std::int64_t highest = 0;
    std::int64_t third = 0;
    std::int32_t highest_step = -1;
    std::int32_t missing = 0;
    std::int32_t failed = 0;
    std::int32_t first_bad = -1;
    std::int32_t last_bad = -1;
    std::int32_t first_negative = -1;
    std::int64_t negative = 0;
    bool outage = false;
};

class Validation {
public:
    Validation(const VeeLimits& limits, const ChannelReads& reads, DateRange days,
               std::vector<Finding>& found)
        : limits_(limits), reads_(reads), grid_(*reads.grid), days_(days), found_(found) {}

    void run() {
        for (Date day = days_.from; day < days_.until; day = day + 1) check_day(day);
        runs(VeeCheck::zeros, limits_.zero_hours, true);
        runs(VeeCheck::constant, limits_.constant_hours, false);
        for (Date day = days_.from; day < days_.until; day = day + 1) high_low_use(day);
        sums();
        record();
        merge();
    }

private:
    [[nodiscard]] bool on(VeeCheck check) const {
        return limits_.verdict(check) != VeeVerdict::off;
    }

    void add(VeeCheck check, DateRange days, std::int32_t first, std::int32_t last,
             std::int64_t measured, std::int64_t reference, std::int64_t limit) {
        if (!on(check)) return;
        found_.push_back(
            {check, limits_.verdict(check), days, first, last, measured, reference, limit});
    }

    [[nodiscard]] DaySums sums_of(Date day) const {
        DaySums sums;
        std::int64_t second = 0;
        const int last = grid_.first_step(day + 1);
        for (int step = grid_.first_step(day); step < last; ++step) {
            const auto at = static_cast<std::size_t>(step);
            const IntervalStatus status = reads_.status[at];
            if (!is_good(status)) {
                ++(status == IntervalStatus::missing ? sums.missing : sums.failed);
                if (sums.first_bad < 0) sums.first_bad = step;
                sums.last_bad = step;
                continue;
            }
            const std::int64_t wh = reads_.wh[at];
            sums.outage = sums.outage || status == IntervalStatus::outage;
            sums.wh += wh;
            if (wh < 0) {
                if (sums.first_negative < 0) sums.first_negative = step;
                sums.negative += wh;
            }
            if (wh > sums.highest) {
                sums.third = second;
                second = sums.highest;
                sums.highest = wh;
                sums.highest_step = step;
            } else if (wh > second) {
                sums.third = second;
                second = wh;
            } else if (wh > sums.third) {
                sums.third = wh;
            }
        }
        return sums;
    }

    void check_day(Date day) {
        const DaySums sums = sums_of(day);
        const DateRange one{day, day + 1};
        const int first = grid_.first_step(day);
        const int last = grid_.first_step(day + 1);
        if (sums.missing > 0) {
            add(VeeCheck::gap, one, sums.first_bad, sums.last_bad + 1, sums.missing, last - first,
                0);
        }
        if (sums.failed > 0) {
            add(VeeCheck::not_billable, one, sums.first_bad, sums.last_bad + 1, sums.failed,
                last - first, 0);
        }
        check_received(one, sums, first, last);
        check_spike(one, sums);
        check_demand(one, sums);
        if (!reads_.energy_wh.empty()) check_reactive(one, sums, first, last);
        if (!reads_.is_served(day)) check_inactive(one, sums, first, last);
    }

    /// R1.14, R1.35: use where nobody is served, of a day or little by little: each time that the
    /// use since the last agreement, as far as the history goes, has grown by the limit.
    void check_inactive(DateRange day, const DaySums& sums, int first, int last) {
        const std::int64_t limit = limits_.inactive_min.wh();
        if (limit <= 0 || !on(VeeCheck::inactive)) return;
        if (sums.wh >= limit) {
            add(VeeCheck::inactive, day, first, last, sums.wh, 0, limit);
            return;
        }
        Date from = day.from;
        std::int64_t before = 0;
        while (from > grid_.days().from && !reads_.is_served(from - 1)) {
            from = from - 1;
            before += sums_of(from).wh;
        }
        const std::int64_t now = before + sums.wh;
        if (sums.wh > 0 && now / limit > before / limit) {
            add(VeeCheck::inactive, {from, day.until}, grid_.first_step(from), last, now, 0, limit);
        }
    }

    /// R1.33: energy to the grid, by its own channel or as a negative value.
    void check_received(DateRange day, const DaySums& sums, int first, int last) {
        if (reads_.has_generation) return;
        if (reads_.received && sums.wh > 0) {
            add(VeeCheck::received, day, first, last, sums.wh, 0, 0);
        } else if (sums.first_negative >= 0) {
            add(VeeCheck::received, day, sums.first_negative, sums.first_negative + 1,
                sums.negative, 0, 0);
        }
    }

    /// R1.28: a peak at about the same clock time that a person has verified, and that this one
    /// does not exceed by more than its share.
    [[nodiscard]] bool is_verified_pattern(Date day, const DaySums& sums) const {
        if (limits_.pattern_days == 0) return false;
        const int hour = 60 / grid_.minutes();
        const int slot = grid_.slot(sums.highest_step);
        const Date from = std::max(grid_.days().from, day - limits_.pattern_days);
        for (int step = grid_.first_step(from); step < grid_.first_step(day); ++step) {
            const auto at = static_cast<std::size_t>(step);
            if (reads_.status[at] != IntervalStatus::verified) continue;
            if (std::abs(grid_.slot(step) - slot) > hour) continue;
            if (i128{sums.highest} * 100 <= i128{limits_.pattern_percent} * reads_.wh[at]) {
                return true;
            }
        }
        return false;
    }

    /// R1.28: (highest - third highest) / third highest, in percent.
    void check_spike(DateRange day, const DaySums& sums) {
        if (reads_.irregular || sums.highest < limits_.spike_min.wh()) return;
        const i128 step = i128{sums.highest - sums.third} * 100;
        if (step > i128{limits_.spike_percent} * sums.third &&
            !is_verified_pattern(day.from, sums)) {
            add(VeeCheck::spike, day, sums.highest_step, sums.highest_step + 1, sums.highest,
                sums.third, limits_.spike_percent);
        }
    }

    [[nodiscard]] std::int64_t watts(std::int64_t wh) const { return wh * (60 / grid_.minutes()); }

    /// R1.30: against the rating, and against the highest interval of the reference days.
    void check_demand(DateRange day, const DaySums& sums) {
        if (sums.highest_step < 0) return;
        const std::int64_t load = watts(sums.highest);
        if (reads_.capacity_watts > 0 &&
            i128{load} * 100 > i128{limits_.capacity_percent} * reads_.capacity_watts) {
            add(VeeCheck::capacity, day, sums.highest_step, sums.highest_step + 1, load,
                reads_.capacity_watts, limits_.capacity_percent);
        }
        if (!on(VeeCheck::high_low_demand) || sums.highest < limits_.demand_min.wh()) return;
        const std::int64_t before = highest_before(day.from);
        if (before > 0 && i128{sums.highest} * 100 > i128{limits_.demand_percent} * before) {
            add(VeeCheck::high_low_demand, day, sums.highest_step, sums.highest_step + 1, load,
                watts(before), limits_.demand_percent);
        }
    }

    [[nodiscard]] std::int64_t highest_before(Date day) const {
        const Date from = std::max(grid_.days().from, day - limits_.use_days);
        std::int64_t highest = 0;
        for (int step = grid_.first_step(from); step < grid_.first_step(day); ++step) {
            const auto at = static_cast<std::size_t>(step);
            if (is_good(reads_.status[at])) highest = std::max(highest, reads_.wh[at]);
        }
        return highest;
    }

    /// R1.31: reactive energy without energy, more than its share of it, or none with load.
    void check_reactive(DateRange day, const DaySums& sums, int first, int last) {
        std::int64_t energy = 0;
        for (int step = first; step < last; ++step) {
            energy += reads_.energy_wh[static_cast<std::size_t>(step)];
        }
        const bool load = energy >= limits_.reactive_min.wh();
        const bool high = i128{sums.wh} * 100 > i128{limits_.reactive_percent} * energy;
        if ((load && sums.wh == 0) || (sums.wh >= limits_.reactive_min.wh() && high)) {
            add(VeeCheck::reactive, day, first, last, sums.wh, energy, limits_.reactive_percent);
        }
    }

    /// R1.32: the same value through some hours; the run may begin in the history and is found
    /// on the day on which it is long enough.
    void runs(VeeCheck check, int hours, bool zero) {
        if (!on(check) || reads_.received) return;
        const int wanted = hours * 60 / grid_.minutes();
        const int end = grid_.first_step(days_.until);
        const int checked = grid_.first_step(days_.from);
        int begin = std::max(0, checked - wanted);
        for (int step = begin; step < end; step = begin) {
            const auto value = reads_.wh[static_cast<std::size_t>(step)];
            begin = step + 1;
            if ((value == 0) != zero || !counts_in_run(step)) continue;
            while (begin < end && reads_.wh[static_cast<std::size_t>(begin)] == value &&
                   counts_in_run(begin)) {
                ++begin;
            }
            if (begin - step < wanted || begin <= checked) continue;
            const DateRange days{std::max(grid_.day_of(step), days_.from),
                                 grid_.day_of(begin - 1) + 1};
            if (!reads_.is_served(days.from)) continue;
            add(check, days, step, begin, begin - step, value, wanted);
        }
    }

    /// An outage explains its zeros (R1.26), and what was estimated was not measured.
    [[nodiscard]] bool counts_in_run(int step) const {
        const IntervalStatus status = reads_.status[static_cast<std::size_t>(step)];
        return is_good(status) && status != IntervalStatus::outage &&
               status != IntervalStatus::estimated;
    }

    struct Average {
        std::int64_t wh = 0;
        int days = 0;
    };

    [[nodiscard]] Average average(Date from, Date until) const {
        Average average;
        for (Date day = std::max(from, grid_.days().from); day < until; day = day + 1) {
            const DaySums sums = sums_of(day);
            if (sums.missing + sums.failed > 0) continue;
            average.wh += sums.wh;
            ++average.days;
        }
        return average;
    }

    [[nodiscard]] Average last_year(Date from, Date until) const {
        Average average;
        if (reads_.last_year.empty()) return average;
        for (Date day = std::max(from, grid_.days().from); day < until; day = day + 1) {
            const DayUse& use = reads_.last_year[static_cast<std::size_t>(day - grid_.days().from)];
            if (use.not_good > 0) continue;
            average.wh += use.wh;
            ++average.days;
        }
        return average;
    }

    /// R1.29: the use a day of the last days against the same days of last year, else those
    /// before. It is made once for the days that end a stretch, so that a change is found once.
    void high_low_use(Date day) {
        if (!on(VeeCheck::high_low_use) || reads_.irregular || !reads_.is_served(day)) return;
        if (reads_.received || !reads_.energy_wh.empty()) return;
        const int stretch = limits_.use_days;
        if (day.days() % stretch != stretch - 1) return;
        const Average own = average(day + 1 - stretch, day + 1);
        Average other = last_year(day + 1 - stretch, day + 1);
        if (2 * other.days < stretch) other = average(day + 1 - 2 * stretch, day + 1 - stretch);
        if (2 * own.days < stretch || 2 * other.days < stretch) return;
        const std::int64_t own_day = own.wh / own.days;
        const std::int64_t other_day = other.wh / other.days;
        if (std::max(own_day, other_day) < limits_.use_min.wh()) return;
        const i128 a = i128{own.wh} * other.days * 100;
        const i128 b = i128{other.wh} * own.days;
        const bool high = a > b * limits_.high_percent;
        if (!high && !(a < b * limits_.low_percent)) return;
        add(VeeCheck::high_low_use, {day + 1 - stretch, day + 1},
            grid_.first_step(std::max(grid_.days().from, day + 1 - stretch)),
            grid_.first_step(day + 1), own_day, other_day,
            high ? limits_.high_percent : limits_.low_percent);
    }

    /// R1.27: between every two marks of which the later lies in the days checked.
    void sums() {
        if (!on(VeeCheck::sum)) return;
        for (std::size_t i = 1; i < reads_.marks.size(); ++i) {
            const RegisterMark& from = reads_.marks[i - 1];
            const RegisterMark& until = reads_.marks[i];
            if (until.day <= days_.from || until.day > days_.until) continue;
            if (from.day < grid_.days().from) continue;
            const int first = grid_.first_step(from.day);
            const int last = grid_.first_step(until.day);
            std::int64_t sum = 0;
            bool whole = true;
            for (int step = first; step < last && whole; ++step) {
                const auto at = static_cast<std::size_t>(step);
                whole = is_good(reads_.status[at]);
                sum += reads_.wh[at];
            }
            const std::int64_t shown = until.wh - from.wh;
            const SumTolerance sums = compare_sums(limits_, sum, shown, reads_.register_step_wh);
            if (!whole || sums.holds()) continue;
            add(VeeCheck::sum, {from.day, until.day}, first, last, sum, shown, sums.allowed);
        }
    }

    /// R1.22: the multiplier is CT x PT x constant as stored, and what is stored has the interval
    /// length of the channel.
    void record() {
        const int first = grid_.first_step(days_.from);
        const int last = grid_.first_step(days_.until);
        if (reads_.record_micro != 0 && reads_.record_micro != reads_.multiplier_micro) {
            add(VeeCheck::record, days_, first, last, reads_.multiplier_micro, reads_.record_micro,
                0);
        }
        for (const Misfit& misfit : reads_.misfits) {
            const DateRange month{misfit.month, misfit.month.first_of_next_month()};
            if (month.intersection(days_).is_empty()) continue;
            // The whole month, so that each night speaks of the same.
            const int begin = grid_.first_step(month.from);
            const int end = grid_.first_step(month.until);
            add(VeeCheck::record, month, begin, end, misfit.intervals, end - begin,
                grid_.minutes());
        }
    }

    /// Neighbouring days of one check become one finding, ordered by check and day.
    void merge() {
        std::sort(found_.begin(), found_.end(), [](const Finding& a, const Finding& b) {
            return a.check != b.check ? a.check < b.check : a.first_step < b.first_step;
        });
        std::size_t kept = 0;
        for (std::size_t i = 0; i < found_.size(); ++i) {
            const Finding& next = found_[i];
            if (kept > 0) {
                Finding& last = found_[kept - 1];
                const bool countable =
                    next.check == VeeCheck::gap || next.check == VeeCheck::not_billable ||
                    next.check == VeeCheck::received || next.check == VeeCheck::inactive;
                if (countable && last.check == next.check && last.days.until == next.days.from) {
                    last.days.until = next.days.until;
                    last.last_step = next.last_step;
                    last.measured += next.measured;
                    last.reference += next.reference;
                    continue;
                }
            }
            found_[kept++] = next;
        }
        found_.resize(kept);
    }

    const VeeLimits& limits_;
    const ChannelReads& reads_;
    const DayGrid& grid_;
    DateRange days_;
    std::vector<Finding>& found_;
};

}  // namespace

void validate(const VeeLimits& limits, const ChannelReads& reads, DateRange days,
              std::vector<Finding>& found) {
    WH_CHECK(reads.grid != nullptr && days.intersection(reads.grid->days()) == days,
             "days to validate lie outside the grid");
    WH_CHECK(reads.wh.size() == static_cast<std::size_t>(reads.grid->count()) &&
                 reads.status.size() == reads.wh.size(),
             "rows of a channel do not fit its grid");
    found.clear();
    Validation(limits, reads, days, found).run();
}

std::int64_t energy_at_stake(const Finding& finding, int minutes) {
    const std::int64_t difference = std::abs(finding.measured - finding.reference);
    switch (finding.check) {
        case VeeCheck::spike:
        case VeeCheck::sum:
        case VeeCheck::tou_sum: return difference;
        case VeeCheck::high_low_use:
        case VeeCheck::tou_use: return difference * finding.days.days();
        // An interval's power over what can be, or over what there was.
        case VeeCheck::capacity:
        case VeeCheck::high_low_demand: return difference * minutes / 60;
        case VeeCheck::received:
        case VeeCheck::inactive:
        case VeeCheck::reactive: return std::abs(finding.measured);
        case VeeCheck::gap:
        case VeeCheck::not_billable:
        case VeeCheck::zeros:
        case VeeCheck::constant:
        case VeeCheck::record:
        case VeeCheck::collector_clock: return 0;
    }
    return 0;
}

bool closes_by_itself(const VeeLimits& limits, const Finding& finding, int minutes) {
    if (finding.verdict != VeeVerdict::review && finding.verdict != VeeVerdict::fail) return false;
    const tariff::AutoClose& close = limits.close[static_cast<std::size_t>(finding.check)];
    const std::int64_t wh = energy_at_stake(finding, minutes);
    // What nobody can put a number to is not small.
    if (!close.is_on() || wh == 0) return false;
    return wh <= close.most.wh() && limits.worth_of(wh) <= close.most_dollars;
}

SumTolerance compare_sums(const VeeLimits& limits, std::int64_t sum_wh, std::int64_t register_wh,
                          std::int64_t register_step_wh) {
    const auto& percent = limits.sum_percent;
    const std::int64_t share =
        round_divide(i128{std::abs(register_wh)} * percent.units(),
                     i128{100} * power_of_ten(percent.scale()), Rounding::half_away_from_zero);
    return {std::abs(sum_wh - register_wh),
            std::max(share, register_step_wh * limits.sum_resolutions)};
}

std::vector<Finding> validate_tou_registers(const VeeLimits& limits, DateRange days,
                                            std::span<const std::int64_t> parts_wh,
                                            std::int64_t total_wh, std::int64_t register_step_wh) {
    std::int64_t sum = 0;
    for (const std::int64_t part : parts_wh) sum += part;
    const SumTolerance sums = compare_sums(limits, sum, total_wh, register_step_wh);
    const VeeVerdict verdict = limits.verdict(VeeCheck::tou_sum);
    if (sums.holds() || verdict == VeeVerdict::off) return {};
    return {{VeeCheck::tou_sum, verdict, days, 0, 0, sum, total_wh, sums.allowed}};
}

std::optional<Finding> validate_tou_part(const VeeLimits& limits, DateRange days, std::int64_t wh,
                                         DateRange days_before, std::int64_t wh_before) {
    const VeeVerdict verdict = limits.verdict(VeeCheck::tou_use);
    if (verdict == VeeVerdict::off || days.is_empty() || days_before.is_empty()) return {};
    const std::int64_t own = wh / days.days();
    const std::int64_t before = wh_before / days_before.days();
    if (std::max(own, before) < limits.tou_min.wh()) return {};
    const i128 a = i128{wh} * days_before.days() * 100;
    const i128 b = i128{wh_before} * days.days();
    const bool high = a > b * limits.tou_high_percent;
    if (!high && !(a < b * limits.tou_low_percent)) return {};
    return Finding{VeeCheck::tou_use,
                   verdict,
                   days,
                   0,
                   0,
                   own,
                   before,
                   high ? limits.tou_high_percent : limits.tou_low_percent};
}

}  // namespace watthour::vee
