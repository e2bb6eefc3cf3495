// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "base/result.hpp"
#include "metering/meter.hpp"

#include <string>
#include <string_view>

namespace watthour::metering {

/// What a meter is, as its nameplate and its register say, from one day until another.
struct MeterDetails {
    MeterId meter;
    DateRange active;
    std::string maker;
    std::string model;
    std::string form;  ///< ANSI C12.10: "2S", "9S", ...
    int dials = 5;
    int decimals = 0;
    std::string ct_ratio;  ///< "600:5"; empty where no current is transformed
    std::string pt_ratio;  ///< "480:120"; empty where no voltage is transformed
    Decimal register_constant{1, 0};
    Decimal multiplier{1, 0};
    std::string program;      ///< of the meter's own memory; empty without one
    std::string tou_program;  ///< by which the meter tells periods apart; empty without one
};

/// A ratio as on a nameplate, whole numbers with the primary before the secondary: "600:5". An
/// empty text is 1. Errors: metering.ratio_malformed (`what` is "CT" or "PT").
[[nodiscard]] Result<Ratio> parse_ratio(std::string_view what, std::string_view text);

/// Whether CT x PT x constant is the multiplier, exactly; CT 600:5 and PT 480:120 make 480.
///
/// Errors: metering.ratio_malformed, factor_malformed, multiplier_disagrees.
/// Source: R1.04.
[[nodiscard]] Result<void> check_multiplier(const std::string& serial, const MeterDetails& details);

/// CT x PT x constant, exactly, where nobody said the multiplier.
/// Errors: metering.ratio_malformed, factor_malformed; multiplier_disagrees when the product has
/// more than six places.
[[nodiscard]] Result<Decimal> multiplier_of(const std::string& serial, const MeterDetails& details);

[[nodiscard]] std::string_view to_text(MeterRole role);
/// Additive for a text that `is_role` does not know.
[[nodiscard]] MeterRole role_of(std::string_view text);
[[nodiscard]] bool is_role(std::string_view text);

/// What a channel's values are, in the eighteen parts of IEC 61968-9: period, accumulation,
/// direction, kind, scale and unit. Empty for a channel of which that is not known.
/// "0.0.2.4.1.1.12.0.0.0.0.0.0.0.0.3.72.0" = 15-minute delivered kWh. Source: IEC61968-9.
[[nodiscard]] std::string reading_type_of(const Channel& channel);

}  // namespace watthour::metering
