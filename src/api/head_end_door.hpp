// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "api/http.hpp"
#include "app/head_end_settings.hpp"

#include <string>

namespace watthour::api {

/// The door for answers of head-ends: POST /head-end/multispeak and /head-end/iec61968, each alone
/// with HTTP basic or with the secret as the last part of the address. It is no operation of the
/// contract: what passes it are messages of those standards.
[[nodiscard]] bool is_head_end_door(const Request& request);

/// Who stands at the door. Errors: api.head_end_stranger.
[[nodiscard]] Result<app::HeadEndSystem> head_end_at_door(app::Office& office,
                                                          const Request& request);

/// Takes an answer and says in the sender's own words what became of it; `user` is who it was, for
/// the log. Errors: api.head_end_stranger, api.method_unknown, app.head_end_answer_unreadable.
[[nodiscard]] Result<Response> take_head_end_answer(app::Office& office, const Request& request,
                                                    std::string& user);

}  // namespace watthour::api
