// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "api/http.hpp"
#include "base/result.hpp"

#include <string>

namespace watthour::api {

/// Asks a server once and waits at most `seconds`. `root` is "http://127.0.0.1:8080" or
/// "https://billing.example.org"; the certificate of the latter is checked against those of the
/// system. `target` is taken as it is.
/// Errors: api.server_address_malformed, api.server_unreachable.
[[nodiscard]] Result<Response> ask_server(const std::string& root, Method method,
                                          const std::string& target, const Request& request,
                                          int seconds = 60);

}  // namespace watthour::api
