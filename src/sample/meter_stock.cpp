// SPDX-License-Identifier: Apache-2.0
#include "sample/meter_stock.hpp"

#include "base/check.hpp"
#include "sample/meters.hpp"

#include <fmt/format.h>

namespace watthour::sample {
namespace {

using metering::Meter;
using metering::MeterDetails;
using metering::StockState;

/// When the shop took over from the old system; before the first read of the sample.
constexpr Date first_day = Date::ymd(2020, 1, 1);
constexpr Date tested_on = Date::ymd(2025, 4, 14);
constexpr const char* keeper = "j.park";

struct Kind {
    const char* schedule;
    const char* phase;
    int count;
    int minutes;  ///< of the interval channel; 0: none
    bool has_register;
    std::int64_t multiplier;
};

Decimal percent(std::int64_t hundredths) { return {hundredths, 2}; }

void add_test(MeterStock& stock, const Meter& meter, std::int64_t number) {
    metering::MeterTest test;
    test.meter = meter.id;
    test.on = tested_on;
    test.standard = "RD-21 0417";
    test.tester = keeper;
    // Every 13th of the stock is fast: 103.08 at full and light load.
    const bool fast = number % 13 == 0;
    test.loads.full_load = percent(fast ? 10308 : 9990 + number % 5 * 4);
    test.loads.light_load = percent(fast ? 10308 : 10010 - number % 3 * 6);
    const auto average = metering::average_registration(test.method, test.loads);
    WH_CHECK(average, "the loads of a sample test are percents");
    test.average = average->rounded();
    test.verdict = metering::judge(*average, test.limits);
    test.by = keeper;
    const bool within = test.verdict == metering::Verdict::within;
    const auto change = [&](std::int64_t step, StockState state, Date since, const char* why) {
        stock.states.push_back({meter.id, step, state, since, why, keeper, {}});
    };
    change(1, StockState::received, tested_on - 6, "Delivery of 8 April");
    change(2, StockState::tested, tested_on, "Tested on delivery");
    change(3, within ? StockState::available : StockState::quarantined, tested_on,
           within ? "On the shelf" : "Fast: to be looked at by its maker");
    stock.tests.push_back(std::move(test));
}

void add_meter(MeterStock& stock, const Kind& kind, std::int64_t number) {
    Meter meter;
    meter.serial = fmt::format("V5{:05}", number);
    meter.id = {id_from_key("meter", meter.serial)};
    meter.multiplier = Decimal(kind.multiplier, 0);
    meter.make = "Tessera A2";
    const auto add = [&](std::string_view code, int minutes) {
        stock.channels.push_back(
            {{id_from_key("channel", fmt::format("{}|{}", meter.serial, code))},
             meter.id,
             std::string(code),
             minutes});
    };
    if (kind.has_register) add(register_code, 0);
    if (kind.minutes != 0) add(interval_code, kind.minutes);
    stock.details.push_back(nameplate(meter, kind.schedule, kind.phase));
    add_test(stock, meter, number);
    stock.meters.push_back(std::move(meter));
}

}  // namespace

MeterDetails nameplate(const Meter& meter, const std::string& schedule, const std::string& phase) {
    MeterDetails details;
    details.meter = meter.id;
    details.active = {first_day, end_of_time};
    const std::size_t space = meter.make.find(' ');
    details.maker = meter.make.substr(0, space);
    details.model = space == std::string::npos ? "" : meter.make.substr(space + 1);
    details.dials = meter.dials;
    details.multiplier = meter.multiplier;
    const bool transformed = meter.multiplier != Decimal(1, 0);
    const bool three_phase = phase == "3" || schedule == "C-2";
    details.form = transformed ? (three_phase ? "9S" : "4S") : three_phase ? "16S" : "2S";
    if (meter.multiplier == Decimal(40, 0)) details.ct_ratio = "200:5";
    if (meter.multiplier == Decimal(80, 0)) {
        const bool high_voltage = meter.id.value % 3 == 0;
        details.ct_ratio = high_voltage ? "100:5" : "400:5";
        if (high_voltage) details.pt_ratio = "480:120";
    }
    details.program = "A2-7.1";
    if (schedule == "R-TOU" || schedule == "R-EV") details.tou_program = "INT-60";
    if (schedule == "C-2") details.tou_program = "INT-15";
    return details;
}

MeterStock make_stock() {
    constexpr Kind kinds[] = {{"R-1", "1", 8, 0, true, 1},
                              {"R-TOU", "1", 4, 60, false, 1},
                              {"C-1", "3", 3, 0, true, 40},
                              {"C-2", "3", 4, 15, true, 80}};
    MeterStock stock;
    std::int64_t number = 0;
    for (const Kind& kind : kinds) {
        for (int i = 0; i < kind.count; ++i) add_meter(stock, kind, ++number);
    }
    return stock;
}

}  // namespace watthour::sample
