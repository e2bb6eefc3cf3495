// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstdint>
#include <functional>
#include <map>
#include <optional>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

namespace watthour {

/// The languages in which a customer may be spoken to. Source: R4.35.
enum class Language { english, spanish };

/// "en" or "es".
[[nodiscard]] std::optional<Language> parse_language(std::string_view code);
[[nodiscard]] std::string_view language_code(Language language);

/// What fills the holes of a text: name and value.
using Fillings = std::vector<std::pair<std::string_view, std::string>>;

/// The words of one language, from the catalogue `words/` embedded in the program. A missing
/// key or hole is a Defect: the unit test compares the catalogues, so it never reaches a customer.
class Words {
public:
    /// The catalogue of a language; loaded once, safe from many threads.
    [[nodiscard]] static const Words& of(Language language);

    [[nodiscard]] Language language() const { return language_; }
    [[nodiscard]] bool has(std::string_view key) const;
    /// The text of a key that has one form.
    [[nodiscard]] std::string_view text(std::string_view key) const;
    /// The text with its holes filled: "Due by {date}".
    [[nodiscard]] std::string filled(std::string_view key, const Fillings& fillings) const;
    /// The plural form that fits n, `{n}` filled with n grouped by thousands. CLDR categories:
    /// English one, other; Spanish one, many (whole millions), other.
    [[nodiscard]] std::string counted(std::string_view key, std::int64_t n) const;
    /// The plural form alone.
    [[nodiscard]] std::string_view plural(std::string_view key, std::int64_t n) const;

    struct Entry {
        std::string text;                          ///< empty when the key has plural forms
        std::map<std::string, std::string> forms;  ///< by category
    };
    /// All keys, for the test of the catalogues.
    [[nodiscard]] const std::map<std::string, Entry, std::less<>>& entries() const {
        return entries_;
    }

private:
    Words(Language language, std::string_view file);
    [[nodiscard]] const Entry& entry(std::string_view key) const;

    Language language_;
    std::map<std::string, Entry, std::less<>> entries_;
};

/// Digits in groups of three: -1234567 as "-1,234,567", in both languages (es-US).
[[nodiscard]] std::string group_digits(std::int64_t n);

}  // namespace watthour
