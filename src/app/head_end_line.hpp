// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "app/head_end_settings.hpp"

#include <string>

namespace watthour::app {

/// A message on its way to a head-end.
struct HeadEndLetter {
    std::string bytes;
    std::string soap_action;  ///< "" = none
};

/// The line to head-ends; who opens an office for people or jobs brings one.
class HeadEndLine {
public:
    virtual ~HeadEndLine() = default;
    /// Delivers a message and brings what was answered at once. Waits at most half a minute.
    /// Errors: api.server_*, app.head_end_turned_down.
    [[nodiscard]] virtual Result<std::string> ask(const HeadEndSystem& system,
                                                  const HeadEndLetter& letter) = 0;
};

}  // namespace watthour::app
