// SPDX-License-Identifier: Apache-2.0
#include "app/silent_meters.hpp"

#include "access/errors.hpp"
#include "app/audit_trail.hpp"
#include "app/authorize.hpp"
#include "app/errors.hpp"
#include "app/reads_came.hpp"
#include "base/text.hpp"
#include "storage/head_end_rows.hpp"
#include "worklist/told.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <map>
#include <tuple>

namespace watthour::app {
namespace {

std::string age_of(int days) {
    if (days <= 3) return "1-3";
    if (days <= 7) return "4-7";
    return days < days_of_silence ? "8-30" : "over 30";
}

std::string request_in_words(const SilentMeter& meter) {
    if (!meter.last_request) return {};
    const auto& request = *meter.last_request;
    return fmt::format("{} {} {}", metering::to_text(request.kind),
                       metering::to_text(request.state), to_iso_utc(request.asked_at));
}

json::object request_told(const metering::HeadEndRequest& request) {
    const auto named = [](std::string_view family, std::string_view name) {
        return worklist::tell(fmt::format("told.{}.{}", family, name));
    };
    return worklist::tell("told.head_end.asked",
                          {{"kind", named("request", metering::to_text(request.kind))},
                           {"state", named("request_state", metering::to_text(request.state))},
                           {"at", to_iso_utc(request.asked_at)}});
}

/// A cell that no spreadsheet takes for a formula.
std::string cell(std::string text) {
    if (!text.empty() && std::string_view("=+-@").find(text.front()) != std::string_view::npos) {
        text.insert(text.begin(), '\'');
    }
    if (text.find_first_of(",\"\r\n") == std::string::npos) return text;
    std::string quoted = "\"";
    for (const char c : text) {
        if (c == '"') quoted += '"';
        quoted += c;
    }
    return quoted + '"';
}

}  // namespace

SilentMeters silent_meters(Office& office, Date date, int days) {
    SilentMeters silent;
    silent.day = date - 1;
    std::map<std::string, SilentMeter> by_serial;
    for (const SilentChannel& one : reads_came(office, date).silent) {
        if (one.days < days) continue;
        SilentMeter& meter = by_serial[one.serial];
        meter.quantities += (meter.quantities.empty() ? "" : ", ") + one.quantity;
        meter.route = one.route;
        meter.head_end = one.head_end;
        meter.account = one.account;
        meter.days = std::max(meter.days, one.days);
        meter.no_power_since = one.no_power_since;
        if (one.last_day)
            meter.last_day = std::max(meter.last_day.value_or(*one.last_day), *one.last_day);
    }
    std::map<std::string, metering::HeadEndRequest> asked;
    for (auto& request : storage::HeadEndRows(office.database())
                             .since(office.zone().start_of(date - 2 * days_of_silence))) {
        asked.insert_or_assign(request.serial, std::move(request));
    }
    for (auto& [serial, meter] : by_serial) {
        meter.serial = serial;
        meter.age = age_of(meter.days);
        if (const auto last = asked.find(serial); last != asked.end()) {
            meter.last_request = last->second;
        }
        silent.meters.push_back(std::move(meter));
    }
    std::sort(silent.meters.begin(), silent.meters.end(), [](const auto& a, const auto& b) {
        return std::tie(b.days, a.serial) < std::tie(a.days, b.serial);
    });
    return silent;
}

std::string ticket_csv(const SilentMeters& silent) {
    std::string text =
        "meter,quantities,route,account,last_day,days_silent,age,last_request,result,head_end,no_"
        "power_since\r\n";
    for (const SilentMeter& meter : silent.meters) {
        text += fmt::format("{},{},{},{},{},{},{},{},{},{},{}\r\n", cell(meter.serial),
                            cell(meter.quantities), cell(meter.route), cell(meter.account),
                            meter.last_day ? meter.last_day->to_string() : std::string(),
                            meter.days, meter.age, request_in_words(meter),
                            cell(meter.last_request ? meter.last_request->result : std::string()),
                            cell(meter.head_end), meter.no_power_since);
    }
    return text;
}

Result<std::vector<PingedMeter>> ping_meters(Office& office,
                                             const std::vector<std::string>& serials,
                                             const std::string& system, const std::string& why,
                                             bool dry_run) {
    TRY_DONE(authorize(office, access::permissions::meter_ask));
    if (trimmed(why).empty()) return Error(access::errors::reason_missing, {});
    if (serials.size() > most_pings) {
        return Error(errors::too_many_pings, {{"count", std::to_string(serials.size())},
                                              {"most", std::to_string(most_pings)}});
    }
    std::vector<PingedMeter> pinged;
    for (const std::string& serial : serials) {
        PingedMeter one;
        one.serial = serial;
        auto asked = ask_meter(office, {metering::HeadEndKind::ping, serial, system, why, dry_run});
        if (asked) {
            one.asked = *std::move(asked);
        } else {
            one.refusal = asked.error();
        }
        pinged.push_back(std::move(one));
    }
    return pinged;
}

SilentMeters only(const SilentMeters& silent, const std::vector<std::string>& serials) {
    SilentMeters chosen;
    chosen.day = silent.day;
    for (const SilentMeter& meter : silent.meters) {
        if (std::find(serials.begin(), serials.end(), meter.serial) != serials.end()) {
            chosen.meters.push_back(meter);
        }
    }
    return chosen;
}

Result<std::int64_t> propose_orders(Office& office, const SilentMeters& silent, bool dry_run) {
    TRY_DONE(authorize(office, access::permissions::meter_ask));
    std::vector<worklist::WorkItem> items;
    for (const SilentMeter& meter : silent.meters) {
        worklist::WorkItem item;
        item.kind = "order_proposed";
        item.cause = "head_end.silent_meter";
        item.subject = fmt::format("{}|silent since {}", meter.serial,
                                   meter.last_day ? meter.last_day->to_string() : "long ago");
        item.id = worklist::work_item_id(item.kind, 0, item.subject);
        json::array evidence;
        evidence.push_back(
            worklist::tell("told.head_end.silent", {{"meter", meter.serial},
                                                    {"quantities", meter.quantities},
                                                    {"days", std::to_string(meter.days)}}));
        if (!meter.no_power_since.empty()) {
            evidence.push_back(
                worklist::tell("told.head_end.no_power", {{"at", meter.no_power_since}}));
        }
        if (meter.last_request) evidence.push_back(request_told(*meter.last_request));
        item.evidence = worklist::stored(std::move(evidence));
        item.next_step = worklist::stored(worklist::tell("told.head_end.silent.next"));
        item.opened_on = office.business_date();
        items.push_back(std::move(item));
    }
    return storage::with_retries([&] {
        storage::Transaction transaction(office.database(), office.business_date());
        const std::int64_t opened = office.work().open(items);
        if (!dry_run) transaction.commit();
        return opened;
    });
}

json::array to_json(const std::vector<PingedMeter>& pinged) {
    json::array rows;
    for (const PingedMeter& one : pinged) {
        rows.push_back(json::object{
            {"meter", one.serial},
            {"request",
             one.asked ? json::value(std::to_string(one.asked->request.id.value)) : json::value()},
            {"state",
             one.asked ? json::value(metering::to_text(one.asked->request.state)) : json::value()},
            {"joined", one.asked && one.asked->joined},
            {"refused", one.refusal ? json::value(one.refusal->message()) : json::value()}});
    }
    return rows;
}

json::object to_json(const SilentMeters& silent) {
    json::array meters;
    std::map<std::string, std::int64_t> ages;
    for (const SilentMeter& meter : silent.meters) {
        ++ages[meter.age];
        meters.push_back(json::object{
            {"meter", meter.serial},
            {"quantities", meter.quantities},
            {"route", meter.route},
            {"account", meter.account.empty() ? json::value(nullptr) : json::value(meter.account)},
            {"last_day",
             meter.last_day ? json::value(meter.last_day->to_string()) : json::value(nullptr)},
            {"days_silent", meter.days},
            {"age", meter.age},
            {"head_end",
             meter.head_end.empty() ? json::value(nullptr) : json::value(meter.head_end)},
            {"no_power_since", meter.no_power_since.empty() ? json::value(nullptr)
                                                            : json::value(meter.no_power_since)},
            {"last_request", meter.last_request ? json::value(to_json(*meter.last_request))
                                                : json::value(nullptr)}});
    }
    json::object by_age;
    for (const char* age : {"1-3", "4-7", "8-30", "over 30"}) by_age[age] = ages[age];
    return {{"day", silent.day.to_string()},
            {"by_age", std::move(by_age)},
            {"meters", std::move(meters)}};
}

}  // namespace watthour::app
