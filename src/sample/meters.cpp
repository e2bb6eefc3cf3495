// SPDX-License-Identifier: Apache-2.0
#include "sample/meters.hpp"

#include "base/arithmetic.hpp"
#include "base/text.hpp"
#include "sample/chance.hpp"
#include "sample/meter_stock.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <array>
#include <utility>

namespace watthour::sample {
namespace {

bool is_home(const std::string& schedule) { return schedule.starts_with("R-"); }

/// The serials look like those of the worked bills: V1 homes, V09 opt-outs, V3 and V4 commerce.
std::string serial_of(const Slot& slot, bool replacement) {
    if (slot.opt_out) return fmt::format("V09{:04}", slot.index % 10000);
    const int number = slot.index + (replacement ? 50000 : 0);
    if (slot.schedule == "C-1") return fmt::format("V3{:05}", number);
    if (slot.schedule == "C-2") return fmt::format("V4{:05}", number);
    return fmt::format("V1{:05}", number);
}

/// Homes use 3,500 to 11,000 kWh a year; small commerce stays below 20 kW and C-2 between 20 and
/// 330 kW.
Shape shape_of(const MeterPlace& place) {
    Chance chance(place.seed, place.point.value, "shape");
    Shape shape;
    shape.shift_days = 7 * chance.between(-3, 4);
    if (is_home(place.slot.schedule)) {
        constexpr std::array<Series, 3> homes = {Series::home_1, Series::home_2, Series::home_4};
        shape.series = chance.one_of(homes);
        shape.per_mille = chance.between(350, 1050);
        if (place.slot.schedule == "R-EV") shape.per_mille += 300;
        if (place.slot.role == Role::solar_delivered_only) shape.solar_kw = chance.between(3, 6);
        return shape;
    }
    shape.series = Series::store;
    shape.per_mille =
        place.slot.schedule == "C-2" ? chance.between(250, 1200) : chance.between(16, 66);
    return shape;
}

std::int64_t multiplier_of(const MeterPlace& place) {
    Chance chance(place.seed, place.point.value, "multiplier");
    if (place.slot.schedule == "C-2") return chance.percent(50) ? 80 : 40;
    // Some three-phase shops are metered through current transformers.
    return place.phase == "3" && chance.percent(30) ? 40 : 1;
}

/// Low enough that no register comes round unasked before the business date.
std::int64_t start_reading_of(const MeterPlace& place) {
    Chance chance(place.seed, place.point.value, "start reading");
    return is_home(place.slot.schedule) ? chance.between(1000, 80000) : chance.between(500, 35000);
}

Fault fault(FaultKind kind, Date day) {
    Fault made;
    made.kind = kind;
    made.day = day;
    return made;
}

std::vector<Fault> faults_of(const MeterPlace& place) {
    const Date last = place.dates.last;
    Fault made;
    switch (place.slot.role) {
        case Role::silent: return {fault(FaultKind::silent, place.business_date - 26)};
        case Role::missing_read: return {fault(FaultKind::missing_read, last)};
        case Role::register_jump:
            made = fault(FaultKind::register_jump, last - 1);
            made.amount = 7412;
            return {made};
        case Role::register_misread:
            made = fault(FaultKind::misread, last);
            made.amount = -2000;
            return {made};
        case Role::interval_gap:
            made = fault(FaultKind::missing_steps, last - 3);
            made.step = 9;
            made.count = 7;
            return {made};
        case Role::interval_spike:
            made = fault(FaultKind::spike, last - 5);
            made.step = 14;
            made.amount = 30;
            return {made};
        default: return {};
    }
}

struct NewMeter {
    std::string serial;
    DateRange active;
    std::int64_t start_reading = 0;
};

ChannelLoad load_of(const MeterPlace& place, const NewMeter& fresh) {
    ChannelLoad load;
    load.point = place.point;
    load.meter = {id_from_key("meter", fresh.serial)};
    load.serial = fresh.serial;
    load.multiplier = multiplier_of(place);
    load.start_reading = fresh.start_reading;
    load.by_hand = place.slot.opt_out;
    load.active = fresh.active;
    load.shape = shape_of(place);
    if (place.slot.role == Role::zero_use) {
        load.zero = {place.dates.two_before_last, place.business_date + 1};
    }
    load.faults = faults_of(place);
    return load;
}

void add_channel(SampleUtility& utility, ChannelLoad load, int minutes) {
    const std::string_view code = minutes == 0 ? register_code : interval_code;
    load.channel = {id_from_key("channel", fmt::format("{}|{}", load.serial, code))};
    load.interval_minutes = minutes;
    utility.channels.push_back({load.channel, load.meter, std::string(code), minutes});
    utility.loads.push_back(std::move(load));
}

std::string on_dials(std::int64_t reading, int dials) {
    return pad_left(std::to_string(reading % power_of_ten(dials)), static_cast<std::size_t>(dials),
                    '0');
}

/// Adds the meter with its installation and channels. The reads on both sides of an installation
/// are what its own register shows at those midnights.
void install(SampleUtility& utility, const MeterPlace& place, const NewMeter& fresh,
             const DayHours& hours) {
    ChannelLoad load = load_of(place, fresh);
    metering::Meter meter;
    meter.id = load.meter;
    meter.serial = load.serial;
    meter.dials = load.dials;
    meter.multiplier = Decimal(load.multiplier, 0);
    meter.make = place.slot.opt_out ? "Calder E4" : "Tessera A2";
    utility.details.push_back(nameplate(meter, place.slot.schedule, place.phase));
    utility.meters.push_back(std::move(meter));
    metering::MeterInstallation installation{load.meter, load.point, load.active, {}, {}};
    const std::string& schedule = place.slot.schedule;
    const bool has_register = schedule == "R-1" || schedule.starts_with("C-");
    if (has_register) {
        installation.set_read = on_dials(load.start_reading, load.dials);
        if (load.active.until != end_of_time) {
            const std::int64_t used = used_until(load, load.active.until, hours);
            installation.removal_read =
                on_dials(dial_reading(load, used, load.active.until), load.dials);
        }
        add_channel(utility, load, 0);
    }
    if (schedule == "C-2") {
        add_channel(utility, load, place.minutes_commercial);
    } else if (!has_register) {
        add_channel(utility, load, place.minutes_residential);
    }
    utility.installations.push_back(std::move(installation));
}

/// The start reading that brings the dials round ten days before the last read date.
std::int64_t rolling_start(const MeterPlace& place, const NewMeter& fresh, const DayHours& hours) {
    const ChannelLoad load = load_of(place, fresh);
    const std::int64_t used_kwh = used_until(load, place.dates.last - 10, hours) / 1000;
    return std::max<std::int64_t>(0, power_of_ten(load.dials) - used_kwh);
}

}  // namespace

void install_meters(SampleUtility& utility, const MeterPlace& place, const DayHours& hours) {
    NewMeter fresh{
        serial_of(place.slot, false), {reads_begin, end_of_time}, start_reading_of(place)};
    if (place.slot.role == Role::register_rollover) {
        fresh.start_reading = rolling_start(place, fresh, hours);
    }
    if (place.slot.role == Role::register_misread) {
        // High enough that the wrong read stands below the right one and not beyond zero.
        fresh.start_reading = std::max<std::int64_t>(fresh.start_reading, 20000);
    }
    if (place.slot.role != Role::meter_exchanged) {
        install(utility, place, fresh, hours);
        return;
    }
    Chance chance(place.seed, place.point.value, "exchange");
    const Date exchanged = place.dates.last - chance.between(14, 23);
    fresh.active.until = exchanged;
    install(utility, place, fresh, hours);
    // A new meter has turned a little on the test bench.
    install(utility, place,
            {serial_of(place.slot, true), {exchanged, end_of_time}, chance.between(0, 12)}, hours);
}

}  // namespace watthour::sample
