// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "storage/database.hpp"
#include "worklist/file_history.hpp"

namespace watthour::storage {

/// worklist::FileHistoryStore over file_details, file_repairs and read_profiles.
class FileHistoryRows final : public worklist::FileHistoryStore {
public:
    explicit FileHistoryRows(Database& database) : database_(database) {}
    void add(const worklist::FileDetails& details) override;
    std::int64_t add(const std::vector<worklist::FileRepair>& repairs) override;
    std::optional<worklist::FileRecord> find(std::int64_t file) override;
    std::vector<worklist::FileRecord> list(DateRange days, const worklist::FileRecord* after,
                                           std::size_t most) override;
    std::vector<worklist::FileRepair> repairs(std::int64_t file) override;
    void add(const worklist::SavedProfile& profile) override;
    std::vector<worklist::SavedProfile> profiles() override;
    std::vector<worklist::SavedProfile> versions(const std::string& name) override;

private:
    void count_repairs(std::vector<worklist::FileRecord>& records);
    Database& database_;
};

}  // namespace watthour::storage
