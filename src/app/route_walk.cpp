// SPDX-License-Identifier: Apache-2.0
#include "app/route_walk.hpp"

#include "base/text.hpp"
#include "metering/measured_quantity.hpp"
#include "storage/meter_shop_rows.hpp"
#include "worklist/told.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <array>
#include <map>

namespace watthour::app {
namespace {

using metering::InstalledMeter;
using metering::Read;
using service::ServicePointId;

/// How far back a last read is looked for.
constexpr int days_looked_back = 400;

class WalkMaker {
public:
    WalkMaker(Office& office, WalkDetail detail) : office_(office), detail_(detail) {}

    Result<RouteWalk> make(const std::string& code, const std::optional<Date>& read_date) {
        TRY(const metering::ReadRoute now,
            find_route(office_, code, read_date.value_or(office_.business_date())));
        TRY(walk_.row, read_row_of(office_, now, read_date));
        // The route as it is on its read date: it may have moved to another cycle since.
        const auto then = find_route(office_, code, walk_.row.read);
        walk_.route = then ? *then : now;
        for (const auto& row : office_.catalogue().cycles.of_cycle(walk_.route.cycle)) {
            if (row.read < walk_.row.read) walk_.previous_read = row.read;
            if (walk_.row.read < row.read && !walk_.next_read) walk_.next_read = row.read;
        }
        const auto& reading = office_.catalogue().policies.reading;
        walk_.window = {walk_.row.read - reading.window_days_before,
                        walk_.row.read + reading.window_days_after + 1};
        walk_.days_left = walk_.window.until - 1 - office_.business_date();
        walk_.estimated_period = is_estimated_period(office_, walk_.route, walk_.row.read);
        const auto closing = routes_.closing(code, walk_.row.read);
        walk_.closed = closing && closing->closed;
        place_stops(code);
        fetch_reads();
        take_visits();
        for (WalkStop& stop : walk_.stops) judge(stop);
        look_back();
        return std::move(walk_);
    }

private:
    void place_stops(const std::string& code) {
        const Date on = walk_.row.read;
        const auto places = routes_.places(code, on);
        const auto addresses = routes_.addresses(code, on);
        std::vector<ServicePointId> points;
        for (const auto& place : places) points.push_back(place.point);
        std::map<ServicePointId, InstalledMeter> meters;
        for (auto& installed : office_.meters().installed_at(points)) {
            const auto& active = installed.installation.active;
            if (active.from <= on && on < active.until) {
                meters.insert_or_assign(installed.installation.service_point, std::move(installed));
            }
        }
        std::map<ServicePointId, service::ServedAgreement> served;
        for (auto& one : office_.service().agreements_of_cycle(
                 walk_.route.cycle, on, {on - 1, on + 1}, customers::every_account)) {
            served.insert_or_assign(one.point.id, std::move(one));
        }
        for (const auto& place : places) {
            WalkStop stop;
            stop.place = place;
            if (const auto at = addresses.find(place.point); at != addresses.end()) {
                stop.premise = at->second;
            }
            if (const auto at = served.find(place.point); at != served.end()) {
                stop.served = std::move(at->second);
            }
            if (const auto at = meters.find(place.point); at != meters.end()) {
                stop.installed = std::move(at->second);
                add_registers(stop);
            }
            walk_.stops.push_back(std::move(stop));
        }
    }

    static void add_registers(WalkStop& stop) {
        for (const auto& channel : stop.installed->channels) {
            if (!channel.is_register()) continue;
            WalkRegister one;
            one.channel = channel.id;
            one.quantity = metering::measured_quantity(channel.code);
            stop.registers.push_back(std::move(one));
        }
    }

    /// The reads of the window: the one nearest to the read date that is no estimate.
    void fetch_reads() {
        std::vector<metering::ChannelId> channels;
        std::map<metering::ChannelId, WalkRegister*> by_channel;
        for (WalkStop& stop : walk_.stops) {
            for (WalkRegister& one : stop.registers) {
                channels.push_back(one.channel);
                by_channel[one.channel] = &one;
            }
        }
        if (channels.empty()) return;
        const auto worse = [&](const Read& a, const Read& b) {
            const auto rank = [&](const Read& read) {
                return std::pair(read.type == "estimated", std::abs(read.date - walk_.row.read));
            };
            return rank(b) < rank(a);
        };
        for (Read& read : office_.meters().reads(channels, walk_.window)) {
            WalkRegister& one = *by_channel.at(read.channel);
            if (!one.read || worse(*one.read, read)) one.read = std::move(read);
        }
    }

    void take_visits() {
        std::map<metering::MeterId, WalkStop*> by_meter;
        for (WalkStop& stop : walk_.stops) {
            if (stop.installed) by_meter[stop.installed->meter.id] = &stop;
        }
        for (const auto& visit : routes_.visits(walk_.window)) {
            const auto found = by_meter.find(visit.meter);
            if (found == by_meter.end()) continue;
            found->second->skip_code = visit.skip_code;
            found->second->trouble_codes = visit.trouble_codes;
            found->second->visited_on = visit.on;
        }
    }

    static void judge(WalkStop& stop) {
        const auto all = [&](auto is) {
            return !stop.registers.empty() &&
                   std::all_of(stop.registers.begin(), stop.registers.end(), is);
        };
        if (stop.installed && stop.registers.empty()) {
            stop.state = StopState::intervals;
        } else if (all([](const WalkRegister& one) {
                       return one.read && one.read->type != "estimated";
                   })) {
            stop.state = StopState::read;
        } else if (all([](const WalkRegister& one) { return one.read.has_value(); })) {
            stop.state = StopState::estimated;
        } else if (!stop.skip_code.empty()) {
            stop.state = StopState::skipped;
        } else if (!stop.trouble_codes.empty()) {
            stop.state = StopState::trouble;
        }
    }

    /// What was read before the window: for limits, and for estimates in a row. Of stops that were
    /// read only where everything is wanted.
    void look_back() {
        std::vector<metering::ChannelId> channels;
        for (const WalkStop& stop : walk_.stops) {
            if (detail_ == WalkDetail::states && stop.state == StopState::read) continue;
            for (const WalkRegister& one : stop.registers) channels.push_back(one.channel);
        }
        std::map<metering::ChannelId, std::vector<Read>> past;
        if (!channels.empty()) {
            for (Read& read : office_.meters().reads(
                     channels, {walk_.row.read - days_looked_back, walk_.window.from})) {
                past[read.channel].push_back(std::move(read));
            }
        }
        for (WalkStop& stop : walk_.stops) {
            for (WalkRegister& one : stop.registers) add_last(stop, one, past[one.channel]);
            count_estimates(stop, past);
        }
        if (detail_ == WalkDetail::everything) {
            add_limits();
            add_comments();
        }
    }

    static void add_last(const WalkStop& stop, WalkRegister& one, const std::vector<Read>& past) {
        const auto& installation = stop.installed->installation;
        if (!past.empty() && past.back().date >= installation.active.from) {
            one.last_reading = past.back().reading;
            one.last_date = past.back().date;
            one.last_type = past.back().type;
        } else if (!installation.set_read.empty() && one.quantity == "KWH") {
            one.last_reading = installation.set_read;
            one.last_date = installation.active.from;
            one.last_type = "set";
        }
    }

    static void count_estimates(WalkStop& stop,
                                const std::map<metering::ChannelId, std::vector<Read>>& past) {
        if (stop.registers.empty() || stop.state == StopState::read) return;
        const auto found = past.find(stop.registers.front().channel);
        if (found != past.end()) {
            for (auto read = found->second.rbegin(); read != found->second.rend(); ++read) {
                if (read->type != "estimated") break;
                ++stop.estimates_in_a_row;
            }
        }
        if (stop.state == StopState::estimated) ++stop.estimates_in_a_row;
    }

    /// From the use of the same period last year, else of the period before (R1.10).
    void add_limits() {
        std::vector<customers::AccountId> accounts;
        for (const WalkStop& stop : walk_.stops) {
            if (stop.served) accounts.push_back(stop.served->agreement.account);
        }
        if (accounts.empty()) return;
        const auto history = office_.bills().history(accounts, walk_.row.read);
        for (WalkStop& stop : walk_.stops) {
            if (!stop.served || !stop.installed) continue;
            const auto found = history.find(stop.served->agreement.id);
            if (found == history.end() || found->second.empty()) continue;
            const billing::PeriodUse* reference = &found->second.back();
            for (const auto& use : found->second) {
                const int apart = walk_.row.read - use.period.until;
                if (apart >= 350 && apart <= 380) reference = &use;
            }
            for (WalkRegister& one : stop.registers) add_limit(stop, one, *reference);
        }
    }

    void add_limit(const WalkStop& stop, WalkRegister& one,
                   const billing::PeriodUse& reference) const {
        if (one.quantity != "KWH" || !one.last_date || !(*one.last_date < walk_.row.read)) return;
        const auto& meter = stop.installed->meter;
        const auto last = parse_integer(one.last_reading.substr(0, one.last_reading.find('.')));
        if (!last || reference.period.is_empty()) return;
        one.limits = vee::read_limits(*last, power_of_ten(meter.dials), reference.delivered,
                                      reference.period.days(), walk_.row.read - *one.last_date,
                                      meter.multiplier, office_.catalogue().policies.use_review);
    }

    void add_comments() {
        storage::MeterShopRows shop(office_.database());
        for (WalkStop& stop : walk_.stops) {
            auto comments = shop.comments(stop.place.point, service::now_known);
            if (stop.installed) {
                for (auto& one : shop.comments(stop.installed->meter.id, service::now_known)) {
                    comments.push_back(std::move(one));
                }
            }
            for (auto& one : comments) {
                if (one.active.contains(walk_.row.read) ||
                    one.active.contains(office_.business_date())) {
                    stop.comments.push_back(std::move(one));
                }
            }
        }
    }

    Office& office_;
    WalkDetail detail_;
    storage::RouteRows routes_{office_.database()};
    RouteWalk walk_;
};

/// A dial reading of whole units with the digits of its dials.
std::string dials(std::int64_t units, const metering::Meter& meter) {
    return fmt::format("{:0{}}", units, meter.dials);
}

json::array registers_array(const WalkStop& stop) {
    json::array rows;
    for (const WalkRegister& one : stop.registers) {
        const auto limit = [&](std::int64_t vee::ReadLimits::* which) {
            return one.limits ? json::value(dials((*one.limits).*which, stop.installed->meter))
                              : json::value(nullptr);
        };
        rows.push_back(json::object{
            {"quantity", one.quantity},
            {"last_reading", text_or_null(one.last_reading)},
            {"last_date",
             one.last_date ? json::value(one.last_date->to_string()) : json::value(nullptr)},
            {"last_type", text_or_null(one.last_type)},
            {"low", limit(&vee::ReadLimits::low)},
            {"high", limit(&vee::ReadLimits::high)},
            {"reading", one.read ? json::value(one.read->reading) : json::value(nullptr)},
            {"read_on", one.read ? json::value(one.read->date.to_string()) : json::value(nullptr)},
            {"type", one.read ? json::value(one.read->type) : json::value(nullptr)}});
    }
    return rows;
}

json::array troubles_array(const std::string& codes) {
    json::array rows;
    for (const auto code : split_text(codes, ' ')) {
        if (code.empty()) continue;
        rows.push_back(json::value(formats::trouble_code(code).name));
    }
    return rows;
}

/// What is proposed for a stop that was not read: another visit while the window is open, else an
/// estimate, else an order where the policy allows no further estimate (R1.08).
const char* proposal_of(const Office& office, const RouteWalk& walk, const WalkStop& stop) {
    if (!stop.is_unread() || !stop.installed) return "";
    if (walk.estimated_period) return "estimate";
    if (walk.days_left >= 0) return "reread";
    const int limit = office.catalogue().policies.reading.consecutive_estimates_max;
    return stop.estimates_in_a_row >= limit ? "order" : "estimate";
}

json::object stop_object(const Office& office, const RouteWalk& walk, const WalkStop& stop) {
    json::array comments;
    for (const auto& one : stop.comments) {
        comments.push_back(json::object{{"kind", one.kind}, {"text", one.text}});
    }
    return {{"order", stop.place.order},
            {"meter", text_or_null(stop.serial())},
            {"account", stop.served
                            ? json::value(customers::account_number(stop.served->agreement.account))
                            : json::value(nullptr)},
            {"address", stop.premise.unit.empty() ? stop.premise.street
                                                  : stop.premise.street + " " + stop.premise.unit},
            {"reading", stop.place.reading},
            {"state", stop_state_name(stop.state)},
            {"skip", stop.skip_code.empty() ? json::value(nullptr)
                                            : json::value(formats::skip_code(stop.skip_code).name)},
            {"troubles", troubles_array(stop.trouble_codes)},
            {"visited_on",
             stop.visited_on ? json::value(stop.visited_on->to_string()) : json::value(nullptr)},
            {"estimates_in_a_row", stop.estimates_in_a_row},
            {"proposal", text_or_null(proposal_of(office, walk, stop))},
            {"comments", std::move(comments)},
            {"registers", registers_array(stop)}};
}

}  // namespace

json::object told_code(const formats::ReaderCode& code) {
    return worklist::tell(
        "told.reader.code",
        {{"code", code.code}, {"meaning", worklist::tell("told.reader." + code.name)}});
}

std::string_view stop_state_name(StopState state) {
    constexpr std::array<std::string_view, 6> names = {"read",    "estimated",   "skipped",
                                                       "trouble", "not_visited", "intervals"};
    return names[static_cast<std::size_t>(state)];
}

std::int64_t RouteWalk::count(StopState state) const {
    return std::count_if(stops.begin(), stops.end(), [&](const WalkStop& stop) {
        return stop.installed && stop.state == state;
    });
}

std::int64_t RouteWalk::unread() const {
    return std::count_if(stops.begin(), stops.end(),
                         [](const WalkStop& stop) { return stop.installed && stop.is_unread(); });
}

Result<RouteWalk> walk_route(Office& office, const std::string& code,
                             const std::optional<Date>& read_date, WalkDetail detail) {
    return WalkMaker(office, detail).make(code, read_date);
}

json::object to_json(Office& office, const RouteWalk& walk, bool unread_first) {
    json::array stops;
    for (const bool unread : {true, false}) {
        for (const WalkStop& stop : walk.stops) {
            if (unread_first && unread != (stop.installed && stop.is_unread())) continue;
            stops.push_back(stop_object(office, walk, stop));
        }
        if (!unread_first) break;
    }
    json::object counts;
    for (const auto state : {StopState::read, StopState::estimated, StopState::skipped,
                             StopState::trouble, StopState::not_visited, StopState::intervals}) {
        counts[stop_state_name(state)] = walk.count(state);
    }
    json::array exports;
    for (const auto& one : storage::RouteRows(office.database()).exports(walk.route.code)) {
        if (one.read_date != walk.row.read) continue;
        exports.push_back(json::object{{"number", one.number},
                                       {"layout", one.layout},
                                       {"meters", one.meters},
                                       {"registers", one.registers},
                                       {"sha256", one.sha256},
                                       {"by", one.by},
                                       {"at", to_iso_utc(one.at)}});
    }
    json::object object = to_json(walk.route);
    object["read_date"] = walk.row.read.to_string();
    const auto day_or_null = [](const std::optional<Date>& day) {
        return day ? json::value(day->to_string()) : json::value(nullptr);
    };
    object["previous_read_date"] = day_or_null(walk.previous_read);
    object["next_read_date"] = day_or_null(walk.next_read);
    object["window_from"] = walk.window.from.to_string();
    object["window_until"] = walk.window.until.to_string();
    object["days_left"] = walk.days_left;
    object["estimated_period"] = walk.estimated_period;
    object["closed"] = walk.closed;
    object["unread"] = walk.unread();
    object["counts"] = std::move(counts);
    object["exports"] = std::move(exports);
    object["stops"] = std::move(stops);
    return object;
}

}  // namespace watthour::app
