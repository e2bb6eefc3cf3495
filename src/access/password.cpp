// SPDX-License-Identifier: Apache-2.0
#include "access/password.hpp"

#include "access/errors.hpp"
#include "base/check.hpp"

#include <algorithm>
#include <array>
#include <cctype>
#include <mutex>
#include <new>
#include <semaphore>
#include <set>
#include <sodium.h>

namespace watthour::access {
namespace {

void start_sodium() {
    static std::once_flag once;
    std::call_once(once, [] { WH_CHECK(::sodium_init() >= 0, "libsodium does not start"); });
}

// Each takes 64 MiB: many at once would be a way to take the memory of the machine.
std::counting_semaphore<4> at_once{4};

class Turn {
public:
    Turn() { at_once.acquire(); }
    ~Turn() { at_once.release(); }
    Turn(const Turn&) = delete;
    Turn& operator=(const Turn&) = delete;
};

/// The letters alone, small: "Password1234!" -> password.
std::string letters_of(std::string_view text) {
    std::string letters;
    for (const char c : text) {
        if (c >= 'A' && c <= 'Z') {
            letters += static_cast<char>(c - 'A' + 'a');
        } else if (c >= 'a' && c <= 'z') {
            letters += c;
        }
    }
    return letters;
}

/// A word that everybody takes, alone, twice, or with another of them.
bool is_common(std::string_view letters) {
    constexpr std::array<std::string_view, 28> words = {
        "password", "passwort", "contrasena", "welcome",  "bienvenido", "letmein",  "admin",
        "login",    "user",     "test",       "guest",    "secret",     "changeme", "default",
        "master",   "monkey",   "dragon",     "football", "baseball",   "sunshine", "princess",
        "iloveyou", "summer",   "winter",     "spring",   "autumn",     "watthour", "electric"};
    if (letters.empty()) return true;  // digits and signs alone
    while (!letters.empty()) {
        const auto* found = std::find_if(words.begin(), words.end(), [&](std::string_view word) {
            return letters.starts_with(word);
        });
        if (found == words.end()) return false;
        letters.remove_prefix(found->size());
    }
    return true;
}

/// Most of it goes along a row of the keyboard or the alphabet: "qwertyuiop12", "abcdefghijkl".
bool is_run(std::string_view password) {
    constexpr std::array<std::string_view, 5> rows = {"1234567890", "qwertyuiop", "asdfghjkl",
                                                      "zxcvbnm", "abcdefghijklmnopqrstuvwxyz"};
    std::size_t along = 0;
    for (std::size_t i = 1; i < password.size(); ++i) {
        const auto next_to = [&](std::string_view row) {
            const auto at = row.find(static_cast<char>(std::tolower(password[i - 1])));
            const auto then = row.find(static_cast<char>(std::tolower(password[i])));
            return at != std::string_view::npos && then != std::string_view::npos &&
                   (then == at + 1 || at == then + 1);
        };
        along += std::any_of(rows.begin(), rows.end(), next_to);
    }
    return along * 3 >= password.size() * 2;
}

}  // namespace

Result<void> check_password(std::string_view password, std::string_view user) {
    if (password.size() < 12 || password.size() > 256) return Error(errors::password_weak, {});
    const std::string letters = letters_of(password);
    std::string name = letters_of(user);
    const bool is_name = name.size() >= 4 && letters.find(name) != std::string::npos &&
                         letters.size() < name.size() + 4;
    const std::set<char> different(password.begin(), password.end());
    if (is_name || different.size() < 5 || is_common(letters) || is_run(password)) {
        return Error(errors::password_guessed, {});
    }
    return {};
}

std::string hash_password(const std::string& password) {
    start_sodium();
    const Turn turn;
    std::array<char, crypto_pwhash_STRBYTES> hash{};
    if (::crypto_pwhash_str_alg(hash.data(), password.data(), password.size(), 2, 64U << 20U,
                                crypto_pwhash_ALG_ARGON2ID13) != 0) {
        throw std::bad_alloc();
    }
    return hash.data();
}

bool is_password(const std::string& hash, const std::string& password) {
    start_sodium();
    const Turn turn;
    return ::crypto_pwhash_str_verify(hash.c_str(), password.data(), password.size()) == 0;
}

std::string random_token() {
    start_sodium();
    std::array<unsigned char, 32> bytes{};
    ::randombytes_buf(bytes.data(), bytes.size());
    std::array<char, sodium_base64_ENCODED_LEN(32, sodium_base64_VARIANT_URLSAFE_NO_PADDING)>
        text{};
    ::sodium_bin2base64(text.data(), text.size(), bytes.data(), bytes.size(),
                        sodium_base64_VARIANT_URLSAFE_NO_PADDING);
    return text.data();
}

}  // namespace watthour::access
