// SPDX-License-Identifier: Apache-2.0
#include "cli/print_answer.hpp"

#include "cli/terminal.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <vector>

namespace watthour::cli {

std::string cell_text(const json::value& value) {
    if (value.is_string()) return std::string(value.get_string());
    if (value.is_null()) return "-";
    return to_text(value);
}

void print_table(const json::array& rows) {
    if (rows.empty()) {
        say("(no rows)");
        return;
    }
    std::vector<std::string> names;
    std::vector<std::size_t> widths;
    for (const auto& [key, value] : rows.front().get_object()) {
        names.emplace_back(key);
        widths.push_back(key.size());
    }
    for (const auto& row : rows) {
        std::size_t column = 0;
        for (const auto& [key, value] : row.get_object()) {
            widths[column] = std::max(widths[column], cell_text(value).size());
            ++column;
        }
    }
    const auto print = [&](const auto& cell_of) {
        std::string line;
        for (std::size_t i = 0; i < names.size(); ++i) {
            const std::string text = cell_of(i);
            const bool number = !text.empty() &&
                                text.find_first_not_of("0123456789.-") == std::string::npos &&
                                text.find('.') != std::string::npos;
            line += number ? fmt::format("{:>{}}  ", text, widths[i])
                           : fmt::format("{:<{}}  ", text, widths[i]);
        }
        say(line);
    };
    print([&](std::size_t i) { return names[i]; });
    for (const auto& row : rows) {
        print([&](std::size_t i) { return cell_text(row.get_object().at(names[i])); });
    }
}

void print_answer(const json::value& answer) {
    if (!answer.is_object()) {
        say(cell_text(answer));
        return;
    }
    for (const auto& [name, value] : answer.as_object()) {
        const bool table =
            value.is_array() && !value.as_array().empty() && value.as_array().front().is_object();
        // Where a page ends is nothing to a person: all pages were read.
        if (table || name == "has_more" || name == "cursor") continue;
        if (name == "items") {
            say("Nothing.");
            continue;
        }
        say(fmt::format("{}: {}", std::string_view(name), cell_text(value)));
    }
    for (const auto& [name, value] : answer.as_object()) {
        const bool table =
            value.is_array() && !value.as_array().empty() && value.as_array().front().is_object();
        if (!table) continue;
        if (name != "items") say(std::string(std::string_view(name)) + ":");
        print_table(value.as_array());
    }
}

}  // namespace watthour::cli
