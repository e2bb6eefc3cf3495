// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "app/office.hpp"

#include <string>
#include <vector>

namespace watthour::sample {

struct StaffEntrance {
    std::vector<access::User> staff;  ///< empty where they have a password already
    std::string password;             ///< of all of them, random, told once
};

/// Gives the sample utility's people one random password, so that whoever tries it can sign in as
/// any of them. Once they have one it is left alone, unless a new one is asked for.
/// Errors: sample.not_the_sample: people of a real utility set their own passwords.
[[nodiscard]] Result<StaffEntrance> let_staff_in(app::Office& office, bool again);

}  // namespace watthour::sample
