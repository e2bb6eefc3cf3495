// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "storage/engine.hpp"

namespace watthour::storage::sqlite {

/// Opens a file, made where it is missing: WAL, synchronous=FULL, foreign keys on.
[[nodiscard]] std::unique_ptr<Connection> open(const std::string& path);

}  // namespace watthour::storage::sqlite
