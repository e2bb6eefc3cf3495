// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "base/result.hpp"

#include <array>
#include <string>
#include <string_view>

namespace watthour::audit {

/// The key of sealed fields. Kept in a file outside the database, readable by its owner alone.
class FieldKey {
public:
    /// Errors: audit.key_missing, audit.key_malformed.
    [[nodiscard]] static Result<FieldKey> load(const std::string& path);
    /// Reads the file, or makes it with 32 random bytes. Errors: audit.key_malformed.
    [[nodiscard]] static Result<FieldKey> load_or_create(const std::string& path);

    /// AES-256-GCM: nonce, ciphertext and tag. `context` (table, column, row key) is bound in, so
    /// that a sealed value moved to another row does not open.
    [[nodiscard]] std::string seal(std::string_view plain, std::string_view context) const;
    /// Errors: audit.seal_broken.
    [[nodiscard]] Result<std::string> open(std::string_view sealed, std::string_view context) const;

private:
    std::array<unsigned char, 32> key_{};
};

/// "•••6789": all that is shown of a bank account number.
[[nodiscard]] std::string last_four(std::string_view number);

}  // namespace watthour::audit
