// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "base/ids.hpp"
#include "base/problem.hpp"
#include "calendar/date.hpp"
#include "money/money.hpp"

#include <optional>
#include <string>
#include <vector>

namespace watthour::worklist {

/// A file taken in, with its own total and what became of it: posted + parked = declared for
/// money, posted + parked + rejected + repeated = records for reads.
struct ReceivedFile {
    std::int64_t id = 0;
    std::string sha256;
    std::string format;
    std::string name;
    Date business_date;
    std::int64_t records = 0;
    std::int64_t posted = 0;
    std::int64_t parked = 0;    ///< kept as work items (suspense, unknown meter)
    std::int64_t rejected = 0;  ///< rows kept to be repaired
    std::int64_t repeated = 0;  ///< already there with the same value
    Money declared_total;
    Money posted_total;
    Money parked_total;
};

struct RejectedRow {
    std::int64_t file = 0;
    Problem problem;
    std::string raw;
};

[[nodiscard]] inline std::int64_t file_id(const std::string& sha256) {
    return id_from_key("file", sha256);
}

class ReceivedFileStore {
public:
    virtual ~ReceivedFileStore() = default;
    [[nodiscard]] virtual std::optional<ReceivedFile> find(const std::string& sha256) = 0;
    /// The unique hash guards it: a second file with the same one fails the transaction.
    virtual void add(const ReceivedFile& file) = 0;
    virtual void add_rejects(const std::vector<RejectedRow>& rows) = 0;
    [[nodiscard]] virtual std::vector<ReceivedFile> of_day(Date date) = 0;
    [[nodiscard]] virtual std::vector<RejectedRow> rejects(std::int64_t file) = 0;
};

}  // namespace watthour::worklist
