// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "calendar/time_zone.hpp"
#include "metering/meter.hpp"
#include "storage/database.hpp"

#include <optional>

namespace watthour::storage {

/// metering::MeterStore over meters, channels, installations, register_reads and blocks.
class MeterRows final : public metering::MeterStore {
public:
    explicit MeterRows(Database& database) : database_(database) {}
    void add(const std::vector<metering::Meter>& meters,
             const std::vector<metering::Channel>& channels,
             const std::vector<metering::MeterInstallation>& installations) override;
    std::vector<metering::ChannelAddress> channel_addresses() override;
    std::vector<metering::InstalledMeter> installed_at(
        const std::vector<service::ServicePointId>& points) override;
    metering::ReadCounts add_reads(const std::vector<metering::Read>& reads) override;
    std::vector<metering::Read> reads(const std::vector<metering::ChannelId>& channels,
                                      DateRange dates) override;
    std::vector<metering::StoredBlock> blocks(const std::vector<metering::ChannelId>& channels,
                                              Date first_month, Date last_month) override;
    void put_blocks(const std::vector<metering::StoredBlock>& blocks) override;
    std::vector<metering::StoredSums> sums(const std::vector<metering::ChannelId>& channels,
                                           Date first_month, Date last_month) override;
    void add_corrections(const std::vector<metering::IntervalCorrection>& corrections) override;
    std::vector<metering::IntervalCorrection> corrections(
        const std::vector<metering::ChannelId>& channels, Instant from, Instant until) override;
    std::vector<metering::ChannelValidation> validations() override;
    void put_validations(const std::vector<metering::ChannelValidation>& validations) override;
    void validate_anew(const std::vector<metering::ChannelValidation>& from) override;
    std::vector<metering::ChannelValidation> first_months() override;

private:
    /// Of the utility, in which months and days begin.
    [[nodiscard]] const TimeZone& zone();
    void sum_what_is_not(const std::vector<std::pair<metering::ChannelId, Date>>& keys,
                         std::vector<metering::StoredSums>& found);

    Database& database_;
    std::optional<TimeZone> zone_;
};

}  // namespace watthour::storage
