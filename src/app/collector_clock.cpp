// SPDX-License-Identifier: Apache-2.0
#include "app/collector_clock.hpp"

#include "worklist/told.hpp"

#include <fmt/format.h>

namespace watthour::app {

using formats::CmepRow;

CollectorClock::CollectorClock(Office& office, ImportOutcome& outcome) : outcome_(outcome) {
    const Date day = outcome.file.business_date;
    const Instant now{office.clock().now()};
    // A file of an earlier day, taken in later, was received by the end of that day.
    received_ = office.zone().date_of(now) == day ? now : office.zone().start_of(day + 1);
    const auto* rules = office.catalogue().vee.version_on(day);
    // Before the first rules, as where a file has no day at all, nothing is checked.
    if (rules == nullptr) return;
    const tariff::VeeLimits& limits = rules->groups.front().limits;
    verdict_ = limits.verdict(tariff::VeeCheck::collector_clock);
    seconds_ = limits.collector_seconds;
}

void CollectorClock::see(const CmepRow& row, std::vector<worklist::WorkItem>& items) {
    const bool asks =
        verdict_ == tariff::VeeVerdict::fail || verdict_ == tariff::VeeVerdict::review;
    if (!asks || said_) return;
    const Instant newest = row.values.back().end;
    const auto created = formats::cmep_moment(row.created);
    if (created && received_ + seconds_ < *created) {
        report(row, items, "made_late", *created, received_);
    } else if (created && *created + seconds_ < newest) {
        report(row, items, "ends_after_made", newest, *created);
    } else if (!created && received_ + seconds_ < newest) {
        report(row, items, "ends_after_receipt", newest, received_);
    }
}

void CollectorClock::report(const CmepRow& row, std::vector<worklist::WorkItem>& items,
                            const char* what, Instant when, Instant other) {
    said_ = true;
    items.push_back(file_work_item(
        outcome_, "collector_clock", "vee.collector_clock",
        fmt::format("{}|{}", outcome_.file.name, outcome_.file.sha256.substr(0, 12)),
        worklist::stored(worklist::tell(fmt::format("told.vee.collector_clock.{}", what),
                                        {{"file", outcome_.file.name},
                                         {"line", std::to_string(row.line)},
                                         {"when", to_iso_utc(when)},
                                         {"other", to_iso_utc(other)},
                                         {"limit", std::to_string(seconds_)}})),
        worklist::stored(worklist::tell("told.vee.collector_clock.next")), Money()));
}

}  // namespace watthour::app
