// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstddef>
#include <string>
#include <string_view>
#include <vector>

namespace watthour::tidy {

struct Literal {
    std::size_t line = 1;  ///< where it begins
    std::string text;      ///< between the quotes, escapes as written
};

/// C++ text taken apart. Code and comments keep the line breaks of the file, so that line
/// numbers agree; the text of strings is blank in `code`.
struct CppText {
    std::string code;
    std::string comments;
    std::vector<Literal> literals;
};

[[nodiscard]] CppText take_apart(std::string_view text);

[[nodiscard]] std::vector<std::string_view> split_lines(std::string_view text);

[[nodiscard]] std::vector<std::string> split_words(std::string_view text);

[[nodiscard]] std::string_view trimmed(std::string_view text);

[[nodiscard]] inline bool is_word_char(char c) {
    return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9') || c == '_';
}

/// The identifiers and numbers of a line, in order.
[[nodiscard]] std::vector<std::string_view> identifiers(std::string_view line);

}  // namespace watthour::tidy
