// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "app/office.hpp"
#include "customers/account.hpp"
#include "storage/search_rows.hpp"

#include <array>
#include <cstdint>
#include <string>
#include <string_view>
#include <unordered_map>
#include <vector>

namespace watthour::app {

struct Found {
    customers::AccountId account;
    std::string name;
    std::string street;
    double score = 0;  ///< 1 = every word as it was typed
};

/// Accounts by any words in any order, half heard: beginnings of words, one wrong or swapped
/// letter, accents left out, the last digits of a number. Made once; any number of threads ask.
class SearchIndex {
public:
    explicit SearchIndex(std::vector<storage::SearchDocument> documents);
    /// The best first. Nothing for a text without a word of two letters.
    [[nodiscard]] std::vector<Found> find(std::string_view text, std::size_t most) const;
    [[nodiscard]] std::size_t size() const { return documents_.size(); }

private:
    using WordId = std::uint32_t;
    void add_word(const std::string& word, std::uint32_t document);
    /// Words of the index that a typed word may be, each with how well it fits.
    [[nodiscard]] std::vector<std::pair<WordId, float>> likely(const std::string& typed) const;
    std::vector<storage::SearchDocument> documents_;
    std::vector<std::string> words_;
    std::unordered_map<std::string, WordId> ids_;
    std::vector<std::vector<std::uint32_t>> documents_of_;               ///< by word
    std::unordered_map<std::uint32_t, std::vector<WordId>> words_with_;  ///< by trigram
};

/// Small letters without accents, in words of letters and digits. "Núñez-1" -> nunez, 1.
[[nodiscard]] std::vector<std::string> search_words(std::string_view text);

/// Finds accounts by words or by the number of a bill. The index is made by the first who asks and
/// again when accounts were added or a contact was changed by this process; one for all threads.
[[nodiscard]] std::vector<Found> find_accounts(Office& office, std::string_view words,
                                               std::size_t most);
/// A contact was changed: the next who asks makes the index anew.
void search_again();

}  // namespace watthour::app
