// SPDX-License-Identifier: Apache-2.0
#include "rules.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <array>
#include <optional>

namespace watthour::tidy {
namespace {

struct Banned {
    std::string_view type;  ///< ending of a type
    std::string_view word;  ///< the same in a file or function name
    std::string_view instead;
};

constexpr std::array banned = {
    Banned{"Manager", "manager", "name what it keeps: a Store, Book, Queue or Calendar"},
    Banned{"Helper", "helper", "make it a free function, or name the thing that it makes"},
    Banned{"Processor", "processor", "use the trade's verb: Rater, Validator, Poster, Importer"},
    Banned{"Data", "data", "name the record: a Read, Segment, Row or Block"},
    Banned{"Info", "info", "name the facts: an Address, Status, Summary or Terms"},
};

constexpr std::array util_words = {"util",    "utils", "utility_functions",
                                   "helpers", "misc",  "common"};

bool is_util(std::string_view name) {
    return std::find(util_words.begin(), util_words.end(), name) != util_words.end();
}

bool ends_in_word(std::string_view name, std::string_view word) {
    if (!name.ends_with(word)) return false;
    return name.size() == word.size() || name[name.size() - word.size() - 1] == '_';
}

void check_file_name(const File& file, Findings& findings) {
    const auto report = [&](std::string what, std::string_view instead) {
        findings.push_back({file.path, 1, "banned-name", std::move(what), std::string(instead)});
    };
    if (is_util(file.room()))
        report(fmt::format("there is no room {}", file.room()),
               "use the room whose noun it serves");
    if (is_util(file.stem()))
        report(fmt::format("file {} says nothing", file.name()),
               "name the noun or verb that it holds");
    for (const Banned& entry : banned) {
        if (ends_in_word(file.stem(), entry.word)) {
            report(fmt::format("file {} ends in {}", file.name(), entry.word), entry.instead);
        }
    }
}

/// The type that a line of code declares: `class Name`, `enum class Name`, `using Name =`.
std::optional<std::string_view> declared_type(const std::vector<std::string_view>& names,
                                              std::size_t at) {
    constexpr std::array words = {"class", "struct", "union", "enum", "concept", "using"};
    if (at == 0 || std::find(words.begin(), words.end(), names[at - 1]) == words.end())
        return std::nullopt;
    return names[at];
}

void check_identifiers(const File& file, Findings& findings) {
    std::size_t number = 0;
    for (const std::string_view line : split_lines(file.cpp.code)) {
        ++number;
        const auto report = [&](std::string_view name, std::string_view instead) {
            findings.push_back({file.path, number, "banned-name",
                                fmt::format("{} says nothing", name), std::string(instead)});
        };
        const auto names = identifiers(line);
        for (std::size_t at = 0; at < names.size(); ++at) {
            const auto type = declared_type(names, at);
            for (const Banned& entry : banned) {
                // Names of libraries may end so; a type is ours where it is declared.
                const bool of_type =
                    type && type->ends_with(entry.type) &&
                    !(names[at - 1] == "using" && line.find('=') == std::string_view::npos);
                const bool of_name = entry.word.size() > 4 &&
                                     names[at].size() > entry.word.size() &&
                                     ends_in_word(names[at], entry.word);
                if (of_type || of_name) report(names[at], entry.instead);
            }
            if (at > 0 && names[at - 1] == "namespace" && is_util(names[at])) {
                report(names[at], "use the namespace of the room");
            }
        }
    }
}

}  // namespace

void check_names(const Tree& tree, Findings& findings) {
    for (const File& file : tree.files) {
        if (!file.is_cpp()) continue;
        check_file_name(file, findings);
        check_identifiers(file, findings);
    }
}

}  // namespace watthour::tidy
