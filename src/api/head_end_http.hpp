// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "app/head_end_line.hpp"

namespace watthour::api {

/// The line to head-ends over HTTP: plain to this machine alone, else over TLS.
class HeadEndHttp final : public app::HeadEndLine {
public:
    [[nodiscard]] Result<std::string> ask(const app::HeadEndSystem& system,
                                          const app::HeadEndLetter& letter) override;
};

/// Posts a message and brings the answer; the address may have a path. Waits at most half a minute.
/// Errors: api.server_*.
[[nodiscard]] Result<std::string> post_message(const std::string& url,
                                               const app::HeadEndLetter& letter, int& status,
                                               const std::string& authorization = {});

}  // namespace watthour::api
