// SPDX-License-Identifier: Apache-2.0
#include "app/opt_out.hpp"

#include "app/authorize.hpp"
#include "app/errors.hpp"
#include "app/reads_views.hpp"
#include "metering/measured_quantity.hpp"
#include "worklist/told.hpp"

#include <fmt/format.h>

#include <algorithm>

namespace watthour::app {
namespace {

constexpr const char* setup_fee = "OPT-OUT-SETUP";

/// The meter, its kWh register and who is served.
struct Concerned {
    service::ServicePointId point;
    metering::InstalledMeter installed;
    metering::ChannelId channel;
    std::string reading;  ///< how the point is read now
    std::optional<service::ServiceAgreement> agreement;
};

Result<Concerned> look_up(Office& office, const OptOutWish& wish, Date on) {
    Concerned found;
    TRY(found.point, point_of_meter(office, wish.meter, on));
    for (auto& installed : office.meters().installed_at({found.point})) {
        if (installed.meter.serial == wish.meter) found.installed = std::move(installed);
    }
    for (const auto& channel : found.installed.channels) {
        if (channel.is_register() && metering::measures(channel.code, "KWH")) {
            found.channel = channel.id;
        }
    }
    if (found.channel.value == 0) {
        return Error(errors::opt_out_without_register, {{"meter", wish.meter}});
    }
    std::string cycle;
    for (const auto& point : office.service().points(on)) {
        if (point.id != found.point) continue;
        found.reading = point.reading;
        cycle = point.cycle;
    }
    if ((found.reading == "opt_out") != wish.back) {
        return Error(errors::opt_out_there, {{"meter", wish.meter}, {"reading", found.reading}});
    }
    for (auto& served :
         office.service().agreements_of_cycle(cycle, on, {on, on + 1}, customers::every_account)) {
        if (served.point.id == found.point) found.agreement = std::move(served.agreement);
    }
    return found;
}

Result<void> check_schedule(Office& office, const Concerned& concerned) {
    if (!concerned.agreement) return {};
    TRY(const tariff::RateSchedule* schedule,
        office.catalogue().find_schedule(concerned.agreement->schedule));
    if (schedule->usage != tariff::UsageSource::intervals) return {};
    return Error(errors::opt_out_needs_intervals,
                 {{"schedule", schedule->code},
                  {"account", customers::account_number(concerned.agreement->account)}});
}

ReadEntry entry_of(const OptOutWish& wish, Date on, bool dry_run) {
    ReadEntry entry;
    entry.meter = wish.meter;
    entry.date = on;
    entry.reading = wish.reading;
    entry.type = "actual_manual";
    entry.why = wish.why;
    entry.dry_run = dry_run;
    return entry;
}

/// The read that the change rests on: told now, or there within the window.
Result<void> settle_read(Office& office, const OptOutWish& wish, Date on,
                         const Concerned& concerned, OptedOut& done) {
    if (!wish.reading.empty()) {
        TRY(done.entered, enter_read(office, entry_of(wish, on, true)));
        done.reading = wish.reading;
        done.read_on = on;
        return {};
    }
    const auto& policy = office.catalogue().policies.reading;
    for (const auto& read : office.meters().reads(
             {concerned.channel},
             {on - policy.window_days_before, on + policy.window_days_after + 1})) {
        if (read.type == "estimated") continue;
        if (done.reading.empty() || std::abs(read.date - on) < std::abs(done.read_on - on)) {
            done.reading = read.reading;
            done.read_on = read.date;
        }
    }
    if (!done.reading.empty()) return {};
    return Error(errors::opt_out_read_missing, {{"meter", wish.meter},
                                                {"days", std::to_string(policy.window_days_after)},
                                                {"date", on.to_string()}});
}

/// The fee of the change; lowered where the agreement has the discount that the fee names.
void settle_fee(Office& office, Date on, const Concerned& concerned, OptedOut& done) {
    const auto fee = office.catalogue().find_fee(setup_fee, on);
    if (!fee || !concerned.agreement) return;
    done.fee_code = setup_fee;
    done.fee = fee->first->amount;
    for (const auto& program : concerned.agreement->programs) {
        if (program.code == fee->first->discount && program.active.contains(on)) {
            done.fee = fee->first->discounted_amount;
        }
    }
}

worklist::WorkItem item_of(Office& office, const OptOutWish& wish, const Concerned& concerned,
                           const char* kind, const char* cause, Date on) {
    worklist::WorkItem item;
    item.account = concerned.agreement ? concerned.agreement->account.value : 0;
    item.kind = kind;
    item.cause = cause;
    item.subject = fmt::format("{}|{}", wish.meter, on.to_string());
    item.id = worklist::work_item_id(item.kind, item.account, item.subject);
    item.opened_on = office.business_date();
    return item;
}

std::int64_t propose(Office& office, const OptOutWish& wish, const Concerned& concerned,
                     const OptedOut& done, Date on) {
    std::vector<worklist::WorkItem> items;
    if (!done.fee_code.empty() && !done.fee.is_zero()) {
        auto item = item_of(office, wish, concerned, "fee_proposed", "route.opt_out_fee", on);
        item.evidence = worklist::stored(
            worklist::tell("told.route.opt_out_fee", {{"meter", wish.meter},
                                                      {"route", done.move.to_route},
                                                      {"day", on.to_string()},
                                                      {"fee", done.fee_code},
                                                      {"amount", done.fee.to_string()}}));
        item.next_step = worklist::stored(worklist::tell("told.route.opt_out_fee.next"));
        item.at_stake = done.fee;
        items.push_back(std::move(item));
    }
    auto item = item_of(office, wish, concerned, "order_proposed",
                        wish.back ? "route.opt_in_order" : "route.opt_out_order", on);
    const std::string key = wish.back ? "told.route.opt_in_order" : "told.route.opt_out_order";
    item.evidence = worklist::stored(worklist::tell(key, {{"meter", wish.meter},
                                                          {"day", on.to_string()},
                                                          {"route", done.move.to_route},
                                                          {"reading", done.reading}}));
    item.next_step = worklist::stored(worklist::tell(key + ".next"));
    items.push_back(std::move(item));
    return storage::with_retries([&] {
        storage::Transaction transaction(office.database(), office.business_date());
        const std::int64_t opened = office.work().open(items);
        transaction.commit();
        return opened;
    });
}

}  // namespace

Result<OptedOut> opt_out(Office& office, const OptOutWish& wish) {
    TRY_DONE(authorize(office, access::permissions::route_change));
    const Date on = wish.on.value_or(office.business_date());
    TRY(const Concerned concerned, look_up(office, wish, on));
    if (!wish.back) TRY_DONE(check_schedule(office, concerned));
    OptedOut done;
    RerouteWish move;
    move.meters = {wish.meter};
    move.to_route = wish.to_route;
    move.after = wish.after;
    move.from = on;
    move.accept_length = wish.accept_length;
    move.reading = wish.back ? "ami" : "opt_out";
    move.why = wish.why;
    move.dry_run = true;
    // First what it would be: nothing is moved for a read that is none.
    TRY(done.move, reroute(office, move));
    TRY_DONE(settle_read(office, wish, on, concerned, done));
    if (!wish.back) settle_fee(office, on, concerned, done);
    if (wish.dry_run) return done;
    move.dry_run = false;
    TRY(done.move, reroute(office, move));
    done.work_items = propose(office, wish, concerned, done, on);
    // Last, because a read of much use waits for a second person.
    if (done.entered) {
        TRY(done.entered, enter_read(office, entry_of(wish, on, false)));
    }
    return done;
}

json::object to_json(const OptedOut& done, bool dry_run) {
    json::object object = to_json(done.move, dry_run);
    object["reading"] = done.reading;
    object["read_on"] = done.read_on.to_string();
    object["fee_code"] = done.fee_code.empty() ? json::value(nullptr) : json::value(done.fee_code);
    object["fee"] = done.fee.to_string();
    object["work_items"] = done.work_items;
    return object;
}

}  // namespace watthour::app
