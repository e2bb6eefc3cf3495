// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "base/result.hpp"
#include "tariff/catalogue.hpp"

#include <map>
#include <string>
#include <vector>

namespace watthour::cases {

/// Tariffs from outside the program, and what was not said about them.
struct LoadedTariff {
    tariff::Catalogue catalogue;
    std::vector<std::string> open_questions;  ///< of an import that nobody has answered
};

/// Loads what a path names: a folder of tariffs; a file inside one, with its whole folder; a
/// YAML file that stands alone; or a URDB record, whose schedule is then known as `schedule`.
///
/// Errors: base.file_missing, those of tariff, cases.record_refused.
[[nodiscard]] Result<LoadedTariff> load_tariff(const std::string& path,
                                               const std::string& schedule);

/// Names and texts of a folder of tariffs, in canonical order. Errors: base.file_missing.
[[nodiscard]] Result<std::vector<std::pair<std::string, std::string>>> tariff_texts(
    const std::string& folder);

/// All files of a folder of tariffs by their names inside it. Errors: as tariff::load_catalogue.
[[nodiscard]] Result<tariff::Catalogue> load_tariff_folder(const std::string& folder);

/// The text in the tariff language for a URDB record. Answers decide what it cannot say.
/// Errors: base.file_missing, cases.record_refused with the first problem.
struct ImportedTariff {
    std::string text;
    std::string schedule;
    std::vector<std::pair<std::string, std::string>> asked;  ///< key, and the question with choices
};
[[nodiscard]] Result<ImportedTariff> import_urdb(const std::string& path,
                                                 const std::map<std::string, std::string>& answers);

}  // namespace watthour::cases
