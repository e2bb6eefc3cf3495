// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "calendar/date.hpp"
#include "worklist/received_file.hpp"

#include <cstdint>
#include <optional>
#include <string>
#include <vector>

namespace watthour::worklist {

/// What is known of a file beside its counts.
struct FileDetails {
    std::int64_t file = 0;
    std::string profile_name;  ///< of a remembered mapping; "" = shipped, given or guessed
    std::int64_t profile_version = 0;
    std::string profile;  ///< text of the mapping; "" for formats with columns of their own
    std::string meter;    ///< that was named for a file that names none
    std::string encoding;
    std::string head;  ///< lines before its rows
    std::string tail;
    std::int64_t meters_known = 0;
    std::int64_t meters_unknown = 0;
    std::int64_t failed_rows = 0;
    Instant first_at;  ///< of what was taken; 0 = nothing was
    Instant last_at;
    std::int64_t delivered_wh = 0;  ///< of its intervals in KWH
    std::string taken_by;
    Date recorded_on;
};

/// What became of a row that failed.
struct FileRepair {
    std::int64_t file = 0;
    std::int64_t line = 0;
    std::string outcome;  ///< repaired, failed_again, set_aside
    std::int64_t by_file = 0;
    std::string why;
    std::string by;
    Date recorded_on;
};

/// A file with everything that a list of files shows.
struct FileRecord {
    ReceivedFile file;
    std::optional<FileDetails> details;  ///< none for files taken before they were kept
    std::int64_t repaired = 0;
    std::int64_t failed_again = 0;
    std::int64_t set_aside = 0;

    /// Rows that still wait to be repaired.
    [[nodiscard]] std::int64_t waiting() const {
        return (details ? details->failed_rows : 0) - repaired - failed_again - set_aside;
    }
};

/// How the files of one sender are read, under a name.
struct SavedProfile {
    std::string name;
    std::int64_t version = 0;
    std::string state = "active";  ///< active, retired
    std::string format;
    std::string fingerprint;
    std::string profile;
    std::string why;
    std::string by;
    Date recorded_on;
};

class FileHistoryStore {
public:
    virtual ~FileHistoryStore() = default;
    virtual void add(const FileDetails& details) = 0;
    /// Rows that were dealt with before stay as they are.
    virtual std::int64_t add(const std::vector<FileRepair>& repairs) = 0;
    [[nodiscard]] virtual std::optional<FileRecord> find(std::int64_t file) = 0;
    /// Newest first, after the place of a page; `most` at most.
    [[nodiscard]] virtual std::vector<FileRecord> list(DateRange days, const FileRecord* after,
                                                       std::size_t most) = 0;
    [[nodiscard]] virtual std::vector<FileRepair> repairs(std::int64_t file) = 0;
    /// The key of name and version guards it: of two at once the second fails the transaction.
    virtual void add(const SavedProfile& profile) = 0;
    /// The last version of each.
    [[nodiscard]] virtual std::vector<SavedProfile> profiles() = 0;
    /// Every version, the last first.
    [[nodiscard]] virtual std::vector<SavedProfile> versions(const std::string& name) = 0;
};

}  // namespace watthour::worklist
