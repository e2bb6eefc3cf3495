// SPDX-License-Identifier: Apache-2.0
#include "base/words.hpp"

#include "base/check.hpp"
#include "base/embedded.hpp"
#include "base/json.hpp"

#include <array>
#include <span>

namespace watthour {

namespace words_files {
std::span<const EmbeddedFile> files();
}  // namespace words_files

namespace {

std::string fill(std::string_view text, const Fillings& fillings) {
    std::string out;
    out.reserve(text.size() + 32);
    while (!text.empty()) {
        const std::size_t open = text.find('{');
        out += text.substr(0, open);
        if (open == std::string_view::npos) break;
        const std::size_t close = text.find('}', open);
        WH_CHECK(close != std::string_view::npos, "hole without an end");
        const std::string_view name = text.substr(open + 1, close - open - 1);
        bool found = false;
        for (const auto& [hole, value] : fillings) {
            if (hole != name) continue;
            out += value;
            found = true;
        }
        WH_CHECK(found, "nothing fills the hole " + std::string(name));
        text.remove_prefix(close + 1);
    }
    return out;
}

std::string_view category(Language language, std::int64_t n) {
    if (n == 1) return "one";
    if (language == Language::spanish && n != 0 && n % 1'000'000 == 0) return "many";
    return "other";
}

}  // namespace

std::optional<Language> parse_language(std::string_view code) {
    if (code == "en") return Language::english;
    if (code == "es") return Language::spanish;
    return std::nullopt;
}

std::string_view language_code(Language language) {
    return language == Language::spanish ? "es" : "en";
}

const Words& Words::of(Language language) {
    static const std::array<Words, 2> all{Words(Language::english, "en.json"),
                                          Words(Language::spanish, "es.json")};
    return language == Language::spanish ? all[1] : all[0];
}

Words::Words(Language language, std::string_view file) : language_(language) {
    for (const EmbeddedFile& embedded : words_files::files()) {
        if (embedded.name != file) continue;
        const auto parsed = parse_json(embedded.text, embedded.name);
        for (const auto& [key, value] : parsed.value().as_object()) {
            Entry entry;
            if (value.is_string()) {
                entry.text = std::string(value.as_string());
            } else {
                for (const auto& [form, text] : value.as_object())
                    entry.forms.emplace(std::string(form), std::string(text.as_string()));
            }
            entries_.emplace(std::string(key), std::move(entry));
        }
    }
    WH_CHECK(!entries_.empty(), "no words in " + std::string(file));
}

const Words::Entry& Words::entry(std::string_view key) const {
    const auto found = entries_.find(key);
    WH_CHECK(found != entries_.end(), "no words for " + std::string(key));
    return found->second;
}

bool Words::has(std::string_view key) const { return entries_.find(key) != entries_.end(); }

std::string_view Words::text(std::string_view key) const {
    const Entry& found = entry(key);
    WH_CHECK(found.forms.empty(), std::string(key) + " has plural forms");
    return found.text;
}

std::string Words::filled(std::string_view key, const Fillings& fillings) const {
    return fill(text(key), fillings);
}

std::string_view Words::plural(std::string_view key, std::int64_t n) const {
    const Entry& found = entry(key);
    const auto form = found.forms.find(std::string(category(language_, n)));
    WH_CHECK(form != found.forms.end(), std::string(key) + " has no plural form that fits");
    return form->second;
}

std::string Words::counted(std::string_view key, std::int64_t n) const {
    return fill(plural(key, n), {{"n", group_digits(n)}});
}

std::string group_digits(std::int64_t n) {
    std::string out = std::to_string(n);
    const std::size_t first = n < 0 ? 1 : 0;
    for (std::size_t at = out.size(); at > first + 3;) {
        at -= 3;
        out.insert(at, ",");
    }
    return out;
}

}  // namespace watthour
