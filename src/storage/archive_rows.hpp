// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "metering/meter.hpp"
#include "storage/database.hpp"

#include <map>
#include <string>
#include <vector>

namespace watthour::storage {

/// A block as it goes out of the database and comes back, byte for byte.
struct ArchivedBlock {
    metering::ChannelId channel;
    std::string serial;
    std::string code;
    Date month;
    std::string block;
    std::string sums;  ///< empty where none stood beside it
};

/// What retention takes out of interval_blocks and interval_sums, and puts back.
class ArchiveRows {
public:
    explicit ArchiveRows(Database& database) : database_(database) {}

    /// At most `most` blocks of months before `before`, after a channel and month, in that order.
    [[nodiscard]] std::vector<ArchivedBlock> before(Date before, metering::ChannelId after,
                                                    Date after_month, std::size_t most);
    /// Of channels at points with a bill that ended after `since`: the first day of the first such
    /// bill.
    [[nodiscard]] std::map<metering::ChannelId, Date> first_billed(Date since);
    /// Takes out those that still are what they were; inside a transaction. Returns how many.
    std::int64_t remove(const std::vector<ArchivedBlock>& blocks);
    /// Puts back those of which nothing is stored; inside a transaction. Returns how many.
    std::int64_t restore(const std::vector<ArchivedBlock>& blocks);

private:
    Database& database_;
};

}  // namespace watthour::storage
