// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "app/office.hpp"

#include <optional>
#include <string>

namespace watthour::app {

/// What a request with a key was answered the first time.
struct FirstAnswer {
    int status = 0;
    std::string body;
};

/// Of the actor's key; `asked` is the request itself. Errors: app.key_reused, where the key was
/// used for another request.
[[nodiscard]] Result<std::optional<FirstAnswer>> first_answer(Office& office, std::string_view key,
                                                              std::string_view asked);
/// Keeps an answer, unless there is one.
void keep_answer(Office& office, std::string_view key, std::string_view asked,
                 const FirstAnswer& answer);

}  // namespace watthour::app
