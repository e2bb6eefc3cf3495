// SPDX-License-Identifier: Apache-2.0
#include "audit/sealed_field.hpp"

#include "audit/errors.hpp"
#include "base/files.hpp"

#include <openssl/evp.h>
#include <openssl/rand.h>

#include <filesystem>
#include <memory>
#include <sys/stat.h>

namespace watthour::audit {
namespace {

constexpr std::size_t nonce_size = 12;
constexpr std::size_t tag_size = 16;

using Cipher = std::unique_ptr<EVP_CIPHER_CTX, decltype(&EVP_CIPHER_CTX_free)>;

const unsigned char* bytes_of(std::string_view text) {
    return reinterpret_cast<const unsigned char*>(text.data());
}

unsigned char* bytes_of(std::string& text) { return reinterpret_cast<unsigned char*>(text.data()); }

void must(int answer) { WH_CHECK(answer == 1, "the cryptographic library refused a call"); }

}  // namespace

Result<FieldKey> FieldKey::load_or_create(const std::string& path) {
    std::error_code ignored;
    if (!std::filesystem::exists(path, ignored)) {
        std::string fresh(32, '\0');
        must(RAND_bytes(bytes_of(fresh), 32));
        keep_file(path, fresh);
        ::chmod(path.c_str(), 0600);
    }
    return load(path);
}

Result<FieldKey> FieldKey::load(const std::string& path) {
    std::error_code ignored;
    if (!std::filesystem::exists(path, ignored)) {
        return Error(errors::key_missing, {{"path", path}});
    }
    TRY(const std::string bytes, read_file(path));
    if (bytes.size() != 32) return Error(errors::key_malformed, {{"path", path}});
    FieldKey key;
    std::copy(bytes.begin(), bytes.end(), key.key_.begin());
    return key;
}

std::string FieldKey::seal(std::string_view plain, std::string_view context) const {
    std::string sealed(nonce_size + plain.size() + tag_size, '\0');
    must(RAND_bytes(bytes_of(sealed), nonce_size));
    const Cipher cipher(EVP_CIPHER_CTX_new(), EVP_CIPHER_CTX_free);
    int length = 0;
    must(EVP_EncryptInit_ex(cipher.get(), EVP_aes_256_gcm(), nullptr, key_.data(),
                            bytes_of(sealed)));
    must(EVP_EncryptUpdate(cipher.get(), nullptr, &length, bytes_of(context),
                           static_cast<int>(context.size())));
    must(EVP_EncryptUpdate(cipher.get(), bytes_of(sealed) + nonce_size, &length, bytes_of(plain),
                           static_cast<int>(plain.size())));
    must(EVP_EncryptFinal_ex(cipher.get(), bytes_of(sealed) + nonce_size + plain.size(), &length));
    must(EVP_CIPHER_CTX_ctrl(cipher.get(), EVP_CTRL_GCM_GET_TAG, static_cast<int>(tag_size),
                             bytes_of(sealed) + nonce_size + plain.size()));
    return sealed;
}

Result<std::string> FieldKey::open(std::string_view sealed, std::string_view context) const {
    const Error broken(errors::seal_broken, {{"context", std::string(context)}});
    if (sealed.size() < nonce_size + tag_size) return broken;
    const std::size_t size = sealed.size() - nonce_size - tag_size;
    std::string plain(size, '\0');
    std::string tag(sealed.substr(nonce_size + size));
    const Cipher cipher(EVP_CIPHER_CTX_new(), EVP_CIPHER_CTX_free);
    int length = 0;
    must(EVP_DecryptInit_ex(cipher.get(), EVP_aes_256_gcm(), nullptr, key_.data(),
                            bytes_of(sealed)));
    must(EVP_DecryptUpdate(cipher.get(), nullptr, &length, bytes_of(context),
                           static_cast<int>(context.size())));
    must(EVP_DecryptUpdate(cipher.get(), bytes_of(plain), &length, bytes_of(sealed) + nonce_size,
                           static_cast<int>(size)));
    must(EVP_CIPHER_CTX_ctrl(cipher.get(), EVP_CTRL_GCM_SET_TAG, static_cast<int>(tag_size),
                             bytes_of(tag)));
    if (EVP_DecryptFinal_ex(cipher.get(), bytes_of(plain) + size, &length) != 1) return broken;
    return plain;
}

std::string last_four(std::string_view number) {
    const std::size_t shown = number.size() > 4 ? 4 : 0;
    return "•••" + std::string(number.substr(number.size() - shown));
}

}  // namespace watthour::audit
