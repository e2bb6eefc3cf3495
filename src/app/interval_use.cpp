// SPDX-License-Identifier: Apache-2.0
#include "app/interval_use.hpp"

#include "metering/interval_block.hpp"

namespace watthour::app {
namespace {

/// `sign`: -1 for a sub-meter, whose use is deducted (R1.12).
Result<void> add_block(Office& office, const metering::StoredBlock& stored, DateRange active,
                       int sign, ChannelUse& use) {
    const IntervalGrid grid(office.zone(), {stored.month, stored.month.first_of_next_month()},
                            use.minutes);
    TRY(const auto view, metering::BlockView::open(stored.bytes));
    const auto series = view.decode();
    const Instant begin = office.zone().start_of(active.from);
    const Instant end = office.zone().start_of(active.until);
    for (int i = 0; i < view.count(); ++i) {
        const Instant start = grid.start_of(i);
        if (start < begin || !(start < end)) continue;
        const auto place = static_cast<std::size_t>(i);
        use.intervals.push_back(
            {start, sign * series.wh[place], metering::status_letter(series.status[place])});
    }
    return {};
}

}  // namespace

std::vector<UsePlace> places_of(Office& office, customers::AccountId account, DateRange days) {
    std::vector<UsePlace> places;
    for (const auto& served : office.service().agreements_of_account(account, service::now_known)) {
        const DateRange part = served.agreement.active.intersection(days);
        if (!part.is_empty()) places.push_back({served.point.id, part});
    }
    return places;
}

Result<std::vector<ChannelUse>> interval_use(Office& office, const std::vector<UsePlace>& places) {
    std::vector<ChannelUse> all;
    for (const UsePlace& place : places) {
        for (const auto& installed : office.meters().installed_at({place.point})) {
            const DateRange active = installed.installation.active.intersection(place.days);
            if (active.is_empty()) continue;
            const auto role = installed.installation.role;
            if (role == metering::MeterRole::check) continue;
            const int sign = role == metering::MeterRole::subtractive ? -1 : 1;
            for (const auto& channel : installed.channels) {
                if (channel.is_register()) continue;
                ChannelUse use{place.point,
                               installed.meter.serial,
                               channel.code,
                               channel.interval_minutes,
                               {}};
                const auto blocks =
                    office.meters().blocks({channel.id}, active.from.first_of_month(),
                                           (active.until - 1).first_of_month());
                for (const auto& stored : blocks) {
                    TRY_DONE(add_block(office, stored, active, sign, use));
                }
                all.push_back(std::move(use));
            }
        }
    }
    return all;
}

}  // namespace watthour::app
