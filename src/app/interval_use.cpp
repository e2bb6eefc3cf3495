// SPDX-License-Identifier: Apache-2.0
#include "app/interval_use.hpp"

#include "app/errors.hpp"
#include "app/post_payments.hpp"
#include "base/text.hpp"
#include "metering/interval_block.hpp"

#include <algorithm>

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

std::vector<UsePlace> places_of(Office& office, customers::AccountId account, DateRange days,
                                Date known_on) {
    std::vector<UsePlace> places;
    for (const auto& served : office.service().agreements_of_account(account, known_on)) {
        const DateRange part = served.agreement.active.intersection(days);
        if (!part.is_empty()) places.push_back({served.point.id, part});
    }
    return places;
}

namespace {

Result<service::ServicePointId> point_of(Office& office, const std::string& text) {
    const auto number = parse_integer(text);
    const auto points = office.service().points();
    const auto found = std::find_if(points.begin(), points.end(), [&](const auto& point) {
        return number && point.id.value == *number;
    });
    if (found == points.end()) return Error(errors::point_unknown, {{"point", text}});
    return found->id;
}

}  // namespace

Result<std::vector<UsePlace>> usage_places(Office& office, const UsePlaceQuestion& question) {
    std::vector<UsePlace> places;
    if (question.account.empty()) {
        TRY(const auto point, point_of(office, question.point));
        places.push_back({point, question.days});
        return places;
    }
    TRY(const auto account, find_account(office, question.account));
    places = places_of(office, account.id, question.days, question.known_on);
    if (question.point.empty()) return places;
    TRY(const auto point, point_of(office, question.point));
    std::erase_if(places, [&](const UsePlace& place) { return place.point != point; });
    // A point that never served the account is none of its points.
    if (places.empty()) return Error(errors::point_unknown, {{"point", question.point}});
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
