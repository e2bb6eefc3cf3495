// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "metering/head_end_request.hpp"
#include "storage/database.hpp"

namespace watthour::storage {

/// metering::HeadEndStore over head_end_requests and head_end_changes. What is written is written
/// within a transaction of the caller.
class HeadEndRows final : public metering::HeadEndStore {
public:
    explicit HeadEndRows(Database& database) : database_(database) {}
    void add(const metering::HeadEndRequest& request,
             const metering::HeadEndChange& change) override;
    void put(const metering::HeadEndRequest& request,
             const metering::HeadEndChange& change) override;
    std::optional<metering::HeadEndRequest> find(metering::HeadEndRequestId id) override;
    std::vector<metering::HeadEndRequest> due(Instant now, std::size_t most) override;
    std::vector<metering::HeadEndRequest> list(const metering::HeadEndFilter& filter) override;
    std::vector<metering::HeadEndRequest> since(Instant from) override;
    std::optional<metering::HeadEndRequest> open_of(metering::MeterId meter,
                                                    metering::HeadEndKind kind) override;
    std::int64_t count_of(metering::MeterId meter) override;
    std::vector<metering::HeadEndChange> changes(metering::HeadEndRequestId id) override;

private:
    void add_change(const metering::HeadEndRequest& request, const metering::HeadEndChange& change);
    Database& database_;
};

}  // namespace watthour::storage
