// SPDX-License-Identifier: Apache-2.0
#include "worklist/told.hpp"

#include "base/check.hpp"

namespace watthour::worklist {
namespace {

constexpr std::string_view key_name = "say";
/// How every stored text begins that is sentences; nothing that people write does.
constexpr std::string_view stored_begin = "[{\"say\":";
/// Sentences within sentences.
constexpr int deepest = 8;

std::string words_of(const json::value& value, const Words& words, int depth);

/// What the program has no words for: the values alone.
std::string bare(const json::object& sentence, const Words& words, int depth) {
    std::string text;
    for (const auto& [name, value] : sentence) {
        if (!text.empty()) text += name == key_name ? "" : ", ";
        text += words_of(value, words, depth);
    }
    return text;
}

std::string filled(std::string_view text, const json::object& sentence, const Words& words,
                   int depth) {
    std::string out;
    while (!text.empty()) {
        const std::size_t open = text.find('{');
        out += text.substr(0, open);
        if (open == std::string_view::npos) break;
        const std::size_t close = text.find('}', open);
        if (close == std::string_view::npos) break;
        const auto* value = sentence.if_contains(text.substr(open + 1, close - open - 1));
        out += value == nullptr ? "?" : words_of(*value, words, depth);
        text.remove_prefix(close + 1);
    }
    return out;
}

std::string words_of(const json::value& value, const Words& words, int depth) {
    if (value.is_string()) return std::string(value.as_string());
    if (value.is_array()) {
        std::string list;
        for (const json::value& one : value.as_array()) {
            if (!list.empty()) list += "; ";
            list += depth == 0 ? "?" : words_of(one, words, depth - 1);
        }
        return list;
    }
    if (!value.is_object()) return to_text(value);
    const json::object& sentence = value.as_object();
    const auto* key = sentence.if_contains(key_name);
    if (key == nullptr || !key->is_string() || depth == 0) return to_text(value);
    const std::string_view name(key->as_string());
    if (!words.has(name)) return bare(sentence, words, depth - 1);
    return filled(words.text(name), sentence, words, depth - 1);
}

}  // namespace

json::object tell(std::string_view key, std::initializer_list<ToldValue> values) {
    json::object sentence{{key_name, key}};
    for (const auto& [name, value] : values) sentence[name] = value;
    const std::string_view text = Words::of(Language::english).text(key);
    for (std::size_t at = text.find('{'); at != std::string_view::npos;
         at = text.find('{', at + 1)) {
        const auto hole = text.substr(at + 1, text.find('}', at) - at - 1);
        WH_CHECK(sentence.contains(hole),
                 "nothing fills " + std::string(hole) + " of " + std::string(key));
    }
    return sentence;
}

json::object tell_days(const std::string& first, const std::string& last) {
    if (first == last) return tell("told.on_day", {{"day", first}});
    return tell("told.from_to", {{"from", first}, {"to", last}});
}

std::string stored(json::object sentence) {
    json::array sentences;
    sentences.push_back(std::move(sentence));
    return to_text(sentences);
}

std::string stored(json::array sentences) {
    WH_CHECK(!sentences.empty() && sentences.front().is_object(),
             "a stored text begins with a sentence");
    return to_text(sentences);
}

std::string stored_with(const std::string& text, json::value sentence) {
    json::array sentences;
    if (text.starts_with(stored_begin)) {
        if (auto parsed = parse_json(text, "told")) sentences = std::move(parsed->as_array());
    }
    if (sentences.empty()) sentences.push_back(tell("told.plain", {{"text", text}}));
    sentences.push_back(std::move(sentence));
    return to_text(sentences);
}

std::string in_words(const std::string& text, Language language) {
    if (!text.starts_with(stored_begin)) return text;
    const auto parsed = parse_json(text, "told");
    if (!parsed || !parsed->is_array()) return text;
    std::string out;
    for (const json::value& sentence : parsed->as_array()) {
        if (!out.empty()) out += ' ';
        out += words_of(sentence, Words::of(language), deepest);
    }
    return out;
}

}  // namespace watthour::worklist
