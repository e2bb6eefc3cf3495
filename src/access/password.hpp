// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "base/result.hpp"

#include <string>
#include <string_view>

namespace watthour::access {

/// 12 to 256 bytes, and not what is guessed first: the user's own name, a word that everybody
/// takes with digits around it, a run of neighbours on the keyboard, few letters over and over.
/// Errors: access.password_weak, access.password_guessed.
[[nodiscard]] Result<void> check_password(std::string_view password, std::string_view user = {});
/// Argon2id with a salt of its own, 64 MiB, two passes: about a tenth of a second.
[[nodiscard]] std::string hash_password(const std::string& password);
[[nodiscard]] bool is_password(const std::string& hash, const std::string& password);
/// 32 random bytes as text that needs no escaping.
[[nodiscard]] std::string random_token();

}  // namespace watthour::access
