// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "app/office.hpp"

namespace watthour::app {

/// Points of a cycle without an agreement whose meter went on counting in the days before the
/// read date become work items. Inside the caller's transaction. Source: R4.22, R4.24, R1.35.
void report_vacant_use(Office& office, const std::string& cycle, Date read_date, Date on);

}  // namespace watthour::app
