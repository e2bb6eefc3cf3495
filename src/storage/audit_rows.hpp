// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "audit/audit_entry.hpp"
#include "audit/seal.hpp"
#include "storage/database.hpp"

#include <string>
#include <vector>

namespace watthour::storage {

/// audit::AuditStore over audit_entries and work_changes.
class AuditRows final : public audit::AuditStore {
public:
    explicit AuditRows(Database& database) : database_(database) {}
    void add(const audit::AuditEntry& entry) override;
    bool has(std::int64_t account, const std::string& subject) override;
    std::vector<audit::AuditEntry> list(const audit::AuditQuestion& question) override;

private:
    Database& database_;
};

/// Seals over the posted tables, a day and table each, in one pass a table.
class SealRows {
public:
    explicit SealRows(Database& database) : database_(database) {}
    /// Seals every day after the last sealed one through `day`, in a transaction of its own. What
    /// is recorded later is recorded on a day after it. Answers the new seals.
    std::vector<audit::Seal> seal_through(Date day);
    [[nodiscard]] std::vector<audit::Seal> chain();
    /// Rows of sealed days that are no longer what was sealed, each said in words.
    [[nodiscard]] std::vector<std::string> changed_since_sealed();

private:
    Database& database_;
};

/// Names of the tables that are sealed: all posted ones.
[[nodiscard]] std::vector<std::string> sealed_tables();

}  // namespace watthour::storage
