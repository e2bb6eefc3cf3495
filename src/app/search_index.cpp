// SPDX-License-Identifier: Apache-2.0
#include "app/search_index.hpp"

#include "base/text.hpp"

#include <algorithm>
#include <atomic>
#include <map>
#include <memory>
#include <mutex>

namespace watthour::app {
namespace {

/// The letters of Spanish and their capitals, as UTF-8 writes them after 0xC3.
char plain_letter(unsigned char second) {
    switch (second & 0xDFU) {
        case 0x81: return 'a';
        case 0x89: return 'e';
        case 0x8D: return 'i';
        case 0x91: return 'n';
        case 0x93: return 'o';
        case 0x9A:
        case 0x9C: return 'u';
        default: return 0;
    }
}

std::uint32_t trigram(char a, char b, char c) {
    return static_cast<std::uint32_t>(static_cast<unsigned char>(a)) << 16U |
           static_cast<std::uint32_t>(static_cast<unsigned char>(b)) << 8U |
           static_cast<std::uint32_t>(static_cast<unsigned char>(c));
}

/// With a mark before the word, so that its beginning counts.
std::vector<std::uint32_t> trigrams(const std::string& word) {
    const std::string text = "^" + word;
    std::vector<std::uint32_t> all;
    for (std::size_t i = 0; i + 2 < text.size(); ++i) {
        all.push_back(trigram(text[i], text[i + 1], text[i + 2]));
    }
    std::sort(all.begin(), all.end());
    all.erase(std::unique(all.begin(), all.end()), all.end());
    return all;
}

bool is_number(const std::string& word) {
    return std::all_of(word.begin(), word.end(), [](char c) { return c >= '0' && c <= '9'; });
}

/// Letters to change, add, leave out or swap; more than two are told as three.
int distance(const std::string& a, const std::string& b) {
    if (a.size() > b.size() + 2 || b.size() > a.size() + 2) return 3;
    std::vector<int> before(b.size() + 1);
    std::vector<int> row(b.size() + 1);
    std::vector<int> next(b.size() + 1);
    for (std::size_t j = 0; j <= b.size(); ++j) row[j] = static_cast<int>(j);
    for (std::size_t i = 1; i <= a.size(); ++i) {
        next[0] = static_cast<int>(i);
        for (std::size_t j = 1; j <= b.size(); ++j) {
            const int changed = row[j - 1] + (a[i - 1] == b[j - 1] ? 0 : 1);
            next[j] = std::min({row[j] + 1, next[j - 1] + 1, changed});
            if (i > 1 && j > 1 && a[i - 1] == b[j - 2] && a[i - 2] == b[j - 1]) {
                next[j] = std::min(next[j], before[j - 2] + 1);
            }
        }
        before = row;
        row = next;
    }
    return std::min(row[b.size()], 3);
}

/// How well a typed word is a word of the index; 0 where it is not.
float fit(const std::string& typed, const std::string& word) {
    if (typed == word) return 1.0F;
    if (word.starts_with(typed)) return 0.9F;
    if (is_number(typed)) {
        if (typed.size() >= 3 && word.ends_with(typed)) return 0.85F;
        return typed.size() >= 4 && word.find(typed) != std::string::npos ? 0.7F : 0.0F;
    }
    const int wrong = distance(typed, word);
    if (wrong == 1 && typed.size() >= 4) return 0.8F;
    if (wrong == 2 && typed.size() >= 6) return 0.6F;
    // A beginning with a wrong letter: "acequa" for "acequias".
    if (typed.size() >= 5 && word.size() > typed.size() &&
        distance(typed, word.substr(0, typed.size())) <= 1) {
        return 0.65F;
    }
    return 0.0F;
}

}  // namespace

std::vector<std::string> search_words(std::string_view text) {
    std::vector<std::string> words;
    std::string word;
    const auto finish = [&] {
        if (!word.empty()) words.push_back(std::move(word));
        word.clear();
    };
    for (std::size_t i = 0; i < text.size(); ++i) {
        const auto c = static_cast<unsigned char>(text[i]);
        if (c >= 'A' && c <= 'Z') {
            word += static_cast<char>(c - 'A' + 'a');
        } else if ((c >= 'a' && c <= 'z') || (c >= '0' && c <= '9')) {
            word += static_cast<char>(c);
        } else if (c == 0xC3 && i + 1 < text.size() &&
                   plain_letter(static_cast<unsigned char>(text[i + 1])) != 0) {
            word += plain_letter(static_cast<unsigned char>(text[++i]));
        } else if (c != '\'') {
            finish();
        }
    }
    finish();
    return words;
}

void SearchIndex::add_word(const std::string& word, std::uint32_t document) {
    const auto [at, fresh] = ids_.try_emplace(word, static_cast<WordId>(words_.size()));
    if (fresh) {
        words_.push_back(word);
        documents_of_.emplace_back();
        for (const std::uint32_t gram : trigrams(word)) words_with_[gram].push_back(at->second);
    }
    auto& documents = documents_of_[at->second];
    if (documents.empty() || documents.back() != document) documents.push_back(document);
}

SearchIndex::SearchIndex(std::vector<storage::SearchDocument> documents)
    : documents_(std::move(documents)) {
    for (std::uint32_t i = 0; i < documents_.size(); ++i) {
        const auto& document = documents_[i];
        add_word(customers::account_number(document.account), i);
        for (const std::string* part : {&document.name, &document.street, &document.words}) {
            std::string digits;
            for (const char c : *part) {
                if (c >= '0' && c <= '9') digits += c;
            }
            for (const std::string& word : search_words(*part)) add_word(word, i);
            // A phone is typed with and without its strokes.
            if (part == &document.words && digits.size() >= 7) add_word(digits, i);
        }
    }
}

std::vector<std::pair<SearchIndex::WordId, float>> SearchIndex::likely(
    const std::string& typed) const {
    std::unordered_map<WordId, int> shared;
    auto grams = trigrams(typed);
    if (typed.size() == 2) {
        // Too short for a trigram inside: the beginning alone.
        grams = {trigram('^', typed[0], typed[1])};
    }
    for (const std::uint32_t gram : grams) {
        const auto found = words_with_.find(gram);
        if (found == words_with_.end()) continue;
        for (const WordId word : found->second) ++shared[word];
    }
    std::vector<std::pair<WordId, float>> words;
    for (const auto& [word, count] : shared) {
        const float fits = fit(typed, words_[word]);
        if (fits > 0) words.emplace_back(word, fits);
    }
    return words;
}

std::vector<Found> SearchIndex::find(std::string_view text, std::size_t most) const {
    std::vector<std::string> typed;
    for (std::string& word : search_words(text.substr(0, 200))) {
        if (word.size() >= 2) typed.push_back(std::move(word));
    }
    // "100-0000-0017" and "555 0100" are one number.
    if (typed.size() > 1 && std::all_of(typed.begin(), typed.end(), is_number)) {
        std::string joined;
        for (const std::string& word : typed) joined += word;
        if (joined.size() >= 7) typed = {joined};
    }
    if (typed.empty()) return {};
    std::unordered_map<std::uint32_t, float> scores;
    bool first = true;
    for (const std::string& word : typed) {
        std::unordered_map<std::uint32_t, float> best;
        for (const auto& [id, fits] : likely(word)) {
            for (const std::uint32_t document : documents_of_[id]) {
                float& score = best[document];
                score = std::max(score, fits);
            }
        }
        if (first) {
            scores = std::move(best);
            first = false;
            continue;
        }
        for (auto at = scores.begin(); at != scores.end();) {
            const auto found = best.find(at->first);
            if (found == best.end()) {
                at = scores.erase(at);
            } else {
                at->second += found->second;
                ++at;
            }
        }
    }
    std::vector<std::pair<float, std::uint32_t>> ranked;
    for (const auto& [document, score] : scores) ranked.emplace_back(-score, document);
    std::sort(ranked.begin(), ranked.end());
    if (ranked.size() > most) ranked.resize(most);
    std::vector<Found> found;
    for (const auto& [score, document] : ranked) {
        const auto& one = documents_[document];
        found.push_back({one.account, one.name, one.street,
                         static_cast<double>(-score) / static_cast<double>(typed.size())});
    }
    return found;
}

namespace {

struct Kept {
    std::int64_t version = -1;
    std::shared_ptr<const SearchIndex> index;
};

std::atomic<std::int64_t> contacts_changed{0};

std::shared_ptr<const SearchIndex> index_of(Office& office) {
    static std::mutex mutex;
    static std::map<std::string, Kept> indexes;
    const std::int64_t version = storage::count_accounts(office.database()) + contacts_changed;
    const std::lock_guard<std::mutex> lock(mutex);
    Kept& kept = indexes[office.database().url()];
    if (kept.version != version) {
        kept.index = std::make_shared<SearchIndex>(storage::search_documents(office.database()));
        kept.version = version;
    }
    return kept.index;
}

}  // namespace

std::vector<Found> find_accounts(Office& office, std::string_view words, std::size_t most) {
    std::string_view text = trimmed(words);
    // A bill number begins with its account.
    if (text.size() == 18 && text[11] == '-' &&
        text.find_first_not_of("0123456789-") == std::string_view::npos) {
        text = text.substr(0, 11);
    }
    return index_of(office)->find(text, most);
}

void search_again() { ++contacts_changed; }

}  // namespace watthour::app
