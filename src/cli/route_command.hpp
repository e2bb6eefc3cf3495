// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "cli/terminal.hpp"

namespace watthour::cli {

/// `route calendar ...`, below `route`.
void add_route_calendar(CLI::App& route, Common& common);

}  // namespace watthour::cli
