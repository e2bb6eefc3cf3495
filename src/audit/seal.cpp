// SPDX-License-Identifier: Apache-2.0
#include "audit/seal.hpp"

#include "audit/errors.hpp"
#include "base/digest.hpp"
#include "base/text.hpp"

#include <fmt/format.h>

namespace watthour::audit {

std::string chained(std::string_view head_before, const Seal& seal) {
    return sha256_hex(fmt::format("{}\n{}\n{}\n{}\n{}\n{}\n", head_before, seal.day.to_string(),
                                  seal.table, seal.columns, seal.rows, seal.sha256));
}

std::string to_line(const Anchor& anchor) {
    return fmt::format("{} {} {}\n", anchor.day.to_string(), anchor.seals, anchor.head);
}

Result<std::vector<Anchor>> read_anchors(const std::string& text, const std::string& path) {
    std::vector<Anchor> anchors;
    std::int64_t number = 0;
    for (const std::string_view line : split_text(text, '\n')) {
        ++number;
        if (line.empty()) continue;
        const auto words = split_text(line, ' ');
        const auto day = words.size() == 3 ? Date::parse(words[0]) : Date::parse("");
        const auto seals = words.size() == 3 ? parse_integer(words[1]) : std::nullopt;
        if (!day || !seals || words[2].size() != first_head.size()) {
            return Error(errors::anchor_malformed,
                         {{"path", path}, {"line", std::to_string(number)}});
        }
        anchors.push_back({*day, *seals, std::string(words[2])});
    }
    return anchors;
}

std::vector<std::string> broken_links(const std::vector<Seal>& chain,
                                      const std::vector<Anchor>& anchors) {
    std::vector<std::string> broken;
    std::string_view head = first_head;
    for (const Seal& seal : chain) {
        if (chained(head, seal) != seal.head) {
            broken.push_back(fmt::format("the seal of {} over {} does not follow the one before",
                                         seal.day.to_string(), seal.table));
        }
        head = seal.head;
    }
    for (const Anchor& anchor : anchors) {
        const auto seals = static_cast<std::size_t>(anchor.seals);
        const bool met = seals <= chain.size() &&
                         (seals == 0 || chain[seals - 1].head == anchor.head) &&
                         (seals == chain.size() || chain[seals].day > anchor.day);
        if (!met) {
            broken.push_back(
                fmt::format("the chain does not meet the anchor of {}: {} seals, head {}",
                            anchor.day.to_string(), anchor.seals, anchor.head.substr(0, 12)));
        }
    }
    return broken;
}

}  // namespace watthour::audit
