// SPDX-License-Identifier: Apache-2.0
#include "source.hpp"

#include <algorithm>
#include <sstream>
#include <utility>

namespace watthour::tidy {
namespace {

/// Walks once over the text and sends each character to code, comment or literal.
class Splitter {
public:
    explicit Splitter(std::string_view text) : text_(text) {}

    CppText split() {
        while (at_ < text_.size()) {
            if (starts("//")) {
                take_comment(text_.find('\n', at_));
            } else if (starts("/*")) {
                const auto end = text_.find("*/", at_ + 2);
                take_comment(end == std::string_view::npos ? end : end + 2);
            } else if (starts("R\"") && !after_word()) {
                take_raw_string();
            } else if (text_[at_] == '"') {
                take_quoted('"');
            } else if (text_[at_] == '\'' && !after_word()) {
                take_quoted('\'');
            } else {
                to_code(text_[at_++]);
            }
        }
        return std::move(parts_);
    }

private:
    [[nodiscard]] bool starts(std::string_view mark) const {
        return text_.substr(at_, mark.size()) == mark;
    }

    // 1'000 is a number, uR"(" a string: what stands before decides.
    [[nodiscard]] bool after_word() const { return at_ > 0 && is_word_char(text_[at_ - 1]); }

    void to_code(char c) {
        parts_.code += c;
        parts_.comments += c == '\n' ? '\n' : ' ';
        if (c == '\n') ++line_;
    }

    void to_comment(char c) {
        parts_.comments += c;
        parts_.code += c == '\n' ? '\n' : ' ';
        if (c == '\n') ++line_;
    }

    void take_comment(std::size_t end) {
        for (end = std::min(end, text_.size()); at_ < end; ++at_) to_comment(text_[at_]);
    }

    void take_raw_string() {
        const auto open = text_.find('(', at_);
        if (open == std::string_view::npos) return to_code(text_[at_++]);
        const std::string close = ")" + std::string(text_.substr(at_ + 2, open - at_ - 2)) + "\"";
        const auto end = std::min(text_.find(close, open), text_.size());
        parts_.literals.push_back({line_, std::string(text_.substr(open + 1, end - open - 1))});
        to_code('"');
        for (++at_; at_ < end; ++at_) to_code(text_[at_] == '\n' ? '\n' : ' ');
        at_ = std::min(end + close.size(), text_.size());
        to_code('"');
    }

    void take_quoted(char quote) {
        const std::size_t line = line_;
        std::string literal;
        to_code(text_[at_++]);
        while (at_ < text_.size() && text_[at_] != quote && text_[at_] != '\n') {
            const std::size_t step = text_[at_] == '\\' && at_ + 1 < text_.size() ? 2 : 1;
            for (std::size_t i = 0; i < step; ++i, ++at_) {
                literal += text_[at_];
                to_code(text_[at_] == '\n' ? '\n' : ' ');
            }
        }
        if (at_ < text_.size() && text_[at_] == quote) to_code(text_[at_++]);
        if (quote == '"') parts_.literals.push_back({line, std::move(literal)});
    }

    std::string_view text_;
    std::size_t at_ = 0;
    std::size_t line_ = 1;
    CppText parts_;
};

}  // namespace

CppText take_apart(std::string_view text) { return Splitter(text).split(); }

std::vector<std::string_view> split_lines(std::string_view text) {
    std::vector<std::string_view> lines;
    while (!text.empty()) {
        const auto end = text.find('\n');
        lines.push_back(text.substr(0, end));
        if (end == std::string_view::npos) break;
        text.remove_prefix(end + 1);
    }
    return lines;
}

std::vector<std::string> split_words(std::string_view text) {
    std::istringstream stream{std::string(text)};
    std::vector<std::string> words;
    for (std::string word; stream >> word;) words.push_back(word);
    return words;
}

std::string_view trimmed(std::string_view text) {
    constexpr std::string_view blank = " \t\r\n";
    const auto from = text.find_first_not_of(blank);
    if (from == std::string_view::npos) return {};
    return text.substr(from, text.find_last_not_of(blank) - from + 1);
}

std::vector<std::string_view> identifiers(std::string_view line) {
    std::vector<std::string_view> found;
    for (std::size_t at = 0; at < line.size();) {
        std::size_t end = at;
        while (end < line.size() && is_word_char(line[end])) ++end;
        if (end > at) found.push_back(line.substr(at, end - at));
        at = end > at ? end : at + 1;
    }
    return found;
}

}  // namespace watthour::tidy
