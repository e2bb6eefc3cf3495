// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "base/result.hpp"
#include "tariff/catalogue.hpp"

#include <map>
#include <string>
#include <vector>

namespace watthour::app {

/// Tariffs from outside the program, and what was not said about them.
struct LoadedTariff {
    tariff::Catalogue catalogue;
    std::vector<std::string> open_questions;  ///< of an import that nobody has answered
};

/// Loads what a path names: a folder of tariffs; a file inside one, with its whole folder; a
/// YAML file that stands alone; or a URDB record, whose schedule is then known as `schedule`.
///
/// Errors: base.file_missing, those of tariff, app.tariff_record_refused.
[[nodiscard]] Result<LoadedTariff> load_tariff(const std::string& path,
                                               const std::string& schedule);

/// All files of a folder of tariffs by their names inside it, in canonical order.
/// Errors: base.file_missing.
[[nodiscard]] Result<tariff::Catalogue> load_tariff_folder(const std::string& folder);

/// The text in the tariff language for a URDB record. Answers decide what it cannot say.
/// Errors: base.file_missing, app.tariff_record_refused with the first problem.
struct ImportedTariff {
    std::string text;
    std::string schedule;
    std::vector<std::pair<std::string, std::string>> asked;  ///< key, and the question with choices
};
[[nodiscard]] Result<ImportedTariff> import_urdb(const std::string& path,
                                                 const std::map<std::string, std::string>& answers);

}  // namespace watthour::app
