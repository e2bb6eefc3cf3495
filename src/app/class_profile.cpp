// SPDX-License-Identifier: Apache-2.0
#include "app/class_profile.hpp"

#include "app/authorize.hpp"
#include "app/channel_window.hpp"
#include "app/errors.hpp"
#include "base/arithmetic.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <set>

namespace watthour::app {
namespace {

using vee::IntervalStatus;

constexpr std::size_t channels_at_once = 200;
constexpr std::size_t hours_a_day = 24;

/// Use of the channel days of one month and day type.
struct Sums {
    std::array<std::int64_t, hours_a_day> wh{};
    std::int64_t days = 0;
};

class ProfileMaker {
public:
    ProfileMaker(Office& office, const ClassProfileRequest& request)
        : office_(office), request_(request) {}

    void month(const std::vector<const ChannelSubject*>& subjects, DateRange days) {
        ChannelWindows windows(office_, subjects, days, false);
        for (const auto* subject : subjects) {
            (void)windows.reads_of(*subject);
            for (Date day = days.from; day < days.until; day = day + 1) {
                if (is_of_class(*subject, day)) take(windows, *subject, day);
            }
        }
    }

    MadeProfile made() {
        MadeProfile made;
        made.channels = static_cast<std::int64_t>(channels_.size());
        made.profile.rate_class = request_.rate_class;
        made.profile.effective = request_.effective.value_or(request_.days.until);
        if (request_.whole_year) std::fill(sums_.begin() + 1, sums_.end(), sums_.front());
        for (std::size_t month = 0; month < sums_.size(); ++month) {
            if (!shares(sums_[month], made.profile.per_mille[month])) {
                made.months_without.push_back(static_cast<int>(month) + 1);
            }
            if (month > 0 && request_.whole_year) continue;
            for (const Sums& type : sums_[month]) made.channel_days += type.days;
        }
        made.profile.source =
            fmt::format("watthour vee profile, {}: {} channel days of {} channels, {} to {}",
                        office_.business_date().to_string(), made.channel_days, made.channels,
                        request_.days.from.to_string(), (request_.days.until - 1).to_string());
        return made;
    }

private:
    bool is_of_class(const ChannelSubject& subject, Date day) {
        const auto* agreement = subject.agreement_on(day);
        if (agreement == nullptr || !subject.installed.contains(day)) return false;
        const auto [known, is_new] = class_of_.try_emplace(agreement->schedule);
        if (is_new) {
            const auto schedule = office_.catalogue().find_schedule(agreement->schedule);
            if (schedule) known->second = (*schedule)->rate_class;
        }
        return known->second == request_.rate_class;
    }

    /// A day of which an interval is missing, estimated or cut short by an outage tells nothing.
    void take(const ChannelWindows& windows, const ChannelSubject& subject, Date day) {
        const vee::DayGrid& grid = windows.grid();
        const int first = grid.first_step(day);
        const int last = grid.first_step(day + 1);
        for (int step = first; step < last; ++step) {
            const IntervalStatus status = windows.status()[static_cast<std::size_t>(step)];
            if (!vee::is_good(status) || status == IntervalStatus::estimated ||
                status == IntervalStatus::outage) {
                return;
            }
        }
        // A day of 23 or 25 hours has not the clock times of the others.
        if (last - first != grid.steps_a_day()) return;
        const auto month = static_cast<std::size_t>(request_.whole_year ? 0 : day.month() - 1);
        Sums& sums = sums_[month][static_cast<std::size_t>(grid.type(day))];
        for (int step = first; step < last; ++step) {
            const auto hour = static_cast<std::size_t>(grid.slot(step) * grid.minutes() / 60);
            sums.wh[hour] += windows.wh()[static_cast<std::size_t>(step)];
        }
        ++sums.days;
        channels_.insert(subject.channel);
    }

    /// False where the month has no use at all.
    static bool shares(const std::array<Sums, 3>& types,
                       std::array<tariff::ClassProfile::Hours, 3>& into) {
        std::int64_t whole = 0;
        std::int64_t days = 0;
        for (const Sums& type : types) {
            for (const std::int64_t wh : type.wh) whole += wh;
            days += type.days;
        }
        if (whole <= 0) return false;
        for (std::size_t type = 0; type < types.size(); ++type) {
            if (types[type].days == 0) continue;
            for (std::size_t hour = 0; hour < hours_a_day; ++hour) {
                // (wh / days of the type) / (whole / days), in thousandths.
                into[type][hour] = static_cast<int>(
                    round_divide(i128{types[type].wh[hour]} * 1000 * days,
                                 i128{whole} * types[type].days, Rounding::half_away_from_zero));
            }
        }
        return true;
    }

    Office& office_;
    const ClassProfileRequest& request_;
    std::array<std::array<Sums, 3>, 12> sums_;
    std::set<metering::ChannelId> channels_;
    std::map<std::string, std::string> class_of_;
};

std::string file_text(const tariff::ClassProfile& profile) {
    static constexpr std::array<const char*, 3> names = {"weekday", "saturday",
                                                         "sunday_or_holiday"};
    std::string text = fmt::format(
        "# The average day of a class (R1.43): for each month the thousandths of its average day "
        "that each hour uses.\n"
        "profile: {}\nversions:\n  - effective: {}\n    source: \"{}\"\n    rows:\n",
        profile.rate_class, profile.effective.to_string(), profile.source);
    const auto& all = profile.per_mille;
    const bool one_day = std::all_of(all.begin(), all.end(),
                                     [&](const auto& month) { return month == all.front(); });
    for (std::size_t month = 0; month < (one_day ? 1 : all.size()); ++month) {
        std::vector<std::string> months;
        for (std::size_t i = month; i < (one_day ? all.size() : month + 1); ++i) {
            months.push_back(fmt::format("\"{}\"", i + 1));
        }
        for (std::size_t type = 0; type < names.size(); ++type) {
            const auto& hours = all[month][type];
            if (std::all_of(hours.begin(), hours.end(), [](int share) { return share == 0; })) {
                continue;
            }
            std::vector<std::string> quoted;
            for (const int share : hours) quoted.push_back(fmt::format("\"{}\"", share));
            text += fmt::format("      - {{months: [{}], day: {},\n         per_mille: [{}]}}\n",
                                fmt::join(months, ", "), names[type], fmt::join(quoted, ", "));
        }
    }
    return text;
}

}  // namespace

Result<MadeProfile> make_class_profile(Office& office, const ClassProfileRequest& request) {
    TRY_DONE(authorize(office, access::permissions::read_validate));
    const auto subjects = channel_subjects(office, request.days);
    std::map<int, std::vector<const ChannelSubject*>> by_minutes;
    for (const auto& subject : subjects) {
        if (subject.quantity == "KWH") by_minutes[subject.minutes].push_back(&subject);
    }
    ProfileMaker maker(office, request);
    for (const auto& [minutes, all] : by_minutes) {
        for (std::size_t begin = 0; begin < all.size(); begin += channels_at_once) {
            const std::size_t end = std::min(begin + channels_at_once, all.size());
            const std::vector<const ChannelSubject*> some(
                all.begin() + static_cast<std::ptrdiff_t>(begin),
                all.begin() + static_cast<std::ptrdiff_t>(end));
            for (Date month = request.days.from; month < request.days.until;
                 month = month.first_of_next_month()) {
                maker.month(
                    some, DateRange{month, month.first_of_next_month()}.intersection(request.days));
            }
        }
    }
    MadeProfile made = maker.made();
    if (made.channel_days == 0) {
        return Error(errors::profile_without_reads, {{"class", request.rate_class.substr(0, 80)},
                                                     {"from", request.days.from.to_string()},
                                                     {"until", request.days.until.to_string()}});
    }
    made.text = file_text(made.profile);
    return made;
}

}  // namespace watthour::app
