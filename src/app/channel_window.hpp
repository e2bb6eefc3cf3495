// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "app/office.hpp"
#include "service/service_capacity.hpp"
#include "vee/channel_reads.hpp"

#include <map>
#include <string>
#include <vector>

namespace watthour::app {

/// One interval channel with what the checks must know of where it hangs.
struct ChannelSubject {
    metering::ChannelId channel;
    std::string serial;
    std::string quantity;  ///< "KWH", "GKWH"
    int minutes = 0;
    DateRange installed;
    service::ServicePointId point;
    std::string cycle;
    std::string route;
    metering::Meter meter;
    std::optional<metering::ChannelId> register_channel;  ///< of the same quantity
    std::optional<metering::ChannelId> energy_channel;    ///< of a reactive one: its kWh
    std::vector<service::ServiceAgreement> agreements;    ///< at the point, by their start
    /// CT x PT x constant in millionths, as stored (R1.22); 0 where nobody recorded the ratios.
    std::int64_t record_micro = 0;
    std::vector<service::ServiceCapacity> capacities;  ///< of the point, by kind and first day

    /// The agreement in force on a day, or null.
    [[nodiscard]] const service::ServiceAgreement* agreement_on(Date day) const;
    /// The smaller of what panel and transformer carry on a day; 0 where nobody recorded it.
    [[nodiscard]] std::int64_t capacity_on(Date day) const;
    [[nodiscard]] bool is_received() const { return quantity.starts_with('G'); }
};

/// Every interval channel in service on any day of a range, in order of meter and channel; of all
/// meters, or of those named.
[[nodiscard]] std::vector<ChannelSubject> channel_subjects(
    Office& office, DateRange days, const std::vector<std::string>& serials = {});

/// A meter in service with all of its channels, whether or not it has intervals.
struct RegisterSubject {
    ChannelSubject subject;  ///< of no channel and no quantity
    std::vector<metering::Channel> channels;
};
[[nodiscard]] std::vector<RegisterSubject> register_subjects(
    Office& office, DateRange days, const std::vector<std::string>& serials);

/// The reads of some channels of one interval length over whole months, fetched at once.
class ChannelWindows {
public:
    /// `days` are widened to whole months. With `last_year` the same days a year before are
    /// fetched too. Errors of the store throw; a damaged block is a defect.
    ChannelWindows(Office& office, const std::vector<const ChannelSubject*>& subjects,
                   DateRange days, bool last_year);

    [[nodiscard]] const vee::DayGrid& grid() const { return grid_; }

    /// The rows of a subject; they stay until the next call.
    [[nodiscard]] vee::ChannelReads reads_of(const ChannelSubject& subject);
    /// The rows of the last call, to be changed and written back.
    [[nodiscard]] std::vector<std::int64_t>& wh() { return wh_; }
    [[nodiscard]] std::vector<vee::IntervalStatus>& status() { return status_; }
    [[nodiscard]] const std::vector<std::int64_t>& wh() const { return wh_; }
    [[nodiscard]] const std::vector<vee::IntervalStatus>& status() const { return status_; }
    /// The blocks of the months of some days from the rows of the last call.
    [[nodiscard]] std::vector<metering::StoredBlock> blocks(metering::ChannelId channel,
                                                            DateRange days) const;
    /// Intervals that a check took out and that wait for a person, by their moment: what the
    /// latest correction of each says.
    [[nodiscard]] const std::map<std::int64_t, std::string>& held(metering::ChannelId channel);

private:
    /// Answers the months whose blocks do not fit the channel; their intervals are missing.
    std::vector<vee::Misfit> fill(metering::ChannelId channel, std::vector<std::int64_t>& wh,
                                  std::vector<vee::IntervalStatus>& status) const;
    void fill_last_year(metering::ChannelId channel);
    void fill_marks(const ChannelSubject& subject);

    Office& office_;
    vee::DayGrid grid_;
    std::map<std::pair<metering::ChannelId, Date>, std::string> blocks_;
    std::map<std::pair<metering::ChannelId, Date>, metering::MonthSums> sums_of_last_year_;
    std::map<metering::ChannelId, std::vector<metering::Read>> reads_;
    std::map<metering::ChannelId, std::map<std::int64_t, std::string>> held_;
    std::vector<std::int64_t> wh_;
    std::vector<vee::IntervalStatus> status_;
    std::vector<std::int64_t> energy_wh_;
    std::vector<vee::IntervalStatus> energy_status_;
    std::vector<vee::DayUse> last_year_;
    std::vector<vee::RegisterMark> marks_;
    std::vector<DateRange> served_;
    std::vector<vee::Misfit> misfits_;
    std::map<std::string, std::vector<Date>> period_ends_;  ///< read dates by cycle
};

/// The limits of a channel on a day, as its group and the meter's own override say.
struct ChannelRules {
    const tariff::VeeGroup* group = nullptr;  ///< null: no group fits, nothing is checked
    tariff::VeeLimits limits;
};

/// Finds them, and puts into `reads` what the point can carry, the profile of the class, and what
/// an override knows of the meter, which counts before the record.
[[nodiscard]] ChannelRules channel_rules(const Office& office, const tariff::VeeRules& rules,
                                         const ChannelSubject& subject, Date day,
                                         vee::ChannelReads& reads);

/// How a correction by a check begins: the interval waits for a person until another follows.
inline constexpr std::string_view held_by_check = "check ";
/// Who made what the rules alone have changed.
inline constexpr std::string_view by_validation = "validation";

/// The days from the first of the months in which a range begins to the end of its last month.
[[nodiscard]] inline DateRange whole_months(DateRange days) {
    return {days.from.first_of_month(), (days.until - 1).first_of_next_month()};
}

}  // namespace watthour::app
