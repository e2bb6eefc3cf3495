// SPDX-License-Identifier: Apache-2.0
#include "app/rate_case_input.hpp"
#include "base/check.hpp"
#include "usage/register_use.hpp"
#include "usage/tou_use.hpp"

#include <algorithm>
#include <array>

namespace watthour::app {

namespace {

constexpr int most_digits = 12;
constexpr Decimal most_multiplier(100'000, 0);

int places_of(std::string_view read) {
    const auto point = read.find('.');
    return point == std::string_view::npos ? 0 : static_cast<int>(read.size() - point - 1);
}

struct RegisterSums {
    Energy delivered;
    Energy received;
    bool any_received = false;
};

/// One register between two reads; what the case says about the result must agree with it.
void add_register(const CaseValue& value, const tariff::Catalogue& catalogue, RegisterSums& sums) {
    value.fields({"channel", "multiplier", "from", "to"},
                 {"meter", "dials", "rollover", "difference", "kwh"});
    const CaseValue from = value.at("from");
    const CaseValue until = value.at("to");
    for (const CaseValue& read : {from, until}) {
        read.fields({"read"}, {"date", "type"});
        if (read.has("date")) (void)read.at("date").date();
    }
    const std::string from_read = from.at("read").text();
    const std::string until_read = until.at("read").text();
    usage::RegisterFace face;
    face.dials = value.has("dials") ? static_cast<int>(value.at("dials").whole())
                                    : catalogue.policies.reading.default_dials;
    face.decimals = std::max(places_of(from_read), places_of(until_read));
    face.multiplier = Multiplier(value.at("multiplier").decimal());
    face.rollover_max_fraction = catalogue.policies.reading.rollover_max_fraction;
    if (!value.failed() && (face.dials < 1 || face.dials + face.decimals > most_digits)) {
        value.refuse_value("a register of 1 to 12 digits");
    }
    if (!(face.multiplier.factor() < most_multiplier) || face.multiplier.factor().is_negative()) {
        value.at("multiplier").refuse_value("a multiplier from 0 to 100,000");
    }
    if (value.failed()) return;
    const auto use = usage::register_use(from_read, until_read, face);
    if (!use) return value.keep(use.error());
    if (value.has("rollover") && value.at("rollover").yes() != (*use).rolled_over) {
        value.at("rollover")
            .must_equal("another rollover than the reads", (*use).rolled_over ? "true" : "false");
    }
    if (value.has("difference")) {
        value.at("difference")
            .must_equal(value.at("difference").decimal().to_shortest(),
                        (*use).difference.to_shortest());
    }
    if (value.has("kwh")) {
        value.at("kwh").must_equal(value.at("kwh").kwh().to_string(), (*use).energy.to_string());
    }
    const std::string channel = value.at("channel").text();
    if (channel == "kWh" || channel == "kWh_delivered") {
        sums.delivered += (*use).energy;
    } else if (channel == "kWh_received") {
        sums.received += (*use).energy;
        sums.any_received = true;
    } else {
        value.at("channel").refuse_value("kWh, kWh_delivered or kWh_received");
    }
}

/// Wh (or VARh) per hour of a weekday and a weekend day.
struct Profile {
    std::array<std::int64_t, 24> weekday{};
    std::array<std::int64_t, 24> weekend{};
};

Profile read_profile(const CaseValue& value) {
    value.fields({"weekday", "weekend"}, {});
    Profile profile;
    const auto fill = [&](std::string_view name, std::array<std::int64_t, 24>& hours) {
        const std::vector<CaseValue> items = value.at(name).items();
        if (items.size() != hours.size() && !value.failed()) {
            value.at(name).refuse_value("one number for each of the 24 hours");
        }
        for (std::size_t i = 0; i < items.size() && i < hours.size(); ++i)
            hours[i] = items[i].whole();
    };
    fill("weekday", profile.weekday);
    fill("weekend", profile.weekend);
    return profile;
}

/// Every hour's energy in equal parts over its intervals; a remainder is spread, never lost. The
/// short day has no hour 02 and the long day has hour 01 twice, because the clock says so.
std::vector<std::int64_t> expand(const Profile& profile, const TimeZone& zone, DateRange period,
                                 int minutes) {
    const IntervalGrid grid(zone, period, minutes);
    const int parts = 60 / minutes;
    std::vector<std::int64_t> wh;
    wh.reserve(static_cast<std::size_t>(grid.count()));
    for (int step = 0; step < grid.count(); ++step) {
        const Instant start = grid.start_of(step);
        const int second = zone.wall_second_of(start);
        const auto& day =
            zone.date_of(start).weekday() < Weekday::saturday ? profile.weekday : profile.weekend;
        const std::int64_t hour = day[static_cast<std::size_t>(second / 3600)];
        const std::int64_t part = second % 3600 / (minutes * 60);
        wh.push_back(hour * (part + 1) / parts - hour * part / parts);
    }
    return wh;
}

void apply_overrides(const CaseValue& value, const IntervalGrid& grid,
                     std::vector<std::int64_t>& wh) {
    for (const CaseValue& item : value.items()) {
        item.fields({"channel", "start", "wh"}, {});
        const std::string channel = item.at("channel").text();
        const auto start = parse_iso_instant(item.at("start").text());
        if (item.failed()) return;
        if (!start) return item.at("start").refuse_value("an instant with its offset");
        if (grid.step_of(*start) < 0 || !grid.on_grid(*start)) {
            return item.at("start").refuse_value("the start of an interval of the period");
        }
        if (channel == "kWh_del") {
            wh[static_cast<std::size_t>(grid.step_of(*start))] = item.at("wh").whole();
        } else if (channel != "kWh_rec" && channel != "kVARh") {
            item.at("channel").refuse_value("kWh_del, kWh_rec or kVARh");
        }
    }
}

void use_intervals(const CaseValue& value, const tariff::Catalogue& catalogue,
                   const std::vector<std::int64_t>& wh, const TimeZone& zone, CaseStatement& into) {
    rating::RatingRequest& request = into.request;
    into.interval_count = static_cast<int>(wh.size());
    for (const std::int64_t one : wh) request.delivered += Energy::watt_hours(one);
    request.measured_max = usage::highest_demand(wh, into.interval_minutes);
    const tariff::RateSchedule& schedule = **catalogue.find_schedule(request.schedule);
    if (schedule.usage != tariff::UsageSource::intervals) return;
    const tariff::TouCalendar* calendar =
        tariff::tou_calendar_of(catalogue, schedule, request.period.from);
    const auto pieces = tariff::usage_pieces(
        catalogue, schedule, {request.option, request.phase, request.voltage}, request.period);
    if (!pieces) return value.keep(pieces.error());
    WH_CHECK(calendar != nullptr, "an interval-billed schedule has a calendar");
    const auto uses =
        usage::sum_segments(*calendar, zone, request.period, *pieces, into.interval_minutes, wh);
    if (!uses) return value.keep(uses.error());
    for (const usage::TouUse& use : *uses) {
        rating::TouSegmentUse piece{use.segment, {}};
        for (std::size_t i = 0; i < use.by_period.size(); ++i) {
            piece.by_period.push_back({calendar->periods()[i], use.by_period[i]});
        }
        request.tou.push_back(std::move(piece));
    }
}

void read_intervals(const CaseValue& value, const tariff::Catalogue& catalogue,
                    CaseStatement& into) {
    value.fields({"interval_minutes", "channels"}, {"overrides"});
    into.interval_minutes = static_cast<int>(value.at("interval_minutes").whole());
    if (!value.failed() && (into.interval_minutes < 1 || 60 % into.interval_minutes != 0)) {
        value.at("interval_minutes").refuse_value("a number of minutes that divides the hour");
    }
    const CaseValue channels = value.at("channels");
    channels.fields({"kWh_del"}, {"kWh_rec", "kVARh"});
    for (const char* other : {"kWh_rec", "kVARh"}) {
        if (channels.has(other)) (void)read_profile(channels.at(other));
    }
    const Profile profile = read_profile(channels.at("kWh_del"));
    const auto zone = TimeZone::load(catalogue.utility.time_zone);
    if (!zone) value.keep(zone.error());
    const int days = into.request.period.days();
    if (!value.failed() && (days < 1 || days > rating::most_period_days)) {
        value.refuse_value("a period of 1 to " + std::to_string(rating::most_period_days) +
                           " days");
    }
    if (value.failed()) return;
    const IntervalGrid grid(*zone, into.request.period, into.interval_minutes);
    std::vector<std::int64_t> wh =
        expand(profile, *zone, into.request.period, into.interval_minutes);
    if (value.has("overrides")) apply_overrides(value.at("overrides"), grid, wh);
    if (!value.failed()) use_intervals(value, catalogue, wh, *zone, into);
}

void read_determinants(const CaseValue& value, CaseStatement& into) {
    value.fields({"delivered"}, {"received"});
    rating::TouSegmentUse piece{into.request.period, {}};
    const CaseValue delivered = value.at("delivered");
    for (const std::string& period : delivered.names()) {
        piece.by_period.push_back({period, delivered.at(period).kwh()});
        into.request.delivered += piece.by_period.back().second;
    }
    if (value.has("received")) {
        const CaseValue received = value.at("received");
        for (const std::string& period : received.names()) (void)received.at(period).kwh();
    }
    into.request.tou.push_back(std::move(piece));
}

/// The maximum stated, else the largest register read times the multiplier. R1.11.
void read_demand(const CaseValue& value, CaseStatement& into) {
    value.fields({}, {"max_kw", "register_kw", "multiplier", "reset"});
    if (value.has("reset")) (void)value.at("reset").date();
    if (value.has("max_kw")) {
        into.request.measured_max = value.at("max_kw").kw();
        return;
    }
    const Multiplier multiplier(value.has("multiplier") ? value.at("multiplier").decimal()
                                                        : Decimal(1, 0));
    const CaseValue reads = value.at("register_kw");
    Demand highest;
    for (const CaseValue& read : reads.is_list() ? reads.items() : std::vector{reads}) {
        const auto demand = multiplier.demand(read.decimal());
        if (!demand) return value.keep(demand.error());
        highest = std::max(highest, *demand);
    }
    into.request.measured_max = highest;
}

}  // namespace

void read_case_usage(const CaseValue& input, const tariff::Catalogue& catalogue,
                     CaseStatement& into) {
    static const json::value nothing = json::object();
    const CaseValue usage =
        input.has("usage") ? input.at("usage") : CaseValue(&nothing, "usage", input.problems());
    usage.fields({}, {"registers", "interval_profile", "determinants", "demand", "lamps",
                      "kwh_delivered", "kwh_received"});
    bool measured = false;
    RegisterSums sums;
    if (usage.has("registers")) {
        for (const CaseValue& item : usage.at("registers").items()) {
            add_register(item, catalogue, sums);
        }
        into.request.delivered = sums.delivered;
        measured = true;
    } else if (usage.has("interval_profile")) {
        read_intervals(usage.at("interval_profile"), catalogue, into);
        measured = true;
    } else if (usage.has("determinants")) {
        read_determinants(usage.at("determinants"), into);
        measured = true;
    }
    if (usage.has("lamps"))
        usage.at("lamps").refuse_value("no lamps, for this schedule is metered,");
    if (usage.has("demand")) read_demand(usage.at("demand"), into);
    for (const CaseValue& place : {usage, input}) {
        if (place.has("kwh_received")) {
            const Energy stated = place.at("kwh_received").kwh();
            if (sums.any_received) {
                place.at("kwh_received").must_equal(stated.to_string(), sums.received.to_string());
            }
        }
        if (!place.has("kwh_delivered")) continue;
        const Energy stated = place.at("kwh_delivered").kwh();
        if (measured) {
            place.at("kwh_delivered")
                .must_equal(stated.to_string(), into.request.delivered.to_string());
        } else {
            into.request.delivered = stated;
            measured = true;
        }
    }
    if (!measured && !input.failed()) usage.refuse_value("registers, intervals or kwh_delivered");
}

}  // namespace watthour::app
