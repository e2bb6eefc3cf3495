// SPDX-License-Identifier: Apache-2.0
#include "rules.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <map>
#include <optional>
#include <set>

namespace watthour::tidy {
namespace {

constexpr std::string_view arrows_file = "tools/tidy/rooms.txt";
constexpr std::string_view map_file = "src/CMakeLists.txt";

struct Arrows {
    std::vector<std::string> order;
    std::map<std::string, std::set<std::string>, std::less<>> allowed;

    [[nodiscard]] std::optional<std::size_t> place(std::string_view room) const {
        const auto found = std::find(order.begin(), order.end(), room);
        if (found == order.end()) return std::nullopt;
        return static_cast<std::size_t>(found - order.begin());
    }
};

void allow(Arrows& arrows, const std::string& room, const std::string& word) {
    std::set<std::string>& allowed = arrows.allowed[room];
    const auto here = std::find(arrows.order.begin(), arrows.order.end(), room);
    if (word == "*") {
        allowed.insert(arrows.order.begin(), here);
    } else if (word == "@primitives") {
        allowed.insert({"money", "calendar", "quantity"});
    } else if (word == "@domain") {
        const auto from = std::find(arrows.order.begin(), here, "access");
        const auto last = std::find(from, here, "collections");
        allowed.insert(from, last);
        allowed.insert("collections");
    } else {
        allowed.insert(word);
    }
}

Arrows read_arrows(const File& file, Findings& findings) {
    Arrows arrows;
    std::size_t number = 0;
    for (std::string_view line : split_lines(file.text)) {
        ++number;
        line = trimmed(line.substr(0, line.find('#')));
        const auto colon = line.find(':');
        if (line.empty() || colon == std::string_view::npos) continue;
        const std::string room(line.substr(0, colon));
        arrows.order.push_back(room);
        for (const std::string& word : split_words(line.substr(colon + 1))) {
            allow(arrows, room, word);
        }
        for (const std::string& used : arrows.allowed[room]) {
            if (arrows.place(used)) continue;
            findings.push_back(
                {file.path, number, "room-arrow",
                 fmt::format("{} may include {}, which does not stand above it", room, used),
                 "move the row, or take the arrow out"});
        }
        arrows.allowed[room].insert({"base", room});
    }
    return arrows;
}

struct Place {
    const File* file = nullptr;
    std::size_t line = 1;
};

struct RoomInMap {
    std::string name;
    Place place;
    std::vector<std::pair<std::string, std::size_t>> uses;  ///< with their line
};

/// The rooms of src/CMakeLists.txt in order; include(room/file.cmake) is followed.
class MapReader {
public:
    explicit MapReader(const Tree& tree) : tree_(tree) {}

    std::vector<RoomInMap> read() {
        if (const File* file = tree_.find(map_file)) take(*file);
        return std::move(rooms_);
    }

private:
    void take(const File& file) {
        bool in_uses = false;
        std::size_t number = 0;
        for (std::string_view line : split_lines(file.text)) {
            ++number;
            line = trimmed(line.substr(0, line.find('#')));
            if (line.starts_with("include(")) {
                const std::string name(line.substr(8, line.find(')') - 8));
                if (const File* part = tree_.find("src/" + name)) take(*part);
                continue;
            }
            std::string spaced(line);
            std::replace(spaced.begin(), spaced.end(), '(', ' ');
            std::replace(spaced.begin(), spaced.end(), ')', ' ');
            auto words = split_words(spaced);
            if (line.starts_with("watthour_room(") && words.size() > 1) {
                rooms_.push_back({words[1], {&file, number}, {}});
                words.erase(words.begin(), words.begin() + 2);
                in_uses = false;
            }
            for (const std::string& word : words) {
                if (is_keyword(word)) {
                    in_uses = word == "USES" && !rooms_.empty();
                } else if (in_uses) {
                    rooms_.back().uses.emplace_back(word, number);
                }
            }
            if (line.ends_with(')')) in_uses = false;
        }
    }

    static bool is_keyword(std::string_view word) {
        return std::all_of(word.begin(), word.end(), [](char c) { return c >= 'A' && c <= 'Z'; });
    }

    const Tree& tree_;
    std::vector<RoomInMap> rooms_;
};

void check_map(const Tree& tree, const Arrows& arrows, Findings& findings) {
    std::size_t last = 0;
    std::string before;
    for (const RoomInMap& room : MapReader(tree).read()) {
        const std::string& path = room.place.file->path;
        const auto place = arrows.place(room.name);
        if (!place) {
            findings.push_back({path, room.place.line, "room-arrow",
                                fmt::format("room {} is not in {}", room.name, arrows_file),
                                "give it a row there, at its place in the order"});
            continue;
        }
        if (*place < last) {
            findings.push_back({path, room.place.line, "room-arrow",
                                fmt::format("room {} stands below {}", room.name, before),
                                fmt::format("keep the order of {}", arrows_file)});
        }
        last = std::max(last, *place);
        before = arrows.order[last];
        for (const auto& [used, line] : room.uses) {
            if (arrows.allowed.find(room.name)->second.contains(used)) continue;
            findings.push_back({path, line, "room-arrow",
                                fmt::format("room {} may not use {}", room.name, used),
                                fmt::format("take it out of USES, or see {}", arrows_file)});
        }
    }
}

/// "billing" of `#include "billing/bill.hpp"`.
std::optional<std::string_view> included_room(std::string_view line) {
    line = trimmed(line);
    if (!line.starts_with("#")) return std::nullopt;
    line = trimmed(line.substr(1));
    if (!line.starts_with("include")) return std::nullopt;
    line = trimmed(line.substr(7));
    const auto slash = line.find('/');
    if (!line.starts_with('"') || slash == std::string_view::npos) return std::nullopt;
    return line.substr(1, slash - 1);
}

void check_includes(const File& file, const Arrows& arrows, Findings& findings) {
    const auto& allowed = arrows.allowed.find(file.room())->second;
    std::size_t number = 0;
    for (const std::string_view line : split_lines(file.text)) {
        ++number;
        const auto used = included_room(line);
        if (!used || allowed.contains(std::string(*used))) continue;
        const auto here = arrows.place(file.room());
        const auto there = arrows.place(*used);
        if (!there) {
            findings.push_back({file.path, number, "room-arrow",
                                fmt::format("\"{}/\" is no room", *used),
                                "include a room's header, or a library in <>"});
        } else {
            findings.push_back(
                {file.path, number, "room-arrow",
                 fmt::format("{} may not include {}{}", file.room(), *used,
                             *there > *here ? ", which stands below it" : ""),
                 "move the value to a room that both may include, or write a decision record"});
        }
    }
}

/// Every word of the files that list sources of a room.
std::set<std::string, std::less<>> listed_words(const Tree& tree) {
    std::set<std::string, std::less<>> listed;
    for (const File& file : tree.files) {
        if (!file.under("src/") || !(file.name() == "CMakeLists.txt" || file.ends_with(".cmake"))) {
            continue;
        }
        const std::string folder = file.path.substr(4, file.path.size() - 4 - file.name().size());
        std::string text = file.text;
        std::replace(text.begin(), text.end(), '(', ' ');
        std::replace(text.begin(), text.end(), ')', ' ');
        for (const std::string& word : split_words(text)) {
            listed.insert(word);
            listed.insert(folder + word);
        }
    }
    return listed;
}

}  // namespace

void check_room_arrows(const Tree& tree, Findings& findings) {
    const File* table = tree.find(arrows_file);
    if (!table) {
        findings.push_back({std::string(arrows_file), 1, "room-arrow",
                            "the table of rooms is missing",
                            "write the rooms in order, with what each may include"});
        return;
    }
    const Arrows arrows = read_arrows(*table, findings);
    std::set<std::string_view> unlisted;
    for (const File& file : tree.files) {
        const std::string_view room = file.room();
        if (room.empty()) continue;
        if (arrows.place(room)) {
            if (file.is_cpp()) check_includes(file, arrows, findings);
        } else if (unlisted.insert(room).second) {
            findings.push_back({file.path, 1, "room-arrow",
                                fmt::format("src/{} is not a room of {}", room, arrows_file),
                                "put the file in the room whose noun it holds"});
        }
    }
    check_map(tree, arrows, findings);
}

void check_listed_files(const Tree& tree, Findings& findings) {
    const auto listed = listed_words(tree);
    for (const File& file : tree.files) {
        if (file.room().empty() || !file.is_cpp() || listed.contains(file.path.substr(4))) continue;
        findings.push_back({file.path, 1, "unlisted-file", "no CMake file of src names it",
                            fmt::format("list it in its room in {}, or delete it", map_file)});
    }
}

}  // namespace watthour::tidy
