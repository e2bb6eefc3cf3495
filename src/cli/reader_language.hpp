// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "base/words.hpp"
#include "cli/terminal.hpp"

#include <string>

namespace watthour::cli {

/// The language in which evidence is told: --lang, else WATTHOUR_LANG, else English.
inline void add_language(CLI::App& command, std::string& into) {
    command.add_option("--lang", into, "Language of evidence and next steps: en or es")
        ->envname("WATTHOUR_LANG")
        ->check(CLI::IsMember({"en", "es"}));
}

[[nodiscard]] inline Language language_named(const std::string& code) {
    return parse_language(code).value_or(Language::english);
}

}  // namespace watthour::cli
