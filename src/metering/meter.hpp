// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "base/decimal.hpp"
#include "base/ids.hpp"
#include "calendar/date.hpp"
#include "metering/day_sums.hpp"
#include "metering/interval_block.hpp"
#include "service/service_agreement.hpp"

#include <cstdint>
#include <string>
#include <vector>

namespace watthour::metering {

using MeterId = Id<struct MeterTag>;
using ChannelId = Id<struct ChannelTag>;
using FileId = Id<struct FileTag>;

struct Meter {
    MeterId id;
    std::string serial;
    int dials = 5;  ///< digits before the point
    Decimal multiplier{1, 0};
    std::string make;
    int decimals = 0;  ///< digits after the point
};

/// One quantity of a meter: a register that counts up, or a row of intervals.
struct Channel {
    ChannelId id;
    MeterId meter;
    std::string code;          ///< "KWH" delivered energy, "KW" maximum demand register
    int interval_minutes = 0;  ///< 0 = register

    [[nodiscard]] bool is_register() const { return interval_minutes == 0; }
};

/// How the use of a meter counts at its point: on top of the others', deducted from theirs because
/// it is billed elsewhere, or not at all. Source: R1.12.
enum class MeterRole { additive, subtractive, check };

/// A meter at a service point from its set until its removal, with the reads on both sides.
struct MeterInstallation {
    MeterId meter;
    service::ServicePointId service_point;
    DateRange active;
    std::string set_read;
    std::string removal_read;  ///< empty while it is in service
    MeterRole role = MeterRole::additive;
};

/// An installed meter with all that a read of it needs.
struct InstalledMeter {
    MeterInstallation installation;
    Meter meter;
    std::vector<Channel> channels;
};

/// A register read. Raw reads are never changed; a second read of the same moment and type
/// with another value stands beside the first. Source: R1.01, R1.02.
struct Read {
    ChannelId channel;
    Date date;            ///< the read at 00:00 local of this date
    std::string type;     ///< actual_ami, actual_manual, set, removal, estimated, ...
    std::string reading;  ///< text as on the dials
    FileId file;
    std::int64_t line = 0;
    /// Seconds of the wall clock after 00:00; of reads that were asked for in the day.
    std::int32_t second_of_day = 0;
};

/// The stored block of one channel and calendar month of the utility's zone.
struct StoredBlock {
    ChannelId channel;
    Date month;         ///< first of the month
    std::string bytes;  ///< see interval_block.hpp
};

/// What stands beside a stored block.
struct StoredSums {
    ChannelId channel;
    Date month;
    MonthSums sums;
};

/// A changed interval: what it was, what it became, and why.
struct IntervalCorrection {
    ChannelId channel;
    Instant start;
    std::int64_t old_wh = 0;
    std::int64_t new_wh = 0;
    char old_status = 'A';
    char new_status = 'A';
    std::string why;
    FileId file;     ///< 0 where no file brought the value
    std::string by;  ///< who changed it: a person, or "validation"; empty = the file
    Date recorded_on{};
};

/// How far a channel's intervals have been validated: all days before `valid_until`.
struct ChannelValidation {
    ChannelId channel;
    Date valid_until;
    bool taken_back = false;  ///< a day that was validated before has changed since
};

/// How a meter is found from a file: by its serial and the channel's code.
struct ChannelAddress {
    std::string serial;
    std::string code;
    ChannelId channel;
    int interval_minutes = 0;
};

struct ReadCounts {
    std::int64_t added = 0;
    std::int64_t same = 0;       ///< already there with the same value
    std::int64_t different = 0;  ///< the same moment and type with another value; both kept
};

class MeterStore {
public:
    virtual ~MeterStore() = default;
    virtual void add(const std::vector<Meter>& meters, const std::vector<Channel>& channels,
                     const std::vector<MeterInstallation>& installations) = 0;
    [[nodiscard]] virtual std::vector<ChannelAddress> channel_addresses() = 0;
    /// Installations at the points, in order of point and start.
    [[nodiscard]] virtual std::vector<InstalledMeter> installed_at(
        const std::vector<service::ServicePointId>& points) = 0;

    virtual ReadCounts add_reads(const std::vector<Read>& reads) = 0;
    /// The read of each channel and date that counts: precedence by R1.02, then the latest.
    [[nodiscard]] virtual std::vector<Read> reads(const std::vector<ChannelId>& channels,
                                                  DateRange dates) = 0;
    /// Blocks of the channels for months first..last, in order of channel and month.
    [[nodiscard]] virtual std::vector<StoredBlock> blocks(const std::vector<ChannelId>& channels,
                                                          Date first_month, Date last_month) = 0;
    /// Writes them with the sums of their days.
    virtual void put_blocks(const std::vector<StoredBlock>& blocks) = 0;
    /// The sums beside the blocks of these months, in order of channel and month; always those of
    /// the block.
    [[nodiscard]] virtual std::vector<StoredSums> sums(const std::vector<ChannelId>& channels,
                                                       Date first_month, Date last_month) = 0;
    virtual void add_corrections(const std::vector<IntervalCorrection>& corrections) = 0;
    /// Corrections of intervals that begin in [from, until), in order of channel, start and
    /// version.
    [[nodiscard]] virtual std::vector<IntervalCorrection> corrections(
        const std::vector<ChannelId>& channels, Instant from, Instant until) = 0;
    /// Of all channels that were ever validated.
    [[nodiscard]] virtual std::vector<ChannelValidation> validations() = 0;
    virtual void put_validations(const std::vector<ChannelValidation>& validations) = 0;
    /// Takes channels back to a day that must be validated anew; those not as far stay.
    virtual void validate_anew(const std::vector<ChannelValidation>& from) = 0;
    /// The first month of which each channel has a block.
    [[nodiscard]] virtual std::vector<ChannelValidation> first_months() = 0;
};

}  // namespace watthour::metering
