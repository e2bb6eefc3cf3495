// SPDX-License-Identifier: Apache-2.0
#include "app/silent_meters.hpp"

#include "app/audit_trail.hpp"
#include "app/authorize.hpp"
#include "app/reads_views.hpp"
#include "storage/head_end_rows.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <map>
#include <tuple>

namespace watthour::app {
namespace {

/// As far as the view of freshness looks back.
constexpr int days_known = 31;

std::string age_of(int days) {
    if (days <= 3) return "1-3";
    if (days <= 7) return "4-7";
    return days < days_known ? "8-30" : "over 30";
}

std::string text_of(const json::object& row, const char* name) {
    const auto* value = row.if_contains(name);
    return value != nullptr && value->is_string() ? std::string(value->as_string()) : std::string();
}

std::string request_in_words(const SilentMeter& meter) {
    if (!meter.last_request) return {};
    const auto& request = *meter.last_request;
    return fmt::format("{} {} {}", metering::to_text(request.kind),
                       metering::to_text(request.state), to_iso_utc(request.asked_at));
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
    const json::object fresh = freshness_view(office, date);
    SilentMeters silent;
    silent.day = date - 1;
    std::map<std::string, SilentMeter> by_serial;
    for (const auto& value : fresh.at("silent").as_array()) {
        const json::object& row = value.as_object();
        const auto silent_days = static_cast<int>(row.at("days_silent").to_number<std::int64_t>());
        if (silent_days < days) continue;
        SilentMeter& meter = by_serial[text_of(row, "meter")];
        meter.quantities += (meter.quantities.empty() ? "" : ", ") + text_of(row, "quantity");
        meter.route = text_of(row, "route");
        meter.account = text_of(row, "account");
        meter.days = std::max(meter.days, silent_days);
        if (const auto last = Date::parse(text_of(row, "last_day"))) {
            meter.last_day = std::max(meter.last_day.value_or(*last), *last);
        }
    }
    storage::HeadEndRows rows(office.database());
    for (auto& [serial, meter] : by_serial) {
        meter.serial = serial;
        meter.age = age_of(meter.days);
        metering::HeadEndFilter filter;
        filter.serial = serial;
        filter.most = 1;
        auto last = rows.list(filter);
        if (!last.empty()) meter.last_request = std::move(last.front());
        silent.meters.push_back(std::move(meter));
    }
    std::sort(silent.meters.begin(), silent.meters.end(), [](const auto& a, const auto& b) {
        return std::tie(b.days, a.serial) < std::tie(a.days, b.serial);
    });
    return silent;
}

std::string ticket_csv(const SilentMeters& silent) {
    std::string text =
        "meter,quantities,route,account,last_day,days_silent,age,last_request,result\r\n";
    for (const SilentMeter& meter : silent.meters) {
        text += fmt::format("{},{},{},{},{},{},{},{},{}\r\n", cell(meter.serial),
                            cell(meter.quantities), cell(meter.route), cell(meter.account),
                            meter.last_day ? meter.last_day->to_string() : std::string(),
                            meter.days, meter.age, request_in_words(meter),
                            cell(meter.last_request ? meter.last_request->result : std::string()));
    }
    return text;
}

Result<std::int64_t> propose_orders(Office& office, const SilentMeters& silent) {
    TRY_DONE(authorize(office, access::permissions::meter_ask));
    std::vector<worklist::WorkItem> items;
    for (const SilentMeter& meter : silent.meters) {
        worklist::WorkItem item;
        item.kind = "order_proposed";
        item.cause = "head_end.silent_meter";
        item.subject = fmt::format("{}|silent since {}", meter.serial,
                                   meter.last_day ? meter.last_day->to_string() : "long ago");
        item.id = worklist::work_item_id(item.kind, 0, item.subject);
        item.evidence = fmt::format(
            "Meter {} ({}) has sent nothing for {} days{}.", meter.serial, meter.quantities,
            meter.days,
            meter.last_request ? "; last asked: " + request_in_words(meter) : std::string());
        item.next_step = "Send someone to see the meter and its communication, and to read it.";
        item.opened_on = office.business_date();
        items.push_back(std::move(item));
    }
    return storage::with_retries([&] {
        storage::Transaction transaction(office.database(), office.business_date());
        const std::int64_t opened = office.work().open(items);
        transaction.commit();
        return opened;
    });
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
