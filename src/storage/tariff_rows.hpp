// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "storage/database.hpp"

#include <optional>
#include <string>
#include <utility>
#include <vector>

namespace watthour::storage {

/// A folder of tariffs as it was put forward.
struct TariffSet {
    std::string hash;  ///< of its content
    std::string proposed_by;
    std::string why;
    std::int64_t proposed_at = 0;
    std::string adopted_by;  ///< "" = not adopted
    std::int64_t adopted_at = 0;
    std::string recorded_on;  ///< of the adoption, else of the proposal
};

/// Tariffs over tariff_sets, tariff_files and tariff_adoptions.
class TariffRows {
public:
    using Files = std::vector<std::pair<std::string, std::string>>;  ///< name and text

    explicit TariffRows(Database& database) : database_(database) {}

    /// Keeps a set; the same content twice is one. Inside a transaction with a date.
    void add(const TariffSet& set, const Files& files);
    /// Adopts a set once; false when it was adopted before. Inside a transaction with a date.
    [[nodiscard]] bool adopt(const std::string& hash, const std::string& by, std::int64_t at);
    /// Hash of the set adopted last; nothing when the program's own tariffs are in force.
    [[nodiscard]] std::optional<std::string> in_force();
    /// Files of a set by name.
    [[nodiscard]] Files files(const std::string& hash);
    /// Every set, newest first.
    [[nodiscard]] std::vector<TariffSet> history();

private:
    Database& database_;
};

}  // namespace watthour::storage
