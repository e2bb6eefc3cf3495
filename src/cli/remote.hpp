// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "cli/terminal.hpp"

namespace CLI {
class App;
}

namespace watthour::cli {

/// The command that was given, done by a server through its API: the same words, the same JSON, the
/// same exit codes. Commands that work on the database itself say so.
[[nodiscard]] int run_at_server(const CLI::App& app, const Common& common);

void add_login(CLI::App& app, Common& common);

}  // namespace watthour::cli
