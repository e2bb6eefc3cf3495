// SPDX-License-Identifier: Apache-2.0
#include "rules.hpp"

#include <fmt/format.h>

#include <regex>
#include <set>

namespace watthour::tidy {
namespace {

struct Listed {
    std::set<std::string> ids;
    std::set<std::string> behind_rules;  ///< those whose row names the rules that rest on them
};

/// The first column of every table in docs/sources.md.
Listed listed_sources(const Tree& tree) {
    static const std::regex rule(R"(\bR\d+\.\d+)");
    Listed listed;
    const File* file = tree.find("docs/sources.md");
    if (!file) return listed;
    for (const std::string_view line : split_lines(file->text)) {
        if (!line.starts_with('|')) continue;
        const std::string id(trimmed(line.substr(1, line.find('|', 1) - 1)));
        if (id.empty() || id == "id" || id.front() == '-' || id.front() == ':') continue;
        listed.ids.insert(id);
        if (std::regex_search(line.begin(), line.end(), rule)) listed.behind_rules.insert(id);
    }
    return listed;
}

/// Rules and decision records are sources as well.
void add_rules_and_decisions(const Tree& tree, std::set<std::string>& known) {
    if (const File* rules = tree.find("docs/rules.tsv")) {
        for (const std::string_view line : split_lines(rules->text)) {
            known.emplace(trimmed(line.substr(0, line.find('\t'))));
        }
    }
    for (const File& file : tree.files) {
        if (file.under("docs/decisions/"))
            known.insert("ADR-" + std::string(file.name().substr(0, 4)));
    }
}

/// The text after `Source:`, with the comment lines that continue it.
std::string statement(const std::vector<std::string_view>& comments, std::size_t at) {
    std::string text(comments[at].substr(comments[at].find("Source:") + 7));
    for (std::size_t next = at + 1; next < comments.size(); ++next) {
        std::string_view line = trimmed(comments[next]);
        while (line.starts_with('/')) line.remove_prefix(1);
        line = trimmed(line);
        const auto words = split_words(line);
        if (words.empty() || words.front().ends_with(':')) break;
        text += " " + std::string(line);
    }
    return text;
}

std::set<std::string> ids_in(const std::string& text) {
    static const std::regex id(R"(\b(R\d+\.\d+|[A-Z][A-Z0-9]+(-[A-Z0-9]+(\.\d+)*)*)\b)");
    static const std::regex quoted(R"("[^"]*")");
    const std::string plain = std::regex_replace(text, quoted, "");
    return {std::sregex_token_iterator(plain.begin(), plain.end(), id, 1),
            std::sregex_token_iterator()};
}

}  // namespace

SourceReport report_sources(const Tree& tree) {
    const Listed listed = listed_sources(tree);
    std::set<std::string> known = listed.ids;
    add_rules_and_decisions(tree, known);
    SourceReport report;
    for (const File& file : tree.files) {
        if (!file.under("src/") || !file.is_cpp()) continue;
        const auto comments = split_lines(file.cpp.comments);
        for (std::size_t at = 0; at < comments.size(); ++at) {
            if (comments[at].find("Source:") == std::string_view::npos) continue;
            const std::string text = statement(comments, at);
            bool named = false;
            for (const std::string& id : ids_in(text)) {
                named = named || known.contains(id);
                if (known.contains(id)) continue;
                report.unknown.push_back(
                    {file.path, at + 1, "source", fmt::format("{} is not listed", id),
                     "add it to docs/sources.md, or name the id that is there"});
            }
            if (!named) {
                report.unknown.push_back(
                    {file.path, at + 1, "source",
                     fmt::format("\"{}\" names no listed id", trimmed(text)),
                     "name an id of docs/sources.md, a rule or a decision record"});
            }
        }
    }
    sort_findings(report.unknown);
    for (const std::string& id : listed.ids) {
        bool used = listed.behind_rules.contains(id);
        for (const File& file : tree.files) {
            used =
                used || (file.path != "docs/sources.md" && file.text.find(id) != std::string::npos);
        }
        if (!used) report.unused.push_back(id);
    }
    return report;
}

}  // namespace watthour::tidy
