// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <stdexcept>
#include <string>

namespace watthour {

/// We are wrong: an invariant of the program itself is broken. Never reachable from input.
class Defect : public std::logic_error {
public:
    using std::logic_error::logic_error;
};

/// The machine failed: disk full, file unreadable, connection lost. Carries the exit code.
class EnvironmentError : public std::runtime_error {
public:
    EnvironmentError(int exit_code, const std::string& message)
        : std::runtime_error(message), exit_code_(exit_code) {}
    [[nodiscard]] int exit_code() const { return exit_code_; }

private:
    int exit_code_;
};

[[noreturn]] void raise_defect(const char* file, int line, const char* condition,
                               const std::string& message);

}  // namespace watthour

/// States what must hold; stays on in release builds. Raises Defect (exit code 70).
#define WH_CHECK(condition, message)                                                         \
    do {                                                                                     \
        if (!(condition)) ::watthour::raise_defect(__FILE__, __LINE__, #condition, message); \
    } while (false)
