// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "source.hpp"

#include <filesystem>
#include <string>
#include <string_view>
#include <vector>

namespace watthour::tidy {

struct File {
    std::string path;  ///< from the root, with '/'
    std::string text;
    CppText cpp;  ///< filled for .cpp and .hpp only

    [[nodiscard]] bool ends_with(std::string_view end) const { return path.ends_with(end); }
    [[nodiscard]] bool under(std::string_view folder) const { return path.starts_with(folder); }
    [[nodiscard]] bool is_cpp() const { return ends_with(".cpp") || ends_with(".hpp"); }
    [[nodiscard]] bool is_test() const { return under("tests/") || ends_with("_test.cpp"); }
    /// "billing" of src/billing/bill.cpp; empty outside the rooms.
    [[nodiscard]] std::string_view room() const;
    [[nodiscard]] std::string_view name() const;
    /// The name without its ending and without "_test".
    [[nodiscard]] std::string_view stem() const;
};

/// The text files of a source tree, in order of their paths. What .gitignore names is left out.
struct Tree {
    std::filesystem::path root;
    std::vector<File> files;

    [[nodiscard]] const File* find(std::string_view path) const;
};

[[nodiscard]] Tree read_tree(const std::filesystem::path& root);

}  // namespace watthour::tidy
