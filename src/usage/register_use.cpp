// SPDX-License-Identifier: Apache-2.0
#include "usage/register_use.hpp"

#include "base/check.hpp"
#include "usage/errors.hpp"

namespace watthour::usage {

namespace {

/// The read in units of its last decimal.
Result<std::int64_t> dial_units(std::string_view read, const RegisterFace& face) {
    const auto value = Decimal::parse(read);
    if (!value || (*value).is_negative() || read.front() == '+') {
        return Error(errors::read_malformed, {{"read", std::string(read)}});
    }
    if ((*value).scale() > face.decimals) {
        return Error(errors::read_too_fine,
                     {{"read", std::string(read)}, {"decimals", std::to_string(face.decimals)}});
    }
    TRY(const std::int64_t units, (*value).exact_units(face.decimals));
    if (units >= power_of_ten(face.dials + face.decimals)) {
        return Error(errors::read_beyond_dials,
                     {{"read", std::string(read)}, {"dials", std::to_string(face.dials)}});
    }
    return units;
}

}  // namespace

RegisterFace face_of(const metering::Meter& meter, const Decimal& rollover_max_fraction) {
    return {meter.dials, meter.decimals, Multiplier(meter.multiplier), rollover_max_fraction};
}

Result<RegisterUse> register_use(std::string_view from_read, std::string_view until_read,
                                 const RegisterFace& face) {
    WH_CHECK(face.dials > 0 && face.decimals >= 0 && face.dials + face.decimals <= 15,
             "a register has 1 to 15 digits");
    TRY(const std::int64_t from, dial_units(from_read, face));
    TRY(const std::int64_t until, dial_units(until_read, face));
    RegisterUse use;
    std::int64_t difference = until - from;
    if (difference < 0) {
        const std::int64_t capacity = power_of_ten(face.dials + face.decimals);
        const Decimal& share = face.rollover_max_fraction;
        difference += capacity;
        use.rolled_over = true;
        if (i128{difference} * power_of_ten(share.scale()) > i128{capacity} * share.units()) {
            return Error(errors::read_rolls_backward,
                         {{"from", std::string(from_read)},
                          {"until", std::string(until_read)},
                          {"wrapped", Decimal(difference, face.decimals).to_shortest()},
                          {"capacity", Decimal(capacity, face.decimals).to_shortest()},
                          {"fraction", share.to_string()}});
        }
    }
    use.difference = Decimal(difference, face.decimals);
    TRY(use.energy, face.multiplier.energy(use.difference));
    return use;
}

}  // namespace watthour::usage
