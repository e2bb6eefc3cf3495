// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "metering/meter_shop.hpp"

#include <string>
#include <vector>

namespace watthour::sample {

/// What the nameplate and register of a sample meter say. A multiplier above 1 comes from
/// transformers: 40 from 200:5; 80 from 400:5 or, for every third, from 100:5 behind 480:120.
[[nodiscard]] metering::MeterDetails nameplate(const metering::Meter& meter,
                                               const std::string& schedule,
                                               const std::string& phase);

/// Meters that hang nowhere: most are tested and on the shelf, one failed its test.
struct MeterStock {
    std::vector<metering::Meter> meters;
    std::vector<metering::Channel> channels;
    std::vector<metering::MeterDetails> details;
    std::vector<metering::StateChange> states;
    std::vector<metering::MeterTest> tests;
};

[[nodiscard]] MeterStock make_stock();

}  // namespace watthour::sample
