// SPDX-License-Identifier: Apache-2.0
#include "access/user.hpp"

#include "access/errors.hpp"

namespace watthour::access {
namespace {

bool is_small_letter(char c) { return c >= 'a' && c <= 'z'; }

}  // namespace

std::string in_words(const User& user) {
    std::string text = user.active ? "active" : "disabled";
    for (const std::string& role : user.roles) text += ", " + role;
    return text;
}

UserId user_id(std::string_view name) { return {id_from_key("user", name)}; }

Result<void> check_user_name(const std::string& name) {
    bool good = name.size() >= 2 && name.size() <= 32 && is_small_letter(name.front());
    for (const char c : name) {
        good = good &&
               (is_small_letter(c) || (c >= '0' && c <= '9') || c == '.' || c == '_' || c == '-');
    }
    if (!good) return Error(errors::name_malformed, {{"user", name}});
    return {};
}

}  // namespace watthour::access
