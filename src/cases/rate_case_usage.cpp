// SPDX-License-Identifier: Apache-2.0
#include "base/check.hpp"
#include "cases/rate_case_input.hpp"
#include "usage/interval_use.hpp"
#include "usage/register_use.hpp"
#include "usage/tou_use.hpp"

#include <algorithm>
#include <array>

namespace watthour::cases {

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
    Energy generation;
    std::optional<Energy> reactive;
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
    } else if (channel == "kWh_generation") {
        sums.generation += (*use).energy;
    } else if (channel == "kVARh") {
        sums.reactive = sums.reactive.value_or(Energy()) + (*use).energy;
    } else {
        value.at("channel").refuse_value(
            "kWh, kWh_delivered, kWh_received, kWh_generation or kVARh");
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

/// The channels of a case by their names there.
std::vector<std::int64_t>* row_of(std::string_view channel, usage::IntervalRows& rows) {
    if (channel == "kWh_del") return &rows.delivered;
    if (channel == "kWh_rec") return &rows.received;
    if (channel == "kWh_gen") return &rows.generation;
    if (channel == "kVARh") return &rows.reactive;
    return nullptr;
}

void apply_overrides(const CaseValue& value, const IntervalGrid& grid, usage::IntervalRows& rows) {
    for (const CaseValue& item : value.items()) {
        item.fields({"channel", "start", "wh"}, {});
        auto* row = row_of(item.at("channel").text(), rows);
        const auto start = parse_iso_instant(item.at("start").text());
        if (item.failed()) return;
        if (row == nullptr || row->empty()) {
            return item.at("channel").refuse_value("a channel that the profile has");
        }
        if (!start) return item.at("start").refuse_value("an instant with its offset");
        if (grid.step_of(*start) < 0 || !grid.on_grid(*start)) {
            return item.at("start").refuse_value("the start of an interval of the period");
        }
        (*row)[static_cast<std::size_t>(grid.step_of(*start))] = item.at("wh").whole();
    }
}

Energy sum_of(const std::vector<std::int64_t>& row) {
    Energy sum;
    for (const std::int64_t wh : row) sum += Energy::watt_hours(wh);
    return sum;
}

/// Everything that the plan asks of the intervals, and their sums.
void use_intervals(const CaseValue& value, const TimeZone& zone, usage::IntervalRows rows,
                   CaseStatement& into) {
    rating::RatingRequest& request = into.request;
    into.interval_count = static_cast<int>(rows.delivered.size());
    request.delivered = sum_of(rows.delivered);
    request.received = sum_of(rows.received);
    request.generation = sum_of(rows.generation);
    if (!rows.reactive.empty()) request.reactive = sum_of(rows.reactive);
    request.measured_max = usage::highest_demand(rows.delivered, into.interval_minutes);
    const auto use = usage::IntervalUse::make(zone, request.period, into.interval_minutes, 0,
                                              std::move(rows), usage::Missing::refused);
    if (!use) return value.keep(use.error());
    for (const tariff::Determinant& wanted : into.plan->determinants) {
        const auto number = (*use).measure_coarsely(wanted, into.plan->catalogue->coincident_peaks);
        if (!number) return value.keep(number.error());
        request.measured.push_back({wanted, *number});
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
    channels.fields({"kWh_del"}, {"kWh_rec", "kWh_gen", "kVARh"});
    const auto zone = TimeZone::load(catalogue.utility.time_zone);
    if (!zone) value.keep(zone.error());
    if (!value.failed() && !into.plan) {
        value.refuse_value("a period of 1 to " + std::to_string(rating::most_period_days) +
                           " days");
    }
    if (value.failed()) return;
    const IntervalGrid grid(*zone, into.request.period, into.interval_minutes);
    usage::IntervalRows rows;
    for (const char* channel : {"kWh_del", "kWh_rec", "kWh_gen", "kVARh"}) {
        if (!channels.has(channel)) continue;
        const Profile profile = read_profile(channels.at(channel));
        if (value.failed()) return;
        *row_of(channel, rows) = expand(profile, *zone, into.request.period, into.interval_minutes);
    }
    if (value.has("overrides")) apply_overrides(value.at("overrides"), grid, rows);
    if (!value.failed()) use_intervals(value, *zone, std::move(rows), into);
}

void read_determinants(const CaseValue& value, CaseStatement& into) {
    value.fields({"delivered"}, {"received"});
    rating::TouSegmentUse piece{into.request.period, {}, {}};
    const CaseValue delivered = value.at("delivered");
    for (const std::string& period : delivered.names()) {
        piece.by_period.push_back({period, delivered.at(period).kwh()});
        into.request.delivered += piece.by_period.back().second;
    }
    if (value.has("received")) {
        const CaseValue received = value.at("received");
        for (const std::string& period : received.names()) {
            piece.received.push_back({period, received.at(period).kwh()});
            into.request.received += piece.received.back().second;
        }
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
        into.request.received = sums.received;
        into.request.generation = sums.generation;
        into.request.reactive = sums.reactive;
        measured = true;
    } else if (usage.has("interval_profile")) {
        read_intervals(usage.at("interval_profile"), catalogue, into);
        measured = true;
    } else if (usage.has("determinants")) {
        read_determinants(usage.at("determinants"), into);
        measured = true;
    }
    if (usage.has("lamps")) {
        for (const rating::LampGroup& group : into.request.lamps) {
            if (!into.plan) break;
            into.request.delivered +=
                Energy::kilowatt_hours(rating::lamp_kwh(into.plan->schedule->versions.back(), group,
                                                        group.active, into.request.period.days()));
        }
        measured = true;
    }
    if (usage.has("demand")) read_demand(usage.at("demand"), into);
    for (const CaseValue& place : {usage, input}) {
        if (place.has("kwh_received")) {
            const Energy stated = place.at("kwh_received").kwh();
            if (!measured || !sums.any_received) {
                if (into.request.received.is_zero()) into.request.received = stated;
            } else {
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

}  // namespace watthour::cases
