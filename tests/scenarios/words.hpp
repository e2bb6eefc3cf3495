// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "base/decimal.hpp"
#include "calendar/date.hpp"
#include "customers/account.hpp"
#include "money/money.hpp"

#include <stdexcept>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

namespace watthour::scenarios {

/// A word that the language does not know, or one that is missing.
class NotUnderstood : public std::runtime_error {
    using std::runtime_error::runtime_error;
};

/// One statement: where it stands, its words, and the lines of text it brings along.
struct Statement {
    int line = 0;
    std::vector<std::string> words;
    std::string block;
};

/// Cuts a scenario into statements: `#` begins a remark, `"..."` is one word, `;` begins another
/// statement with the same first word, and `<<` takes the lines up to `>>` along.
[[nodiscard]] std::vector<Statement> read_statements(std::string_view text);

/// Reads a statement's words from left to right; every word must be used.
class Words {
public:
    explicit Words(const Statement& statement) : statement_(statement) {}

    [[nodiscard]] std::string text(const char* what);
    [[nodiscard]] Date date();
    [[nodiscard]] Money money();
    [[nodiscard]] Decimal decimal(const char* what);
    [[nodiscard]] std::int64_t whole(const char* what);
    /// An account number with a right check digit.
    [[nodiscard]] customers::AccountId account();
    /// The word must stand here.
    void literal(std::string_view word);
    /// Takes the word when it stands here.
    [[nodiscard]] bool maybe(std::string_view word);
    [[nodiscard]] bool at_end() const { return next_ == statement_.words.size(); }
    [[nodiscard]] std::size_t left() const { return statement_.words.size() - next_; }
    void done() const;
    [[nodiscard]] const std::string& block() const { return statement_.block; }

private:
    const Statement& statement_;
    std::size_t next_ = 0;
};

}  // namespace watthour::scenarios
