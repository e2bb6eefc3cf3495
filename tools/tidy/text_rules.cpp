// SPDX-License-Identifier: Apache-2.0
#include "rules.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <array>

namespace watthour::tidy {
namespace {

constexpr std::array money_rooms = {"money",   "quantity", "tariff",      "usage",    "rating",
                                    "billing", "ledger",   "receivables", "payments", "metering"};

/// `tidy: allow double (reason)` with a reason.
bool allows_double(std::string_view comment) {
    constexpr std::string_view mark = "tidy: allow double (";
    const auto at = comment.find(mark);
    if (at == std::string_view::npos) return false;
    const auto reason = comment.substr(at + mark.size());
    return !trimmed(reason.substr(0, reason.find(')'))).empty();
}

bool has_hash_comments(const File& file) {
    return file.ends_with(".cmake") || file.ends_with(".sh") || file.ends_with(".yaml") ||
           file.ends_with(".yml") || file.name() == "CMakeLists.txt" || file.text.starts_with("#!");
}

/// The comments of a file, line by line; nothing for files of other kinds.
std::string comments_of(const File& file) {
    if (file.is_cpp()) return file.cpp.comments;
    std::string comments;
    const std::string_view mark = has_hash_comments(file)  ? "#"
                                  : file.ends_with(".sql") ? "--"
                                                           : "";
    if (mark.empty()) return comments;
    for (const std::string_view line : split_lines(file.text)) {
        const auto at = line.find(mark);
        if (at != std::string_view::npos) comments += line.substr(at);
        comments += '\n';
    }
    return comments;
}

bool has_word(std::string_view line, std::string_view word) {
    const auto names = identifiers(line);
    return std::find(names.begin(), names.end(), word) != names.end();
}

/// TODO (#12) or TODO(#12).
bool names_issue(std::string_view line) {
    std::string_view rest = trimmed(line.substr(line.find("TODO") + 4));
    return rest.size() > 2 && rest.starts_with("(#") && rest[2] >= '0' && rest[2] <= '9';
}

/// What names a machine or a server of packages. The texts are cut so that this file is clean.
constexpr std::array machine_marks = {
    "/wo"
    "rk/",
    "/ro"
    "ot/",
    ".lib"
    "rary/",
    "../sha"
    "red",
    "registry.np"
    "mjs",
    "deb.deb"
    "ian.org",
    "security.deb"
    "ian.org",
    "py"
    "pi.org",
    "pythonhost"
    "ed.org",
    "static.crates"
    ".io",
    "proxy.gol"
    "ang.org",
};

bool stands_alone(std::string_view line, std::size_t at) {
    // An address such as example.org + path, or a folder within another, is no path of a machine.
    return line[at] != '/' || at == 0 ||
           !(is_word_char(line[at - 1]) || line[at - 1] == '.' || line[at - 1] == '}');
}

}  // namespace

void check_doubles(const Tree& tree, Findings& findings) {
    for (const File& file : tree.files) {
        const bool money =
            std::find(money_rooms.begin(), money_rooms.end(), file.room()) != money_rooms.end();
        if (!money || !file.is_cpp()) continue;
        const auto code = split_lines(file.cpp.code);
        const auto comments = split_lines(file.cpp.comments);
        for (std::size_t at = 0; at < code.size(); ++at) {
            if (!has_word(code[at], "double") && !has_word(code[at], "float")) continue;
            if (file.room() == "metering" && allows_double(comments[at])) continue;
            findings.push_back({file.path, at + 1, "double-in-money",
                                fmt::format("floating point in room {}", file.room()),
                                file.room() == "metering"
                                    ? "use Decimal or Energy, or say // tidy: allow double (reason)"
                                    : "use Money, Decimal or Energy, which are exact"});
        }
    }
}

void check_leftovers(const Tree& tree, Findings& findings) {
    for (const File& file : tree.files) {
        const std::string comments = comments_of(file);
        std::size_t number = 0;
        for (const std::string_view line : split_lines(comments)) {
            ++number;
            const auto report = [&](std::string_view word, std::string_view instead) {
                findings.push_back({file.path, number, "leftover",
                                    fmt::format("{} is left in a comment", word),
                                    std::string(instead)});
            };
            for (const std::string_view word : {"FIX"
                                                "ME",
                                                "XX"
                                                "X"}) {
                if (has_word(line, word))
                    report(word, "mend it now, or open an issue and name it: TODO (#12)");
            }
            if (has_word(line, "TODO") && !names_issue(line)) {
                report("a TODO without its issue", "name the issue: TODO (#12)");
            }
        }
    }
}

void check_spdx(const Tree& tree, Findings& findings) {
    for (const File& file : tree.files) {
        const bool slashes = file.is_cpp();
        const bool script = file.ends_with(".sh") || file.text.starts_with("#!");
        const bool hash = script || file.ends_with(".cmake") || file.name() == "CMakeLists.txt";
        if (!slashes && !hash) continue;
        const auto lines = split_lines(file.text);
        const std::size_t at = file.text.starts_with("#!") ? 1 : 0;
        const std::string wanted =
            std::string(slashes ? "//" : "#") + " SPDX-License-Identifier: Apache-2.0";
        if (lines.size() > at && lines[at] == wanted) continue;
        findings.push_back({file.path, at + 1, "spdx", "the licence line is missing",
                            fmt::format("begin with \"{}\"", wanted)});
    }
}

void check_machine_paths(const Tree& tree, Findings& findings) {
    for (const File& file : tree.files) {
        std::size_t number = 0;
        for (const std::string_view line : split_lines(file.text)) {
            ++number;
            for (const std::string_view mark : machine_marks) {
                const auto at = line.find(mark);
                if (at == std::string_view::npos || !stands_alone(line, at)) continue;
                findings.push_back({file.path, number, "machine-path",
                                    fmt::format("\"{}\" belongs to one machine", mark),
                                    "write a path from the root of the project, or leave it out"});
            }
        }
    }
}

Findings check_all(const Tree& tree) {
    Findings findings;
    for (const auto check :
         {check_room_arrows, check_listed_files, check_file_sizes, check_function_sizes,
          check_names, check_doubles, check_sql_place, check_sql_movable, check_leftovers,
          check_spdx, check_machine_paths, check_capabilities}) {
        check(tree, findings);
    }
    sort_findings(findings);
    return findings;
}

}  // namespace watthour::tidy
