// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "base/json.hpp"
#include "base/words.hpp"

#include <initializer_list>
#include <string>
#include <string_view>
#include <type_traits>
#include <utility>

namespace watthour::worklist {

/// A value of a sentence: text as it is, a sentence within the sentence, or a list of either.
struct ToldValue {
    template <typename Value>
    ToldValue(std::string_view hole, Value&& given) : name(hole) {
        if constexpr (std::is_convertible_v<Value, std::string_view>) {
            value = json::string(std::string_view(given));
        } else {
            value = json::value(std::forward<Value>(given));
        }
    }

    std::string_view name;
    json::value value;
};

/// A sentence that any reader gets in their language: a key of the catalogue `words/` and what
/// fills its holes. A key or a hole that is not there is a Defect, so it shows where it is written.
/// Source: decision 0019.
[[nodiscard]] json::object tell(std::string_view key, std::initializer_list<ToldValue> values = {});
/// Some days: "on 2026-06-09", "from 2026-06-09 to 2026-06-11"; both are ISO dates, the last of the
/// days included.
[[nodiscard]] json::object tell_days(const std::string& first, const std::string& last);

/// Sentences as they are stored, one text. Parts that are plain text are what a person wrote.
[[nodiscard]] std::string stored(json::object sentence);
[[nodiscard]] std::string stored(json::array sentences);
/// The sentences of a stored text with one more; a text of before stays in front as it is.
[[nodiscard]] std::string stored_with(const std::string& text, json::value sentence);

/// A stored text in the words of a language, its sentences with a blank between. What was stored as
/// plain text, before decision 0019 or by a person, is given as it is. Never fails: what this
/// program has no words for is shown with its values.
[[nodiscard]] std::string in_words(const std::string& text, Language language);

}  // namespace watthour::worklist
