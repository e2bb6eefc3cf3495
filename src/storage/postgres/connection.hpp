// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "storage/engine.hpp"

namespace watthour::storage::postgres {

/// Connects to the database of a URL; nothing where the server has no such database.
/// Errors: storage.server_unreachable.
[[nodiscard]] Result<std::unique_ptr<Connection>> open(const std::string& url);

/// Whether the server has the database. Errors: storage.server_unreachable.
[[nodiscard]] Result<bool> exists(const std::string& url);

/// Makes the database of a URL. Errors: storage.server_unreachable, storage.database_not_made.
[[nodiscard]] Result<void> create(const std::string& url);

/// A URL fit to be shown.
[[nodiscard]] std::string without_password(const std::string& url);

/// The name of the database inside a URL; empty when it names none.
[[nodiscard]] std::string name_in(const std::string& url);

}  // namespace watthour::storage::postgres
