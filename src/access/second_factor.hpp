// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>

namespace watthour::access {

/// 20 random bytes that a telephone and the server share.
[[nodiscard]] std::string new_factor_secret();
/// As people type it into their telephone: RFC 4648, without padding.
[[nodiscard]] std::string base32(std::string_view bytes);
/// Six digits for a step of 30 seconds. Source: RFC 6238 with HMAC-SHA-1, which is what every
/// authenticator understands.
[[nodiscard]] std::string factor_code(std::string_view secret, std::int64_t step);
/// The step whose code this is, of now, the one before or the one after; only one that is later
/// than the last that was used, so that a code works once.
[[nodiscard]] std::optional<std::int64_t> matching_step(std::string_view secret,
                                                        std::string_view code, std::int64_t now,
                                                        std::int64_t last_step);

}  // namespace watthour::access
