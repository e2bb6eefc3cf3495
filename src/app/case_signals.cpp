// SPDX-License-Identifier: Apache-2.0
#include "app/case_signals.hpp"

#include "app/case_past.hpp"
#include "app/interval_use.hpp"
#include "base/arithmetic.hpp"
#include "storage/event_rows.hpp"
#include "storage/meter_shop_rows.hpp"
#include "usage/register_use.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <cstdlib>
#include <functional>
#include <set>

namespace watthour::app {
namespace {

using investigation::CaseKind;
using storage::BilledUse;

/// A bill that is older says nothing of now.
constexpr int days_of_a_late_bill = 45;
/// So few others say nothing of the weather.
constexpr std::int64_t fewest_others = 5;
constexpr int days_of_a_month = 30;

/// Calls for the periods of each agreement, the oldest first.
void by_agreement(const BilledUses& billed, const std::function<void(const BilledUses&)>& take) {
    for (std::size_t begin = 0; begin < billed.size();) {
        std::size_t end = begin;
        while (end < billed.size() && billed[end].agreement == billed[begin].agreement) ++end;
        take({billed.begin() + static_cast<std::ptrdiff_t>(begin),
              billed.begin() + static_cast<std::ptrdiff_t>(end)});
        begin = end;
    }
}

const std::string* meter_of(const LastMeters& meters, const BilledUse& use) {
    const auto found = meters.find(use.agreement);
    return found == meters.end() ? nullptr : &found->second;
}

UseOverDays use_of(const BilledUse& use) { return {use.delivered, use.period.days()}; }

const tariff::InvestigationPolicy& policy_of(const Office& office) {
    return *office.catalogue().policies.investigation;
}

/// Whether a is within some percent of b x factor.
bool is_near(std::int64_t a, std::int64_t b, Ratio factor, int percent) {
    const i128 wanted = i128{b} * factor.numerator;
    const i128 got = i128{a} * factor.denominator;
    const i128 apart = got < wanted ? wanted - got : got - wanted;
    return apart * 100 <= wanted * percent;
}

/// All agreements that ever were at the points of the utility, by point.
std::map<service::ServicePointId, std::vector<service::ServedAgreement>> agreements_by_point(
    Office& office, DateRange days) {
    std::set<std::string> cycles;
    for (const auto& point : office.service().points()) cycles.insert(point.cycle);
    std::map<service::ServicePointId, std::vector<service::ServedAgreement>> found;
    for (const std::string& cycle : cycles) {
        for (auto& served :
             office.service().agreements_of_cycle(cycle, days, customers::every_account)) {
            found[served.point.id].push_back(std::move(served));
        }
    }
    return found;
}

/// What a meter counted between the first and the last read of some days, or in its intervals.
Energy counted(Office& office, const metering::InstalledMeter& meter, DateRange days) {
    for (const auto& channel : meter.channels) {
        if (!channel.is_register() || !channel.code.starts_with("KWH")) continue;
        const auto reads = office.meters().reads({channel.id}, {days.from, days.until + 1});
        if (reads.size() < 2) return {};
        const usage::RegisterFace face =
            usage::face_of(meter.meter, office.catalogue().policies.reading.rollover_max_fraction);
        const auto use = usage::register_use(reads.front().reading, reads.back().reading, face);
        return use ? use->energy : Energy();
    }
    Energy sum;
    const auto used = interval_use(office, {{meter.installation.service_point, days}});
    if (!used) return sum;
    for (const auto& channel : *used) {
        if (channel.serial != meter.meter.serial || !channel.code.starts_with("KWH")) continue;
        for (const auto& interval : channel.intervals) sum += Energy::watt_hours(interval.wh);
    }
    return sum;
}

/// Two rates of use against the multipliers of two meters.
bool steps_by_multiplier(const ExchangeStep& step, int percent) {
    const auto old_one = Decimal::parse(step.old_multiplier);
    const auto new_one = Decimal::parse(step.new_multiplier);
    const std::int64_t before = step.before.a_day_wh();
    const std::int64_t after = step.after.a_day_wh();
    if (!old_one || !new_one || before <= 0 || after <= 0) return false;
    const auto ratio = [](const Decimal& a, const Decimal& b) {
        return Ratio{a.units() * power_of_ten(b.scale()), b.units() * power_of_ten(a.scale())};
    };
    const Decimal one(1, 0);
    for (const Ratio& factor : {ratio(*old_one, one), ratio(*new_one, one),
                                ratio(*new_one, *old_one), ratio(*old_one, *new_one)}) {
        if (factor.numerator <= factor.denominator) continue;  // 1, or the same the other way round
        if (is_near(after, before, factor, percent) || is_near(before, after, factor, percent)) {
            return true;
        }
    }
    return false;
}

}  // namespace

LastMeters last_meters(const MeterUses& uses) {
    LastMeters meters;
    for (const auto& use : uses) meters[use.agreement] = use.serial;
    return meters;
}

std::vector<CaseSignal> zero_signals(Office& office, const BilledUses& billed,
                                     const LastMeters& meters) {
    const auto wanted =
        static_cast<std::size_t>(office.catalogue().policies.reading.zero_usage_bills_flag);
    const Date today = office.business_date();
    std::vector<CaseSignal> signals;
    by_agreement(billed, [&](const BilledUses& own) {
        const std::string* meter = meter_of(meters, own.back());
        if (meter == nullptr || own.back().period.until < today - days_of_a_late_bill) return;
        std::size_t zeros = 0;
        while (zeros < own.size() && own[own.size() - 1 - zeros].delivered.is_zero()) ++zeros;
        // A row of zeros as long as what is looked at was seen when it began.
        const bool began_before = zeros == own.size() && zeros >= 12;
        if (wanted == 0 || zeros < wanted || began_before) return;
        const DateRange days{own[own.size() - zeros].period.from, own.back().period.until};
        signals.push_back({CaseKind::zero_usage, *meter, "",
                           fmt::format("{}|zeros|{}", *meter, days.from.to_string()),
                           fmt::format("{} bills in a row without use, from {} to {}.", zeros,
                                       days.from.to_string(), days.until.to_string())});
    });
    return signals;
}

std::vector<CaseSignal> inactive_signals(Office& office) {
    const Date today = office.business_date();
    const auto& policy = policy_of(office);
    const Energy limit = office.catalogue().policies.reading.inactive_usage_flag;
    const auto by_point = agreements_by_point(office, {Date::ymd(1, 1, 1), today + 1});
    std::vector<service::ServicePointId> vacant;
    std::map<service::ServicePointId, Date> since;
    for (const auto& point : office.service().points()) {
        Date ended = Date::ymd(1, 1, 1);
        if (const auto found = by_point.find(point.id); found != by_point.end()) {
            for (const auto& served : found->second) {
                ended = std::max(ended, served.agreement.active.until);
            }
        }
        if (today < ended) continue;
        vacant.push_back(point.id);
        since[point.id] = ended;
    }
    std::vector<CaseSignal> signals;
    for (const auto& meter : office.meters().installed_at(vacant)) {
        const auto& installation = meter.installation;
        if (!installation.active.contains(today)) continue;
        const Date ended = since[installation.service_point];
        const DateRange days{
            std::max({today - policy.inactive_days, ended, installation.active.from}), today};
        if (days.is_empty()) continue;
        const Energy used = counted(office, meter, days);
        if (used < limit || used.is_zero()) continue;
        const std::string& serial = meter.meter.serial;
        signals.push_back(
            {CaseKind::inactive_use, serial, "",
             fmt::format("{}|inactive|{}", serial, ended.to_string()),
             fmt::format("{} kWh from {} to {}, and nobody has an agreement.", used.to_string(),
                         days.from.to_string(), days.until.to_string())});
    }
    return signals;
}

std::vector<CaseSignal> multiplier_signals(Office& office, const MeterUses& uses) {
    const int percent = policy_of(office).multiplier_tolerance_percent;
    std::vector<CaseSignal> signals;
    for (std::size_t begin = 0; begin < uses.size();) {
        std::size_t end = begin;
        while (end < uses.size() && uses[end].agreement == uses[begin].agreement) ++end;
        const MeterUses own(uses.begin() + static_cast<std::ptrdiff_t>(begin),
                            uses.begin() + static_cast<std::ptrdiff_t>(end));
        for (const ExchangeStep& step : exchange_steps(own)) {
            if (!steps_by_multiplier(step, percent)) continue;
            signals.push_back(
                {CaseKind::multiplier_doubt, step.new_meter, "",
                 fmt::format("{}|{}|{}", step.old_meter, step.new_meter, step.on.to_string()),
                 fmt::format(
                     "{} kWh a day on meter {} (x {}) became {} on meter {} (x {}) with the "
                     "exchange of {}.",
                     step.before.a_day_text(), step.old_meter, step.old_multiplier,
                     step.after.a_day_text(), step.new_meter, step.new_multiplier,
                     step.on.to_string())});
        }
        begin = end;
    }
    return signals;
}

namespace {

/// Use of the bills of a cycle that end on a day, and of the same agreements a year before.
struct CycleChange {
    std::int64_t count = 0;
    i128 now = 0;
    i128 then = 0;
};
using CycleChanges = std::map<std::pair<std::string, Date>, CycleChange>;

/// Whether the use of a period fell by more than some percent, less what the others saved.
bool has_dropped(const BilledUse& now, const BilledUse& then, const CycleChange& all, int percent) {
    const i128 here = i128{now.delivered.wh()} * then.period.days();
    i128 expected = i128{then.delivered.wh()} * now.period.days();
    i128 measure = here * 100;
    const i128 others_now = all.now - now.delivered.wh();
    const i128 others_then = all.then - then.delivered.wh();
    // Both sides in kilowatt-hours, so that the products stay small.
    if (all.count > fewest_others && others_then >= 1000 && others_now >= 1000) {
        expected = expected / 1000 * (others_now / 1000);
        measure = measure / 1000 * (others_then / 1000);
    }
    return measure < expected * (100 - percent);
}

CycleChanges changes_of_cycles(const BilledUses& billed) {
    CycleChanges changes;
    by_agreement(billed, [&](const BilledUses& own) {
        for (const BilledUse& now : own) {
            const BilledUse* then = a_year_before(own, now.period);
            if (then == nullptr) continue;
            auto& change = changes[{now.cycle, now.period.until}];
            ++change.count;
            change.now += now.delivered.wh();
            change.then += then->delivered.wh();
        }
    });
    return changes;
}

}  // namespace

std::vector<CaseSignal> drop_signals(Office& office, const BilledUses& billed,
                                     const LastMeters& meters) {
    const auto& policy = policy_of(office);
    const Date today = office.business_date();
    const CycleChanges changes = changes_of_cycles(billed);
    std::vector<CaseSignal> signals;
    by_agreement(billed, [&](const BilledUses& own) {
        const std::string* meter = meter_of(meters, own.back());
        if (meter == nullptr || own.back().period.until < today - days_of_a_late_bill) return;
        const BilledUse* began = nullptr;
        for (auto now = own.rbegin(); now != own.rend(); ++now) {
            const BilledUse* then = a_year_before(own, now->period);
            if (then == nullptr || now->delivered.is_zero()) break;
            const i128 month = i128{then->delivered.wh()} * days_of_a_month;
            if (month < i128{policy.usage_drop_min.wh()} * then->period.days()) break;
            const auto& all = changes.at({now->cycle, now->period.until});
            if (!has_dropped(*now, *then, all, policy.usage_drop_percent)) break;
            began = &*now;
        }
        if (began == nullptr) return;
        const BilledUse& last = own.back();
        const BilledUse* then = a_year_before(own, last.period);
        signals.push_back({CaseKind::tampering, *meter, "",
                           fmt::format("{}|drop|{}", *meter, began->period.from.to_string()),
                           fmt::format("{} kWh a day from {} to {} against {} a year before.",
                                       use_of(last).a_day_text(), last.period.from.to_string(),
                                       last.period.until.to_string(), use_of(*then).a_day_text())});
    });
    return signals;
}

std::vector<CaseSignal> event_signals(Office& office) {
    const auto& policy = policy_of(office);
    const Date since = office.business_date() - policy.event_days;
    storage::EventRows rows(office.database());
    storage::MeterShopRows shop(office.database());
    std::map<std::string, Date> looked_into;
    for (const auto& known : storage::CaseRows(office.database()).list()) {
        if (known.kind != CaseKind::tampering) continue;
        auto& day = looked_into.try_emplace(known.meter, known.discovered_on).first->second;
        day = std::max(day, known.discovered_on);
    }
    std::vector<CaseSignal> signals;
    std::vector<metering::MeterId> ids;
    const auto events = rows.named(policy.tamper_events, office.zone().start_of(since));
    const auto seals = rows.broken_seals(since);
    for (const auto& event : events) ids.push_back(event.meter);
    for (const auto& seal : seals) ids.push_back(seal.meter);
    const auto serials = rows.serials(ids);
    const auto put = [&](metering::MeterId meter, const std::string& what, Date day) {
        const std::string& serial = serials.at(meter);
        const auto looked = looked_into.find(serial);
        if (looked != looked_into.end() && day <= looked->second) return;
        signals.push_back({CaseKind::tampering, serial, "",
                           fmt::format("{}|{}|{}", serial, what, day.to_string()),
                           fmt::format("The meter reported {} on {}.", what, day.to_string())});
    };
    for (const auto& event : events) {
        const auto channels = shop.channels(event.meter);
        const bool generates =
            std::any_of(channels.begin(), channels.end(),
                        [](const auto& channel) { return channel.code.starts_with("GKWH"); });
        // A meter of a place that gives back runs both ways (R1.33).
        if (event.name == "reverse_energy" && generates) continue;
        put(event.meter, event.name, office.zone().date_of(event.at));
    }
    for (const auto& seal : seals) {
        put(seal.meter, fmt::format("seal {} {}", seal.seal, seal.event), seal.on);
    }
    return signals;
}

namespace {

/// A metered agreement on its route with the use of its last two bills.
struct RoutePlace {
    std::string route;
    int sequence = 0;
    std::string meter;
    UseOverDays before;
    UseOverDays now;
    DateRange period;
};

bool changed_places(const RoutePlace& a, const RoutePlace& b,
                    const tariff::InvestigationPolicy& policy) {
    const std::int64_t a_before = a.before.a_day_wh();
    const std::int64_t b_before = b.before.a_day_wh();
    if (a_before <= 0 || b_before <= 0) return false;
    const std::int64_t higher = std::max(a_before, b_before);
    const std::int64_t lower = std::min(a_before, b_before);
    if (i128{higher} * 100 < i128{lower} * policy.crossed_apart_percent) return false;
    const int percent = policy.crossed_tolerance_percent;
    return is_near(a.now.a_day_wh(), b_before, {1, 1}, percent) &&
           is_near(b.now.a_day_wh(), a_before, {1, 1}, percent);
}

std::vector<RoutePlace> places_on_routes(Office& office, const BilledUses& billed,
                                         const LastMeters& meters) {
    const Date today = office.business_date();
    std::map<service::AgreementId, service::ServicePoint> points;
    for (const auto& [point, agreements] : agreements_by_point(office, {today, today + 1})) {
        for (const auto& served : agreements) points[served.agreement.id] = served.point;
    }
    std::vector<RoutePlace> places;
    by_agreement(billed, [&](const BilledUses& own) {
        const std::string* meter = meter_of(meters, own.back());
        const auto point = points.find(own.back().agreement);
        if (meter == nullptr || own.size() < 2 || point == points.end()) return;
        const BilledUse& now = own.back();
        if (now.period.until < today - days_of_a_late_bill) return;
        places.push_back({point->second.route, point->second.sequence, *meter,
                          use_of(own[own.size() - 2]), use_of(now), now.period});
    });
    std::sort(places.begin(), places.end(), [](const RoutePlace& a, const RoutePlace& b) {
        return std::tie(a.route, a.sequence, a.meter) < std::tie(b.route, b.sequence, b.meter);
    });
    return places;
}

}  // namespace

std::vector<CaseSignal> crossed_signals(Office& office, const BilledUses& billed,
                                        const LastMeters& meters) {
    const auto& policy = policy_of(office);
    const auto places = places_on_routes(office, billed, meters);
    std::vector<CaseSignal> signals;
    for (std::size_t i = 0; i < places.size(); ++i) {
        const RoutePlace& a = places[i];
        for (std::size_t j = i + 1; j < places.size(); ++j) {
            const RoutePlace& b = places[j];
            // Places of the walk count, not their numbers, between which there is room.
            const auto apart = static_cast<int>(j - i);
            if (a.route != b.route || policy.crossed_neighbours < apart) break;
            if (a.meter == b.meter || !changed_places(a, b, policy)) continue;
            signals.push_back(
                {CaseKind::crossed_meters, a.meter, b.meter,
                 fmt::format("{}|{}|{}", a.meter, b.meter, a.period.from.to_string()),
                 fmt::format(
                     "Meter {} fell or rose from {} to {} kWh a day and meter {} from {} to "
                     "{}: their uses changed places.",
                     a.meter, a.before.a_day_text(), a.now.a_day_text(), b.meter,
                     b.before.a_day_text(), b.now.a_day_text())});
        }
    }
    return signals;
}

}  // namespace watthour::app
