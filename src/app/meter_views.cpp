// SPDX-License-Identifier: Apache-2.0
#include "app/meter_views.hpp"

#include "app/local_time.hpp"
#include "metering/meter_event.hpp"
#include "storage/capacity_rows.hpp"
#include "storage/event_rows.hpp"

#include <algorithm>
#include <map>

namespace watthour::app {
namespace {

using metering::Channel;
using metering::Meter;
using metering::MeterDetails;
using storage::MeterShopRows;

constexpr std::size_t most_reads = 60;
constexpr std::size_t most_corrections = 60;
constexpr std::size_t most_events = 60;

json::value day_or_null(Date day) {
    return day == end_of_time ? json::value() : json::value(day.to_string());
}

json::value percent_or_null(const std::optional<Decimal>& percent) {
    return percent ? json::value(percent->to_string()) : json::value();
}

/// Addresses of points, for those who do not know numbers.
class Places {
public:
    explicit Places(Office& office) : office_(office) {}
    std::string street_of(service::ServicePointId point) {
        MeterShopRows shop(office_.database());
        for (const auto account : shop.served_at(point, office_.business_date())) {
            for (const auto& served :
                 office_.service().agreements_of_account(account, service::now_known)) {
                if (served.point.id == point) return served.premise.street;
            }
        }
        return {};
    }

private:
    Office& office_;
};

json::array channels_array(const std::vector<Channel>& channels) {
    json::array array;
    for (const Channel& channel : channels) {
        array.push_back(
            json::object{{"code", channel.code},
                         {"kind", channel.is_register() ? "register" : "interval"},
                         {"minutes", channel.is_register() ? json::value()
                                                           : json::value(channel.interval_minutes)},
                         {"reading_type", text_or_null(metering::reading_type_of(channel))}});
    }
    return array;
}

json::array installations_array(Office& office, MeterShopRows& shop, metering::MeterId meter,
                                Date known_on) {
    json::array array;
    Places places(office);
    for (const auto& known : shop.installations(meter)) {
        if (known.recorded_on > known_on) continue;
        const auto& installation = known.installation;
        array.push_back(json::object{
            {"point", std::to_string(installation.service_point.value)},
            {"address", places.street_of(installation.service_point)},
            {"from", installation.active.from.to_string()},
            {"until", day_or_null(installation.active.until)},
            {"set_read", text_or_null(installation.set_read)},
            {"removal_read", text_or_null(installation.removal_read)},
            {"role", to_text(installation.role)},
            {"version", known.version},
            {"known_from", known.recorded_on.to_string()},
            {"known_until",
             day_or_null(known.superseded_on > known_on ? end_of_time : known.superseded_on)}});
    }
    return array;
}

/// The last register reads, the newest first.
json::array reads_array(Office& office, const std::vector<Channel>& channels) {
    std::vector<metering::ChannelId> registers;
    std::map<metering::ChannelId, std::string> codes;
    for (const Channel& channel : channels) {
        codes[channel.id] = channel.code;
        if (channel.is_register()) registers.push_back(channel.id);
    }
    auto reads = office.meters().reads(registers, {Date::ymd(1, 1, 1), end_of_time});
    std::stable_sort(reads.begin(), reads.end(),
                     [](const auto& a, const auto& b) { return b.date < a.date; });
    json::array array;
    for (const auto& read : reads) {
        if (array.size() == most_reads) break;
        array.push_back(json::object{{"date", read.date.to_string()},
                                     {"channel", codes[read.channel]},
                                     {"type", read.type},
                                     {"reading", read.reading}});
    }
    return array;
}

json::array corrections_array(MeterShopRows& shop, const TimeZone& zone,
                              const std::vector<Channel>& channels) {
    json::array array;
    for (const Channel& channel : channels) {
        if (channel.is_register()) continue;
        auto corrections = shop.corrections(channel.id);
        std::reverse(corrections.begin(), corrections.end());
        for (const auto& c : corrections) {
            if (array.size() == most_corrections) return array;
            array.push_back(json::object{{"channel", channel.code},
                                         {"start", local_time(zone, c.start)},
                                         {"old_kwh", Energy::watt_hours(c.old_wh).to_string()},
                                         {"new_kwh", Energy::watt_hours(c.new_wh).to_string()},
                                         {"old_status", std::string(1, c.old_status)},
                                         {"new_status", std::string(1, c.new_status)},
                                         {"why", c.why}});
        }
    }
    return array;
}

/// What the meter reported of itself, the latest first.
json::array events_array(Office& office, metering::MeterId meter, Date known_on) {
    json::array array;
    for (const auto& e : storage::EventRows(office.database()).of_meter(meter)) {
        if (e.recorded_on > known_on) continue;
        if (array.size() == most_events) break;
        array.push_back(json::object{{"at", to_iso_utc(e.at)},
                                     {"code", e.code},
                                     {"name", text_or_null(e.name)},
                                     {"detail", text_or_null(e.detail)},
                                     {"recorded_on", e.recorded_on.to_string()}});
    }
    return array;
}

json::array changes_array(Office& office, const std::string& serial, Date known_on) {
    audit::AuditQuestion question;
    question.subject = "meter:" + serial;
    question.since = Date::ymd(1, 1, 1);
    question.until = known_on;
    json::array array;
    for (const auto& entry : office.audit().list(question)) {
        if (entry.subject != question.subject) continue;
        array.push_back(json::object{{"date", entry.recorded_on.to_string()},
                                     {"before", entry.before},
                                     {"after", entry.after},
                                     {"why", entry.why},
                                     {"by", entry.by}});
    }
    return array;
}

/// Where a meter was believed to hang on a day, and what state follows from that alone.
struct Whereabouts {
    std::optional<service::ServicePointId> point;
    metering::MeterRole role = metering::MeterRole::additive;
    metering::StockState state = metering::StockState::received;
};

Whereabouts whereabouts_of(MeterShopRows& shop, metering::MeterId meter, Date known_on) {
    Whereabouts where;
    for (const auto& known : shop.installations(meter)) {
        if (known.recorded_on > known_on || known.superseded_on <= known_on) continue;
        const bool hangs = known.installation.active.until == end_of_time;
        where.point.reset();
        if (hangs) where.point = known.installation.service_point;
        where.role = known.installation.role;
        where.state = hangs ? metering::StockState::in_service : metering::StockState::removed;
    }
    return where;
}

/// Those that were recorded on a day or before.
template <class Things>
Things known(Things things, Date known_on) {
    std::erase_if(things, [&](const auto& thing) { return thing.recorded_on > known_on; });
    return things;
}

template <class Things>
json::array array_of(const Things& things) {
    json::array array;
    for (const auto& thing : things) array.push_back(to_json(thing));
    return array;
}

json::object side(const metering::BalanceSide& side) {
    return {{"meter", side.serial},
            {"from", side.days.from.to_string()},
            {"until", side.days.until.to_string()},
            {"from_read", side.from_read},
            {"until_read", text_or_null(side.until_read)},
            {"kwh", side.energy.to_string()}};
}

}  // namespace

json::object to_json(const MeterDetails& d) {
    return {{"maker", d.maker},
            {"model", d.model},
            {"form", text_or_null(d.form)},
            {"dials", d.dials},
            {"decimals", d.decimals},
            {"ct_ratio", text_or_null(d.ct_ratio)},
            {"pt_ratio", text_or_null(d.pt_ratio)},
            {"register_constant", d.register_constant.to_shortest()},
            {"multiplier", d.multiplier.to_shortest()},
            {"program", text_or_null(d.program)},
            {"tou_program", text_or_null(d.tou_program)}};
}

json::object to_json(const metering::StateChange& change) {
    return {{"number", change.number},
            {"state", to_text(change.state)},
            {"since", change.since.to_string()},
            {"why", change.why},
            {"by", change.by},
            {"recorded_on", change.recorded_on.to_string()}};
}

json::object to_json(const metering::MeterTest& test) {
    return {{"number", test.number},
            {"on", test.on.to_string()},
            {"standard", test.standard},
            {"tester", test.tester},
            {"method", to_text(test.method)},
            {"full_load", percent_or_null(test.loads.full_load)},
            {"light_load", percent_or_null(test.loads.light_load)},
            {"power_factor", percent_or_null(test.loads.power_factor)},
            {"average", test.average.to_string()},
            {"limits", to_text(test.limits)},
            {"verdict", to_text(test.verdict)},
            {"by", test.by},
            {"recorded_on", test.recorded_on.to_string()}};
}

json::object to_json(const metering::SealEvent& event) {
    return {{"number", event.number},
            {"seal", event.seal},
            {"event", event.event},
            {"on", event.on.to_string()},
            {"why", event.why},
            {"by", event.by},
            {"recorded_on", event.recorded_on.to_string()}};
}

json::object to_json(const metering::MeterComment& comment) {
    return {{"comment", std::to_string(comment.id.value)},
            {"of", comment.point.value != 0 ? "point" : "meter"},
            {"kind", comment.kind},
            {"text", comment.text},
            {"from", comment.active.from.to_string()},
            {"until", day_or_null(comment.active.until)},
            {"by", comment.by},
            {"recorded_on", comment.recorded_on.to_string()}};
}

json::object to_json(const service::ServiceCapacity& capacity) {
    return {{"kind", capacity.kind},
            {"kw", Decimal(capacity.watts, 3).to_shortest()},
            {"from", capacity.from.to_string()},
            {"why", capacity.why},
            {"by", capacity.by},
            {"recorded_on", capacity.recorded_on.to_string()}};
}

json::object to_json(const metering::InventoryRow& row) {
    const MeterDetails& d = row.details;
    return {{"meter", row.meter.serial},
            {"state", to_text(row.state)},
            {"since", row.since.to_string()},
            {"maker", d.maker},
            {"model", d.model},
            {"form", text_or_null(d.form)},
            {"dials", d.dials},
            {"decimals", d.decimals},
            {"multiplier", d.multiplier.to_shortest()},
            {"point",
             row.point.value == 0 ? json::value() : json::value(std::to_string(row.point.value))}};
}

json::object to_json(const MeterWorkDone& done, bool dry_run) {
    json::object object{{"point", std::to_string(done.point.value)},
                        {"on", done.on.to_string()},
                        {"account", text_or_null(done.account)},
                        {"dry_run", dry_run}};
    object["role"] = done.set ? json::value(to_text(done.set->role)) : json::value();
    object["balance"] = json::value();
    if (done.balance) {
        object["balance"] = json::object{{"old", side(done.balance->old_meter)},
                                         {"new", side(done.balance->new_meter)},
                                         {"sum_kwh", done.balance->sum().to_string()},
                                         {"point_kwh", done.balance->point.to_string()}};
    }
    return object;
}

Result<json::object> meter_view(Office& office, const std::string& serial, Date known_on) {
    TRY(const Meter meter, find_meter(office, serial));
    MeterShopRows shop(office.database());
    const Date today = std::min(office.business_date(), known_on);
    const auto states = known(shop.states(meter.id), known_on);
    const auto where = whereabouts_of(shop, meter.id, known_on);
    const auto state = states.empty() ? where.state : states.back().state;
    json::object object{{"meter", meter.serial}, {"state", to_text(state)}};
    for (auto& [key, value] : to_json(details_on(shop, meter, today, known_on)))
        object[key] = value;
    const auto channels = shop.channels(meter.id);
    std::vector<metering::MeterComment> comments = shop.comments(meter.id, known_on);
    const auto& point = where.point;
    object["point"] = point ? json::value(std::to_string(point->value)) : json::value();
    object["role"] = point ? json::value(to_text(where.role)) : json::value();
    object["address"] = json::value();
    object["accounts"] = json::array();
    object["capacities"] = json::array();
    if (point) {
        object["capacities"] =
            array_of(known(storage::CapacityRows(office.database()).of({*point}), known_on));
        object["address"] = Places(office).street_of(*point);
        json::array accounts;
        for (const auto account : shop.served_at(*point, today)) {
            accounts.emplace_back(customers::account_number(account));
        }
        object["accounts"] = std::move(accounts);
        for (auto& comment : shop.comments(*point, known_on))
            comments.push_back(std::move(comment));
    }
    object["followers"] = json::array();
    for (const auto next : metering::followers_of(state)) {
        if (next == metering::StockState::in_service || next == metering::StockState::removed) {
            continue;
        }
        object["followers"].as_array().emplace_back(to_text(next));
    }
    json::array versions;
    for (const MeterDetails& details : shop.details(meter.id, known_on)) {
        json::object one = to_json(details);
        one["from"] = details.active.from.to_string();
        one["until"] = day_or_null(details.active.until);
        versions.push_back(std::move(one));
    }
    object["details"] = std::move(versions);
    object["channels"] = channels_array(channels);
    object["installations"] = installations_array(office, shop, meter.id, known_on);
    object["states"] = array_of(states);
    object["tests"] = array_of(known(shop.tests(meter.id), known_on));
    object["seals"] = array_of(known(shop.seals(meter.id), known_on));
    object["comments"] = array_of(comments);
    object["reads"] = reads_array(office, channels);
    object["corrections"] = corrections_array(shop, office.zone(), channels);
    object["events"] = events_array(office, meter.id, known_on);
    object["changes"] = changes_array(office, meter.serial, known_on);
    return object;
}

Result<InventoryPage> list_meters(Office& office, const std::string& state,
                                  const std::string& after, std::size_t most) {
    std::optional<metering::StockState> wanted;
    if (!state.empty()) {
        TRY(wanted, parse_state(state));
    }
    MeterShopRows shop(office.database());
    auto rows = shop.inventory(wanted, after, most + 1);
    InventoryPage page;
    page.more = rows.size() > most;
    if (page.more) rows.pop_back();
    for (const auto& row : rows) page.rows.push_back(to_json(row));
    if (!rows.empty()) page.last = rows.back().meter.serial;
    return page;
}

}  // namespace watthour::app
