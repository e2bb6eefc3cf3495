// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "base/problem.hpp"

#include <algorithm>
#include <cstdlib>
#include <filesystem>
#include <fstream>
#include <iterator>
#include <string>
#include <vector>

/// Sample files for the tests of this room; tests run in the source root.
namespace watthour::formats {

/// How many random files a test writes and reads back: `usual`, or what WATTHOUR_RANDOM_FILES says
/// (`./test --extended`: 100,000).
inline int random_files(int usual) {
    const char* told = std::getenv("WATTHOUR_RANDOM_FILES");
    return told == nullptr ? usual : std::max(usual, std::atoi(told));
}

inline std::string sample_text(const std::string& path) {
    std::ifstream in("tests/formats/" + path, std::ios::binary);
    return {std::istreambuf_iterator<char>(in), std::istreambuf_iterator<char>()};
}

inline std::vector<std::string> sample_names(const std::string& folder) {
    std::vector<std::string> names;
    for (const auto& entry : std::filesystem::directory_iterator("tests/formats/" + folder)) {
        const std::string extension = entry.path().extension().string();
        if (entry.is_regular_file() && extension != ".md" && extension != ".tsv") {
            names.push_back(folder + "/" + entry.path().filename().string());
        }
    }
    std::sort(names.begin(), names.end());
    return names;
}

inline std::vector<std::vector<std::string>> table_rows(const std::string& path) {
    std::vector<std::vector<std::string>> rows;
    std::ifstream in("tests/formats/" + path);
    std::string line;
    while (std::getline(in, line)) {
        std::vector<std::string>& row = rows.emplace_back(1);
        for (const char c : line) {
            if (c == '\t') {
                row.emplace_back();
            } else {
                row.back().push_back(c);
            }
        }
    }
    return rows;
}

inline bool has_rule(const Problems& problems, const std::string& rule, std::int64_t line) {
    return std::any_of(problems.begin(), problems.end(), [&](const Problem& problem) {
        return problem.rule == rule && problem.line == line;
    });
}

}  // namespace watthour::formats
