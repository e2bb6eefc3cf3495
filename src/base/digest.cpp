// SPDX-License-Identifier: Apache-2.0
#include "base/digest.hpp"

#include "base/ids.hpp"

#include <openssl/sha.h>

#include <array>
#include <string>

namespace watthour {
namespace {

std::array<unsigned char, SHA256_DIGEST_LENGTH> sha256(std::string_view bytes) {
    std::array<unsigned char, SHA256_DIGEST_LENGTH> digest{};
    SHA256(reinterpret_cast<const unsigned char*>(bytes.data()), bytes.size(), digest.data());
    return digest;
}

}  // namespace

std::string sha256_hex(std::string_view bytes) {
    constexpr std::string_view digits = "0123456789abcdef";
    std::string hex;
    for (const unsigned char byte : sha256(bytes)) {
        hex.push_back(digits[byte >> 4]);
        hex.push_back(digits[byte & 15]);
    }
    return hex;
}

std::int64_t id_from_key(std::string_view kind, std::string_view key) {
    std::string joined(kind);
    joined.push_back('|');
    joined.append(key);
    const auto digest = sha256(joined);
    std::uint64_t bits = 0;
    for (std::size_t i = 0; i < 8; ++i) bits = (bits << 8) | digest[i];
    bits >>= 1;
    return bits == 0 ? 1 : static_cast<std::int64_t>(bits);
}

}  // namespace watthour
