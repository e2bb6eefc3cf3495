// SPDX-License-Identifier: Apache-2.0
#include "words.hpp"

#include "base/text.hpp"
#include "formats/scan_line.hpp"

namespace watthour::scenarios {
namespace {

/// Words of one line; a remark ends it.
std::vector<std::string> words_of(std::string_view line) {
    std::vector<std::string> words;
    for (std::size_t i = 0; i < line.size();) {
        const char c = line[i];
        if (c == ' ' || c == '\t' || c == '\r') {
            ++i;
            continue;
        }
        if (c == '#') break;
        const bool quoted = c == '"';
        const std::size_t from = quoted ? i + 1 : i;
        std::size_t until = line.find_first_of(quoted ? "\"" : " \t\r", from);
        if (quoted && until == std::string_view::npos) throw NotUnderstood("a quote has no end");
        if (until == std::string_view::npos) until = line.size();
        words.emplace_back(line.substr(from, until - from));
        i = quoted ? until + 1 : until;
    }
    return words;
}

void add_statements(int number, const std::vector<std::string>& words,
                    std::vector<Statement>& statements) {
    if (words.empty()) return;
    Statement statement{number, {}, {}};
    for (const std::string& word : words) {
        if (word != ";") {
            statement.words.push_back(word);
            continue;
        }
        statements.push_back(statement);
        statement.words = {words.front()};
    }
    statements.push_back(statement);
}

}  // namespace

std::vector<Statement> read_statements(std::string_view text) {
    std::vector<Statement> statements;
    int number = 0;
    bool in_block = false;
    for (const std::string_view line : split_text(text, '\n')) {
        ++number;
        if (in_block) {
            in_block = trimmed(line) != ">>";
            if (in_block) statements.back().block += std::string(line) + "\n";
            continue;
        }
        auto words = words_of(line);
        if (!words.empty() && words.back() == "<<") {
            words.pop_back();
            in_block = true;
        }
        add_statements(number, words, statements);
    }
    if (in_block) throw NotUnderstood("a block of text has no >>");
    return statements;
}

std::string Words::text(const char* what) {
    if (at_end()) throw NotUnderstood(std::string("here the statement lacks ") + what);
    return statement_.words[next_++];
}

Date Words::date() {
    const std::string word = text("a date");
    const auto date = Date::parse(word);
    if (!date) throw NotUnderstood(date.error().message());
    return *date;
}

Money Words::money() {
    const auto money = Money::parse(text("an amount"));
    if (!money) throw NotUnderstood(money.error().message());
    return *money;
}

Decimal Words::decimal(const char* what) {
    const auto number = Decimal::parse(text(what));
    if (!number) throw NotUnderstood(number.error().message());
    return *number;
}

std::int64_t Words::whole(const char* what) {
    const std::string word = text(what);
    const auto number = parse_integer(word);
    if (!number) throw NotUnderstood(word + " is not a whole number");
    return *number;
}

customers::AccountId Words::account() {
    const std::string word = text("an account number");
    if (word.size() != 11 || !all_digits(word) || !formats::account_number_ok(word)) {
        const bool ten = word.size() > 9 && all_digits(word.substr(0, 10));
        throw NotUnderstood(
            word + " is no account number" +
            (ten ? "; right would be " + formats::with_check_digit(word.substr(0, 10)) : ""));
    }
    return {parse_integer(word).value_or(0)};
}

void Words::literal(std::string_view word) {
    const std::string found = at_end() ? "nothing" : statement_.words[next_];
    if (found != word)
        throw NotUnderstood("expected the word " + std::string(word) + ", found " + found);
    ++next_;
}

bool Words::maybe(std::string_view word) {
    if (at_end() || statement_.words[next_] != word) return false;
    ++next_;
    return true;
}

void Words::done() const {
    if (!at_end())
        throw NotUnderstood("the word " + statement_.words[next_] + " is not known here");
}

}  // namespace watthour::scenarios
