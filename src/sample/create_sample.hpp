// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "base/clock.hpp"
#include "base/result.hpp"

#include <cstdint>
#include <string>
#include <utility>
#include <vector>

namespace watthour::sample {

struct CreateRequest {
    std::string database;
    std::string out_folder;
    int accounts = 500;
    std::int64_t seed = 1;
};

struct CreateOutcome {
    std::int64_t accounts = 0;
    std::int64_t meters = 0;
    std::vector<std::string> meter_files;  ///< in the order in which they are to be imported
    std::vector<std::pair<std::string, std::string>> awkward;
};

/// The sample utility in a new database and its meter files in the out folder. The files are
/// written first and the database in one transaction, so that a kill leaves either nothing that
/// counts or the whole.
///
/// Errors: app.utility_exists, sample.*, storage.*.
[[nodiscard]] Result<CreateOutcome> create_sample(const CreateRequest& request, const Clock& clock);

}  // namespace watthour::sample
