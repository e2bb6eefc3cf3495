// SPDX-License-Identifier: Apache-2.0
// How long the search takes among 100,000 accounts, half heard, against reading through all of
// them word by word. Both are checked to find the account that is meant.
#include "app/search_index.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <chrono>
#include <random>
#include <string>
#include <vector>

namespace {

using namespace watthour;
using Watch = std::chrono::steady_clock;

constexpr int accounts = 100'000;

std::string made_word(std::mt19937& random, int syllables) {
    constexpr const char* parts[] = {"ba", "ce", "di", "fo", "gu", "la", "me", "ni", "po",  "ru",
                                     "sa", "te", "vi", "zo", "ar", "en", "is", "ol", "tra", "mar"};
    std::string word;
    for (int i = 0; i < syllables; ++i) word += parts[random() % std::size(parts)];
    return word;
}

std::vector<storage::SearchDocument> city(std::mt19937& random) {
    std::vector<std::string> first;
    std::vector<std::string> last;
    std::vector<std::string> streets;
    for (int i = 0; i < 400; ++i) first.push_back(made_word(random, 2));
    for (int i = 0; i < 6000; ++i) last.push_back(made_word(random, 3));
    for (int i = 0; i < 900; ++i) streets.push_back(made_word(random, 3));
    std::vector<storage::SearchDocument> documents;
    for (int i = 0; i < accounts; ++i) {
        documents.push_back(
            {{10'000'000'000 + i},
             first[random() % first.size()] + " " + last[random() % last.size()],
             fmt::format("{} {} street", 1 + random() % 9000, streets[random() % streets.size()]),
             fmt::format("+1-555-{:04} V{:06}", random() % 10000, i)});
    }
    return documents;
}

/// Two words of the account, one letter of one of them wrong.
std::string half_heard(const storage::SearchDocument& document, std::mt19937& random) {
    const auto name = app::search_words(document.name);
    const auto street = app::search_words(document.street);
    std::string heard = name.back();
    heard[1 + random() % (heard.size() - 1)] = 'x';
    return heard + " " + street[1] + " " + street[0];
}

bool reads_through(const std::vector<storage::SearchDocument>& documents, const std::string& text,
                   customers::AccountId wanted) {
    const auto words = app::search_words(text);
    bool found = false;
    for (const auto& document : documents) {
        const std::string all = document.name + " " + document.street + " " + document.words;
        std::size_t fits = 0;
        for (const auto& word : words) fits += all.find(word) != std::string::npos;
        found = found || (fits + 1 >= words.size() && document.account == wanted);
    }
    return found;
}

}  // namespace

int main() {
    std::mt19937 random(11);
    const auto documents = city(random);
    const auto begin = Watch::now();
    const app::SearchIndex index(documents);
    const std::chrono::duration<double> built = Watch::now() - begin;
    std::vector<double> times;
    std::vector<double> through;
    int right = 0;
    constexpr int questions = 500;
    for (int i = 0; i < questions; ++i) {
        const auto& meant = documents[random() % documents.size()];
        const std::string text = half_heard(meant, random);
        const auto from = Watch::now();
        const auto found = index.find(text, 20);
        const std::chrono::duration<double, std::milli> took = Watch::now() - from;
        times.push_back(took.count());
        right += std::any_of(found.begin(), found.end(),
                             [&](const auto& one) { return one.account == meant.account; });
        if (i % 25 != 0) continue;
        const auto walk = Watch::now();
        if (!reads_through(documents, text, meant.account)) return 1;
        const std::chrono::duration<double, std::milli> walked = Watch::now() - walk;
        through.push_back(walked.count());
    }
    std::sort(times.begin(), times.end());
    std::sort(through.begin(), through.end());
    const double median = times[times.size() / 2];
    fmt::print("{} accounts, index made in {:.2f} s\n", accounts, built.count());
    fmt::print("half heard: median {:.2f} ms, p95 {:.2f} ms, slowest {:.2f} ms; {} of {} found\n",
               median, times[times.size() * 95 / 100], times.back(), right, questions);
    fmt::print("reading through all: median {:.1f} ms, {:.0f} times as long\n",
               through[through.size() / 2], through[through.size() / 2] / median);
    return right == questions ? 0 : 1;
}
