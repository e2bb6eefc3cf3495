// SPDX-License-Identifier: Apache-2.0
#include "access/second_factor.hpp"

#include "base/check.hpp"

#include <fmt/format.h>
#include <openssl/evp.h>
#include <openssl/hmac.h>

#include <array>
#include <sodium.h>

namespace watthour::access {
namespace {

constexpr std::int64_t seconds_of_step = 30;

}  // namespace

std::string new_factor_secret() {
    WH_CHECK(::sodium_init() >= 0, "libsodium does not start");
    std::string secret(20, '\0');
    ::randombytes_buf(secret.data(), secret.size());
    return secret;
}

std::string base32(std::string_view bytes) {
    constexpr std::string_view letters = "ABCDEFGHIJKLMNOPQRSTUVWXYZ234567";
    std::string text;
    std::uint32_t held = 0;
    unsigned bits = 0;
    for (const char byte : bytes) {
        held = (held << 8U) | static_cast<unsigned char>(byte);
        bits += 8;
        while (bits >= 5) {
            bits -= 5;
            text += letters[(held >> bits) & 31U];
        }
    }
    if (bits > 0) text += letters[(held << (5 - bits)) & 31U];
    return text;
}

std::string factor_code(std::string_view secret, std::int64_t step) {
    std::array<unsigned char, 8> counter{};
    for (std::size_t i = 0; i < counter.size(); ++i) {
        counter[counter.size() - 1 - i] =
            static_cast<unsigned char>(static_cast<std::uint64_t>(step) >> (8 * i));
    }
    std::array<unsigned char, EVP_MAX_MD_SIZE> digest{};
    unsigned size = 0;
    ::HMAC(::EVP_sha1(), secret.data(), static_cast<int>(secret.size()), counter.data(),
           counter.size(), digest.data(), &size);
    const std::size_t at = digest[size - 1] & 15U;
    const std::uint32_t number = (std::uint32_t{digest[at]} & 127U) << 24U |
                                 std::uint32_t{digest[at + 1]} << 16U |
                                 std::uint32_t{digest[at + 2]} << 8U | digest[at + 3];
    return fmt::format("{:06}", number % 1'000'000);
}

std::optional<std::int64_t> matching_step(std::string_view secret, std::string_view code,
                                          std::int64_t now, std::int64_t last_step) {
    const std::int64_t step = now / seconds_of_step;
    std::optional<std::int64_t> found;
    for (const std::int64_t one : {step - 1, step, step + 1}) {
        const std::string wanted = factor_code(secret, one);
        const bool same = code.size() == wanted.size() &&
                          ::sodium_memcmp(code.data(), wanted.data(), wanted.size()) == 0;
        if (same && one > last_step) found = one;
    }
    return found;
}

}  // namespace watthour::access
