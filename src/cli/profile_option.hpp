// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "app/office.hpp"
#include "cli/terminal.hpp"

#include <string>
#include <vector>

namespace watthour::cli {

/// The text of a mapping that an option names: that of a file, else a remembered one.
/// Errors: app.profile_unknown, app.profile_retired, base.file_missing.
[[nodiscard]] Result<std::string> profile_text_of(app::Office& office, const std::string& named);
/// The same where no database is open yet; it is opened for a remembered one alone.
[[nodiscard]] Result<std::string> profile_text_of(const Common& common, const std::string& named);

/// A mapping with what a person changes in it, each as "what=value".
/// Errors: cli: formats.profile_malformed.
[[nodiscard]] Result<std::string> changed_profile(const std::string& text,
                                                  const std::vector<std::string>& changes);
/// What can be changed, for the help of an option.
[[nodiscard]] std::string changes_help();

}  // namespace watthour::cli
