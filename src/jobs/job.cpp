// SPDX-License-Identifier: Apache-2.0
#include "jobs/job.hpp"

#include "base/text.hpp"
#include "jobs/errors.hpp"

#include <fmt/format.h>

namespace watthour::jobs {

std::optional<std::int64_t> Progress::seconds_left(std::int64_t now) const {
    if (done == 0 || first_start == 0) return std::nullopt;
    const std::int64_t spent = std::max<std::int64_t>(now - first_start, 1);
    return (spent * (waiting + claimed) + done - 1) / done;
}

std::int64_t rest_after(std::int64_t attempts) { return attempts <= 1 ? 5 : 30; }

bool is_due(const Schedule& schedule, Date date, int minute_of_day, const Holidays& closed) {
    if (minute_of_day < schedule.minute_of_day) return false;
    return schedule.days == Days::every_day || is_business_day(date, closed);
}

Result<int> parse_time_of_day(const std::string& text) {
    const auto parts = split_text(text, ':');
    if (parts.size() == 2 && parts[0].size() == 2 && parts[1].size() == 2) {
        const auto hour = parse_integer(parts[0]);
        const auto minute = parse_integer(parts[1]);
        if (hour && minute && *hour >= 0 && *hour < 24 && *minute >= 0 && *minute < 60) {
            return static_cast<int>(*hour * 60 + *minute);
        }
    }
    return Error(errors::time_malformed, {{"text", text}});
}

std::string time_of_day(int minute_of_day) {
    return fmt::format("{:02}:{:02}", minute_of_day / 60, minute_of_day % 60);
}

std::string to_text(Days days) { return days == Days::every_day ? "every_day" : "business_days"; }

}  // namespace watthour::jobs
