// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "base/result.hpp"

#include <string>
#include <string_view>

namespace watthour {

/// The bytes of a file. Errors: base.file_missing; an unreadable one throws EnvironmentError.
[[nodiscard]] Result<std::string> read_file(const std::string& path);

/// Writes a file so that it is either whole or absent: a temporary beside it, synced, renamed.
/// Makes the folders above it. Throws EnvironmentError (exit code 74) when the disk refuses.
void write_file(const std::string& path, std::string_view bytes);

/// write_file for what nothing else holds: when it returns, a power cut cannot take the file's name
/// back either, since its folder is synced too.
void keep_file(const std::string& path, std::string_view bytes);

}  // namespace watthour
