// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "metering/read_versions.hpp"
#include "storage/database.hpp"

namespace watthour::storage {

/// All that was ever read of registers, with the days on which it came to be known.
class ReadVersionRows {
public:
    explicit ReadVersionRows(Database& database) : database_(database) {}
    /// In order of channel, date, type and version. A read whose file is not there was known
    /// always.
    [[nodiscard]] std::vector<metering::ReadVersion> of(
        const std::vector<metering::ChannelId>& channels, DateRange dates);

private:
    Database& database_;
};

}  // namespace watthour::storage
