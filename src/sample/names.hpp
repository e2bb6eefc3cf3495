// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "sample/chance.hpp"

#include <string>

namespace watthour::sample {

struct HouseholdName {
    std::string name;      ///< "María Quintero Lara"
    std::string language;  ///< "en" or "es"
};

/// Three of ten households read Spanish. All names are put together from lists; nobody is meant.
[[nodiscard]] HouseholdName household_name(Chance& chance);
/// "Acequia Street Bakery"; some in Spanish.
[[nodiscard]] HouseholdName business_name(Chance& chance);
/// "City of Valdoro, Library Branch 3".
[[nodiscard]] std::string public_body_name(Chance& chance);

struct StreetAddress {
    std::string street;  ///< "214 Alameda Real"
    std::string unit;    ///< "Apt 3", or empty
};

/// The address of a place by its order along the routes; no two places share one.
[[nodiscard]] StreetAddress street_address(int place, Chance& chance);

}  // namespace watthour::sample
