// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "base/digest.hpp"
#include "storage/database.hpp"

#include <string>

namespace watthour::storage {

/// SHA-256 over rows, each value with its kind and length before it, so that no two rows look
/// alike. The same rows give the same digest on every engine.
class RowDigest {
public:
    /// Columns `from` up to `until` of the row at hand.
    void add(const Statement& row, int from, int until);
    [[nodiscard]] std::int64_t rows() const { return rows_; }
    /// Said once.
    [[nodiscard]] std::string hex() { return hash_.hex(); }

private:
    Sha256 hash_;
    std::string row_;
    std::int64_t rows_ = 0;
};

}  // namespace watthour::storage
