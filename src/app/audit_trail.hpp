// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "access/permission.hpp"
#include "app/office.hpp"
#include "audit/seal.hpp"

#include <string>
#include <vector>

namespace watthour::app {

/// What a use case says of a change it makes, within the transaction that makes it.
struct Change {
    std::int64_t account = 0;
    std::string subject;
    std::string before;
    std::string after;
    std::string why;
    std::int64_t approval = 0;
};

/// Adds the entry of a change, by the actor and at this moment.
void record(Office& office, const access::Permission& permission, const Change& change);

/// Adds the entry of a list that left as a file, in a transaction of its own.
void record_export(Office& office, const access::Permission& permission, const std::string& list,
                   std::size_t rows, const std::string& format);

struct SealOutcome {
    Date through;
    std::vector<audit::Seal> seals;  ///< new ones; none where the days were sealed before
    audit::Anchor anchor;
    std::string anchor_file;
};

/// Seals every day up to one, and adds the line of the chain's end to the anchor file. Safe to
/// repeat: what is sealed stays sealed, a line that is missing is added.
/// Errors: audit.seal_ahead, audit.anchor_malformed.
[[nodiscard]] Result<SealOutcome> seal_days(Office& office, Date through,
                                            const std::string& anchor_file);

struct SealProof {
    std::int64_t seals = 0;
    std::int64_t rows = 0;
    Date through;
    std::string head;
    std::int64_t anchors = 0;
    std::vector<std::string> broken;
};

/// Reads every sealed row again and follows the chain to its end and to every anchor. Needs the
/// database and the anchor file alone: an auditor does it on a copy, without the utility.
/// Errors: audit.anchor_malformed, base.file_missing.
[[nodiscard]] Result<SealProof> prove_seals(storage::Database& database,
                                            const std::string& anchor_file);

/// Beside the database and named after it: watthour.db.anchors.
[[nodiscard]] Result<std::string> default_anchor_file(const std::string& url);

}  // namespace watthour::app
