// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "storage/database.hpp"
#include "worklist/received_file.hpp"
#include "worklist/work_item.hpp"

namespace watthour::storage {

/// worklist::WorkItemStore over work_items and work_resolutions.
class WorkRows final : public worklist::WorkItemStore {
public:
    explicit WorkRows(Database& database) : database_(database) {}
    std::int64_t open(const std::vector<worklist::WorkItem>& items) override;
    std::vector<worklist::WorkItem> list(const std::string& state) override;
    std::optional<worklist::WorkItem> find(worklist::WorkItemId id) override;
    std::vector<worklist::WorkItemId> accepted() override;
    void resolve(const worklist::WorkItem& item) override;
    void change(const worklist::WorkChange& change) override;
    std::vector<worklist::WorkChange> history(worklist::WorkItemId id) override;
    std::vector<worklist::CauseCount> open_by_cause() override;
    [[nodiscard]] std::int64_t count_open(std::int64_t account);
    /// All items of an account, of any state.
    [[nodiscard]] std::vector<worklist::WorkItem> of_account(std::int64_t account);

private:
    void append(const std::vector<worklist::WorkChange>& changes);
    Database& database_;
};

/// worklist::ReceivedFileStore over files and file_rejects.
class FileRows final : public worklist::ReceivedFileStore {
public:
    explicit FileRows(Database& database) : database_(database) {}
    std::optional<worklist::ReceivedFile> find(const std::string& sha256) override;
    void add(const worklist::ReceivedFile& file) override;
    void add_rejects(const std::vector<worklist::RejectedRow>& rows) override;
    std::vector<worklist::ReceivedFile> of_day(Date date) override;
    std::vector<worklist::RejectedRow> rejects(std::int64_t file) override;

private:
    Database& database_;
};

}  // namespace watthour::storage
