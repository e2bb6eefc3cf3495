// SPDX-License-Identifier: Apache-2.0
#include "tree.hpp"

#include <algorithm>
#include <fnmatch.h>
#include <fstream>
#include <iterator>

namespace watthour::tidy {
namespace fs = std::filesystem;
namespace {

std::string read_text(const fs::path& path) {
    std::ifstream in(path, std::ios::binary);
    return {std::istreambuf_iterator<char>(in), {}};
}

/// The plain patterns of .gitignore: a name or glob, with a '/' before it for the root only.
class Ignored {
public:
    explicit Ignored(const fs::path& root) {
        const std::string text = read_text(root / ".gitignore");
        for (std::string_view line : split_lines(text)) {
            line = trimmed(line);
            if (line.empty() || line.front() == '#') continue;
            if (line.back() == '/') line.remove_suffix(1);
            patterns_.emplace_back(line);
        }
    }

    [[nodiscard]] bool contains(const std::string& path, const std::string& name) const {
        return name == ".git" ||
               std::any_of(patterns_.begin(), patterns_.end(), [&](const auto& pattern) {
                   const bool rooted = pattern.front() == '/';
                   return fnmatch(pattern.c_str() + (rooted ? 1 : 0),
                                  (rooted ? path : name).c_str(), FNM_PATHNAME) == 0;
               });
    }

private:
    std::vector<std::string> patterns_;
};

bool is_binary(std::string_view text) {
    return text.substr(0, 8192).find('\0') != std::string_view::npos;
}

}  // namespace

std::string_view File::room() const {
    if (!under("src/")) return {};
    const std::string_view rest = std::string_view(path).substr(4);
    const auto slash = rest.find('/');
    return slash == std::string_view::npos ? std::string_view{} : rest.substr(0, slash);
}

std::string_view File::name() const { return std::string_view(path).substr(path.rfind('/') + 1); }

std::string_view File::stem() const {
    std::string_view stem = name();
    stem = stem.substr(0, stem.find('.'));
    if (stem.ends_with("_test")) stem.remove_suffix(5);
    return stem;
}

const File* Tree::find(std::string_view path) const {
    const auto found = std::lower_bound(
        files.begin(), files.end(), path,
        [](const File& file, std::string_view wanted) { return file.path < wanted; });
    return found != files.end() && found->path == path ? &*found : nullptr;
}

Tree read_tree(const fs::path& root) {
    Tree tree{root, {}};
    const Ignored ignored(root);
    for (auto entry = fs::recursive_directory_iterator(root);
         entry != fs::recursive_directory_iterator(); ++entry) {
        const std::string path = fs::relative(entry->path(), root).generic_string();
        if (ignored.contains(path, entry->path().filename().string())) {
            entry.disable_recursion_pending();
            continue;
        }
        if (!entry->is_regular_file() || entry->is_symlink()) continue;
        File file{path, read_text(entry->path()), {}};
        if (is_binary(file.text)) continue;
        if (file.is_cpp()) file.cpp = take_apart(file.text);
        tree.files.push_back(std::move(file));
    }
    std::sort(tree.files.begin(), tree.files.end(),
              [](const File& a, const File& b) { return a.path < b.path; });
    return tree;
}

}  // namespace watthour::tidy
