// SPDX-License-Identifier: Apache-2.0
#include "app/vacant_use.hpp"

#include "usage/register_use.hpp"
#include "worklist/told.hpp"

#include <fmt/format.h>

#include <set>

namespace watthour::app {
namespace {

worklist::WorkItem vacant_item(const metering::InstalledMeter& meter, DateRange days, Energy used,
                               Date on) {
    worklist::WorkItem item;
    item.kind = "vacant_use";
    item.cause = "service.vacant_use";
    item.subject = meter.meter.serial + "|" + days.until.to_string();
    item.id = worklist::work_item_id(item.kind, 0, item.subject);
    item.evidence =
        worklist::stored(worklist::tell("told.vacant_use", {{"meter", meter.meter.serial},
                                                            {"kwh", used.to_string()},
                                                            {"from", days.from.to_string()},
                                                            {"until", days.until.to_string()}}));
    item.next_step = worklist::stored(worklist::tell("told.vacant_use.next"));
    item.opened_on = on;
    return item;
}

}  // namespace

void report_vacant_use(Office& office, const std::string& cycle, Date read_date, Date on) {
    const auto& policy = office.catalogue().policies.reading;
    const DateRange days{read_date - policy.vacant_usage_flag_days, read_date};
    std::set<service::ServicePointId> served;
    // Who begins on the read date itself is no stranger: the point is theirs from then on.
    for (const auto& agreement : office.service().agreements_of_cycle(
             cycle, read_date, {days.from, days.until + 1}, customers::every_account)) {
        served.insert(agreement.point.id);
    }
    std::vector<service::ServicePointId> vacant;
    for (const auto& point : office.service().points(read_date)) {
        if (point.cycle == cycle && !served.contains(point.id)) vacant.push_back(point.id);
    }
    std::vector<worklist::WorkItem> items;
    for (const auto& meter : office.meters().installed_at(vacant)) {
        for (const auto& channel : meter.channels) {
            if (!channel.is_register()) continue;
            const auto reads = office.meters().reads({channel.id}, {days.from, days.until + 1});
            if (reads.size() < 2) continue;
            const usage::RegisterFace face =
                usage::face_of(meter.meter, policy.rollover_max_fraction);
            const auto used =
                usage::register_use(reads.front().reading, reads.back().reading, face);
            if (used && used->energy > policy.vacant_usage_flag) {
                items.push_back(
                    vacant_item(meter, {reads.front().date, reads.back().date}, used->energy, on));
            }
        }
    }
    (void)office.work().open(items);
}

}  // namespace watthour::app
