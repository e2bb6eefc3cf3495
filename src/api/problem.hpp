// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "api/http.hpp"
#include "base/error.hpp"

#include <string>

namespace watthour::api {

/// The status that a refusal has in HTTP, from its exit code and room.
[[nodiscard]] int status_of(const Error& error);
/// application/problem+json with the room's slug, the sentence and the next step.
[[nodiscard]] Response to_problem(const Error& error, const std::string& request_id);

}  // namespace watthour::api
