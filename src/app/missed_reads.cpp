// SPDX-License-Identifier: Apache-2.0
#include "app/missed_reads.hpp"

#include "access/errors.hpp"
#include "app/audit_trail.hpp"
#include "app/authorize.hpp"
#include "app/enter_reads.hpp"
#include "app/errors.hpp"
#include "app/read_routes.hpp"
#include "base/text.hpp"
#include "formats/handheld_codes.hpp"
#include "worklist/told.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <set>

namespace watthour::app {
namespace {

constexpr const char* missed_kind = "read_missed";

worklist::WorkItem order_of(const Office& office, const RouteWalk& walk, const WalkStop& stop) {
    worklist::WorkItem item;
    item.account = stop.served ? stop.served->agreement.account.value : 0;
    item.kind = "order_proposed";
    item.cause = "metering.read_wanted";
    item.subject = fmt::format("{}|{}", stop.serial(), walk.row.read.to_string());
    item.id = worklist::work_item_id(item.kind, item.account, item.subject);
    const bool skipped = !stop.skip_code.empty();
    json::object evidence{{"say", skipped ? "told.route.unread_skipped" : "told.route.unread"},
                          {"meter", stop.serial()},
                          {"route", walk.route.code},
                          {"day", walk.row.read.to_string()}};
    if (skipped) evidence["what"] = told_code(formats::skip_code(stop.skip_code), "told.skip");
    item.evidence = worklist::stored(std::move(evidence));
    item.next_step = worklist::stored(
        worklist::tell("told.route.unread.next", {{"day", (walk.window.until - 1).to_string()}}));
    item.opened_on = office.business_date();
    return item;
}

std::string age_of(int business_days) {
    if (business_days <= 2) return "0-2";
    if (business_days <= 5) return "3-5";
    if (business_days <= 10) return "6-10";
    return business_days <= 30 ? "11-30" : "over 30";
}

int business_days_between(Date from, Date until, const Holidays& closed) {
    int days = 0;
    for (Date day = from + 1; day <= until; day = day + 1) {
        if (is_business_day(day, closed)) ++days;
    }
    return days;
}

/// Reads that came after the window and before the next one.
std::optional<Date> late_read(Office& office, const WalkStop& stop, DateRange days) {
    if (days.is_empty() || stop.registers.empty()) return std::nullopt;
    for (const auto& read : office.meters().reads({stop.registers.front().channel}, days)) {
        if (read.type != "estimated") return read.date;
    }
    return std::nullopt;
}

void add_missed(Office& office, const RouteWalk& walk, Date next_window,
                std::vector<MissedRead>& missed) {
    if (walk.estimated_period) return;
    const Date closed_on = walk.window.until - 1;
    const Date today = office.business_date();
    const int days = business_days_between(closed_on, today, office.catalogue().office_holidays);
    for (const WalkStop& stop : walk.stops) {
        if (!stop.installed) continue;
        if (!stop.is_unread() && stop.state != StopState::estimated) continue;
        MissedRead one;
        one.serial = stop.serial();
        one.route = walk.route.code;
        one.cycle = walk.route.cycle;
        one.read_date = walk.row.read;
        one.address = stop.premise.street;
        if (stop.served) one.account = stop.served->agreement.account.value;
        one.state = stop_state_name(stop.state);
        one.came_on =
            late_read(office, stop, {walk.window.until, std::min(next_window, today + 1)});
        if (one.came_on) one.state = "late";
        one.business_days = days;
        one.age = age_of(days);
        one.estimates_in_a_row = stop.estimates_in_a_row;
        missed.push_back(std::move(one));
    }
}

worklist::WorkItem missed_item(const Office& office, const MissedRead& one) {
    worklist::WorkItem item;
    item.account = one.account;
    item.kind = missed_kind;
    item.cause = "metering.read_missed";
    item.subject = fmt::format("{}|{}", one.serial, one.read_date.to_string());
    item.id = worklist::work_item_id(item.kind, item.account, item.subject);
    item.evidence = worklist::stored(
        worklist::tell("told.route.missed",
                       {{"meter", one.serial},
                        {"route", one.route},
                        {"cycle", one.cycle},
                        {"day", one.read_date.to_string()},
                        {"state", worklist::tell(fmt::format("told.route_state.{}", one.state))}}));
    item.next_step = worklist::stored(worklist::tell("told.route.missed.next"));
    item.opened_on = office.business_date();
    return item;
}

}  // namespace

std::int64_t FollowUp::count(std::string_view outcome) const {
    return std::count_if(meters.begin(), meters.end(),
                         [&](const FollowedUp& one) { return one.outcome == outcome; });
}

Result<FollowUp> follow_up(Office& office, const FollowUpWish& wish) {
    TRY_DONE(authorize(office, access::permissions::route_walk));
    if (wish.as != "reread" && wish.as != "estimate") {
        return Error(errors::follow_up_unknown, {{"as", wish.as.substr(0, 40)}});
    }
    if (trimmed(wish.why).empty()) return Error(access::errors::reason_missing, {});
    TRY(const RouteWalk walk, walk_route(office, wish.route, wish.read_date, WalkDetail::states));
    FollowUp done;
    done.route = walk.route.code;
    done.read_date = walk.row.read;
    std::vector<worklist::WorkItem> items;
    for (const WalkStop& stop : walk.stops) {
        if (!stop.installed || !stop.is_unread()) continue;
        FollowedUp one;
        one.serial = stop.serial();
        if (wish.as == "reread") {
            auto item = order_of(office, walk, stop);
            one.outcome = office.work().find(item.id) ? "order_there" : "order_proposed";
            items.push_back(std::move(item));
        } else {
            const auto made =
                estimate_read(office, {one.serial, walk.row.read, wish.why, wish.dry_run});
            one.outcome = made ? "estimated" : "refused";
            if (made) {
                one.reading = made->read.reading;
            } else {
                one.why_not = made.error().message();
            }
        }
        done.meters.push_back(std::move(one));
    }
    if (!items.empty() && !wish.dry_run) {
        storage::with_retries([&] {
            storage::Transaction transaction(office.database(), office.business_date());
            (void)office.work().open(items);
            record(office, access::permissions::route_walk,
                   {0, fmt::format("route:{}:{}", done.route, done.read_date.to_string()), "",
                    fmt::format("{} orders to read again", items.size()), wish.why, 0});
            transaction.commit();
        });
    }
    return done;
}

Result<std::vector<MissedRead>> missed_reads(Office& office, const std::string& cycle, Date since) {
    const auto& reading = office.catalogue().policies.reading;
    std::vector<MissedRead> missed;
    const auto& rows = office.catalogue().cycles.rows();
    storage::RouteRows routes(office.database());
    for (std::size_t i = 0; i < rows.size(); ++i) {
        const auto& row = rows[i];
        if (!cycle.empty() && row.cycle != cycle) continue;
        const Date closes = row.read + reading.window_days_after;
        if (closes < since || office.business_date() <= closes) continue;
        const bool has_next = i + 1 < rows.size() && rows[i + 1].cycle == row.cycle;
        const Date next = has_next ? rows[i + 1].read - reading.window_days_before : end_of_time;
        const auto progress = routes.progress(row.cycle, row.read,
                                              {row.read - reading.window_days_before, closes + 1});
        for (const auto& one : progress) {
            if (one.read == one.meters) continue;  // the walk of a route that is read is not needed
            TRY(const RouteWalk walk, walk_route(office, one.route, row.read, WalkDetail::states));
            add_missed(office, walk, next, missed);
        }
    }
    return missed;
}

Result<MissedOutcome> report_missed_reads(Office& office, const std::string& cycle, Date since,
                                          bool dry_run) {
    TRY_DONE(authorize(office, access::permissions::route_walk));
    TRY(const auto missed, missed_reads(office, cycle, since));
    MissedOutcome outcome;
    std::vector<worklist::WorkItem> items;
    std::set<worklist::WorkItemId> still;
    for (const MissedRead& one : missed) {
        if (one.came_on) continue;
        ++outcome.missed;
        items.push_back(missed_item(office, one));
        still.insert(items.back().id);
    }
    std::set<std::string> came;
    for (const MissedRead& one : missed) {
        if (one.came_on) came.insert(fmt::format("{}|{}", one.serial, one.read_date.to_string()));
    }
    storage::with_retries([&] {
        storage::Transaction transaction(office.database(), office.business_date());
        outcome.opened = office.work().open(items);
        outcome.closed = 0;
        for (auto& item : office.work().list("open")) {
            if (item.kind != missed_kind || still.contains(item.id)) continue;
            if (!came.contains(item.subject)) continue;
            item.resolution = "corrected";
            item.resolved_why = "the read came after its window";
            item.resolved_by = office.actor().name;
            item.resolved_on = office.business_date();
            office.work().resolve(item);
            ++outcome.closed;
        }
        if (!dry_run) transaction.commit();
    });
    return outcome;
}

json::object to_json(const FollowUp& done, bool dry_run) {
    json::array meters;
    for (const FollowedUp& one : done.meters) {
        meters.push_back(json::object{
            {"meter", one.serial},
            {"outcome", one.outcome},
            {"reading", one.reading.empty() ? json::value(nullptr) : json::value(one.reading)},
            {"why_not", one.why_not.empty() ? json::value(nullptr) : json::value(one.why_not)}});
    }
    return {{"route", done.route},
            {"read_date", done.read_date.to_string()},
            {"proposed", done.count("order_proposed")},
            {"there", done.count("order_there")},
            {"estimated", done.count("estimated")},
            {"refused", done.count("refused")},
            {"meters", std::move(meters)},
            {"dry_run", dry_run}};
}

json::array to_json(const std::vector<MissedRead>& missed) {
    json::array rows;
    for (const MissedRead& one : missed) {
        rows.push_back(json::object{
            {"key", fmt::format("{}|{}", one.serial, one.read_date.to_string())},
            {"meter", one.serial},
            {"route", one.route},
            {"cycle", one.cycle},
            {"read_date", one.read_date.to_string()},
            {"address", one.address},
            {"account", one.account == 0 ? json::value(nullptr)
                                         : json::value(customers::account_number({one.account}))},
            {"state", one.state},
            {"came_on", one.came_on ? json::value(one.came_on->to_string()) : json::value(nullptr)},
            {"business_days", one.business_days},
            {"age", one.age},
            {"estimates_in_a_row", one.estimates_in_a_row}});
    }
    return rows;
}

json::object to_json(const MissedOutcome& outcome, bool dry_run) {
    return {{"missed", outcome.missed},
            {"opened", outcome.opened},
            {"closed", outcome.closed},
            {"dry_run", dry_run}};
}

}  // namespace watthour::app
