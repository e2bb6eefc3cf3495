// SPDX-License-Identifier: Apache-2.0
#include "base/digest.hpp"

#include "base/check.hpp"
#include "base/ids.hpp"

#include <openssl/evp.h>
#include <openssl/sha.h>

#include <array>
#include <string>

namespace watthour {
namespace {

using Digest = std::array<unsigned char, SHA256_DIGEST_LENGTH>;

Digest sha256(std::string_view bytes) {
    Digest digest{};
    SHA256(reinterpret_cast<const unsigned char*>(bytes.data()), bytes.size(), digest.data());
    return digest;
}

std::string hex_of(const Digest& digest) {
    constexpr std::string_view digits = "0123456789abcdef";
    std::string hex;
    for (const unsigned char byte : digest) {
        hex.push_back(digits[byte >> 4]);
        hex.push_back(digits[byte & 15]);
    }
    return hex;
}

}  // namespace

std::string sha256_hex(std::string_view bytes) { return hex_of(sha256(bytes)); }

struct Sha256::State {
    std::unique_ptr<EVP_MD_CTX, decltype(&EVP_MD_CTX_free)> context{EVP_MD_CTX_new(),
                                                                    &EVP_MD_CTX_free};
};

Sha256::Sha256() : state_(std::make_unique<State>()) {
    WH_CHECK(EVP_DigestInit_ex(state_->context.get(), EVP_sha256(), nullptr) == 1,
             "the cryptographic library has no SHA-256");
}

Sha256::~Sha256() = default;

void Sha256::add(std::string_view bytes) {
    WH_CHECK(EVP_DigestUpdate(state_->context.get(), bytes.data(), bytes.size()) == 1,
             "the cryptographic library refused bytes");
}

std::string Sha256::hex() {
    Digest digest{};
    WH_CHECK(EVP_DigestFinal_ex(state_->context.get(), digest.data(), nullptr) == 1,
             "the cryptographic library gave no digest");
    return hex_of(digest);
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
