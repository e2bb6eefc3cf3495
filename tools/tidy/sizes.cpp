// SPDX-License-Identifier: Apache-2.0
#include "rules.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <array>

namespace watthour::tidy {
namespace {

constexpr std::size_t file_limit = 800;
constexpr std::size_t function_limit = 70;

enum class Brace { scope, function, other };

struct Open {
    Brace kind = Brace::other;
    std::size_t line = 1;
    std::string head;  ///< the text before the brace, since the last ; or brace
};

/// Preprocessor lines, with their continuations, are blank.
std::string without_directives(std::string_view code) {
    std::string plain;
    bool continues = false;
    for (const std::string_view line : split_lines(code)) {
        const bool directive = continues || trimmed(line).starts_with('#');
        continues = directive && trimmed(line).ends_with('\\');
        if (!directive) plain += line;
        plain += '\n';
    }
    return plain;
}

/// Cuts `template <...>` and attributes from the front, and the name of an operator, whose
/// signs would look like an assignment.
std::string simple_head(std::string_view head) {
    std::string text(trimmed(head));
    for (bool cut = true; cut;) {
        cut = false;
        for (const std::string_view label : {"public:", "private:", "protected:"}) {
            if (text.starts_with(label))
                text = trimmed(std::string_view(text).substr(label.size())), cut = true;
        }
        if (text.starts_with("[[") && text.find("]]") != std::string::npos) {
            text = trimmed(std::string_view(text).substr(text.find("]]") + 2)), cut = true;
        }
        if (!text.starts_with("template")) continue;
        int depth = 0;
        for (std::size_t at = text.find('<'); at < text.size(); ++at) {
            depth += text[at] == '<' ? 1 : text[at] == '>' ? -1 : 0;
            if (depth > 0) continue;
            text = trimmed(std::string_view(text).substr(at + 1)), cut = true;
            break;
        }
    }
    if (const auto at = text.find("operator"); at != std::string::npos) {
        const auto parenthesis = text.find('(', at + 8);
        text.replace(at, parenthesis == std::string::npos ? parenthesis : parenthesis - at,
                     "operator_");
    }
    return text;
}

/// The place of a lone '=' outside parentheses.
std::size_t assignment(std::string_view text) {
    int depth = 0;
    for (std::size_t at = 0; at < text.size(); ++at) {
        const char c = text[at];
        if (c == '(' || c == '[') ++depth;
        if (c == ')' || c == ']') --depth;
        if (c != '=' || depth > 0) continue;
        const char before = at > 0 ? text[at - 1] : ' ';
        const char after = at + 1 < text.size() ? text[at + 1] : ' ';
        if (after == '=') {
            ++at;
        } else if (before != '<' && before != '>' && before != '!') {
            return at;
        }
    }
    return std::string_view::npos;
}

bool is_type_scope(std::string_view head) {
    constexpr std::array words = {"class", "struct", "union", "enum"};
    const auto names = identifiers(head);
    const auto first = std::find_if(names.begin(), names.end(),
                                    [](std::string_view name) { return name != "typedef"; });
    return first != names.end() && std::find(words.begin(), words.end(), *first) != words.end();
}

Brace classify(std::string_view raw_head) {
    const std::string head = simple_head(raw_head);
    const auto names = identifiers(head);
    if (names.empty()) return Brace::other;
    if (std::find(names.begin(), names.end(), "namespace") != names.end()) return Brace::scope;
    if (names.front() == "extern" && head.find('(') == std::string::npos) return Brace::scope;
    if (const auto equals = assignment(head); equals != std::string::npos) {
        // A named lambda counts as a function; any other initialiser is a table.
        const std::string_view value = trimmed(std::string_view(head).substr(equals + 1));
        return value.starts_with('[') ? Brace::function : Brace::other;
    }
    if (is_type_scope(head) && !head.ends_with(')')) return Brace::scope;
    return head.find('(') == std::string::npos ? Brace::other : Brace::function;
}

std::string function_name(std::string_view raw_head) {
    const std::string head = simple_head(raw_head);
    const auto names = identifiers(std::string_view(head).substr(0, head.find('(')));
    return names.empty() ? "a function" : std::string(names.back());
}

class FunctionMeter {
public:
    FunctionMeter(const File& file, Findings& findings)
        : file_(file), findings_(findings), code_(without_directives(file.cpp.code)) {}

    void measure() {
        for (at_ = 0; at_ < code_.size(); ++at_) take(code_[at_]);
    }

private:
    void take(char c) {
        if (c == '\n') ++line_;
        if (c == '{') return open();
        if (c == '}') return close();
        if (in_function_ > 0) return;
        if (c == '(') ++parentheses_;
        if (c == ')' && parentheses_ > 0) --parentheses_;
        if (c == ';' && parentheses_ == 0) {
            head_.clear();
        } else {
            head_ += c;
        }
    }

    void open() {
        Brace kind = Brace::other;
        if (in_function_ == 0 && parentheses_ == 0 && !in_table()) kind = classify(head_);
        if (kind == Brace::function || in_function_ > 0) ++in_function_;
        stack_.push_back({kind, line_, head_});
        if (kind == Brace::scope) head_.clear();
    }

    void close() {
        if (stack_.empty()) return;
        const Open opened = std::move(stack_.back());
        stack_.pop_back();
        if (in_function_ > 0) --in_function_;
        if (in_function_ > 0) return;
        if (opened.kind == Brace::function && !continues()) report(opened);
        if (opened.kind == Brace::scope || (opened.kind == Brace::function && !continues())) {
            head_.clear();
        } else {
            head_ = opened.head + " ";  // an initialiser: what follows belongs to the same head
        }
    }

    [[nodiscard]] bool in_table() const {
        return !stack_.empty() && stack_.back().kind == Brace::other;
    }

    // `: first_{1}, second_{2} {` : the braces of member initialisers are followed by more head.
    [[nodiscard]] bool continues() const {
        const auto next = code_.find_first_not_of(" \t\n", at_ + 1);
        return next != std::string::npos && (code_[next] == ',' || code_[next] == '{');
    }

    void report(const Open& opened) {
        const std::size_t lines = line_ > opened.line ? line_ - opened.line - 1 : 0;
        if (lines <= function_limit) return;
        findings_.push_back({file_.path, opened.line, "function-size",
                             fmt::format("{} holds {} lines, more than {}",
                                         function_name(opened.head), lines, function_limit),
                             "name its steps and make each a function"});
    }

    const File& file_;
    Findings& findings_;
    std::string code_;
    std::size_t at_ = 0;
    std::size_t line_ = 1;
    int parentheses_ = 0;
    int in_function_ = 0;
    std::string head_;
    std::vector<Open> stack_;
};

bool is_generated(const File& file) {
    return std::string_view(file.text).substr(0, 300).find("Generated by") !=
           std::string_view::npos;
}

bool is_measured(const File& file) {
    return (file.under("src/") || file.under("tools/")) && file.is_cpp() && !file.is_test() &&
           !is_generated(file);
}

}  // namespace

void check_file_sizes(const Tree& tree, Findings& findings) {
    for (const File& file : tree.files) {
        if (!is_measured(file)) continue;
        const std::size_t lines = split_lines(file.text).size();
        if (lines <= file_limit) continue;
        findings.push_back({file.path, file_limit + 1, "file-size",
                            fmt::format("{} lines, more than {}", lines, file_limit),
                            "split it by noun; most files are 60 to 250 lines"});
    }
}

void check_function_sizes(const Tree& tree, Findings& findings) {
    for (const File& file : tree.files) {
        if (is_measured(file)) FunctionMeter(file, findings).measure();
    }
}

}  // namespace watthour::tidy
