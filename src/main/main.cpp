// SPDX-License-Identifier: Apache-2.0
#include "base/clock.hpp"
#include "cli/terminal.hpp"

int main(int argc, char** argv) {
    const watthour::SystemClock clock;
    return watthour::cli::run_command_line(argc, argv, clock);
}
