// SPDX-License-Identifier: Apache-2.0
#include "access/password.hpp"

#include "access/errors.hpp"
#include "base/check.hpp"

#include <array>
#include <mutex>
#include <new>
#include <semaphore>
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

}  // namespace

Result<void> check_password(std::string_view password) {
    if (password.size() < 12 || password.size() > 256) return Error(errors::password_weak, {});
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
