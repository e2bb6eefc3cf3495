// SPDX-License-Identifier: Apache-2.0
#include "app/channel_window.hpp"

#include "metering/measured_quantity.hpp"
#include "storage/capacity_rows.hpp"
#include "storage/meter_shop_rows.hpp"
#include "usage/register_use.hpp"

#include <algorithm>
#include <set>

namespace watthour::app {
namespace {

using metering::ChannelId;
using vee::IntervalStatus;

/// Days back to the same weekday of the year before.
constexpr int year_of_weeks = 364;

std::map<service::ServicePointId, std::vector<service::ServiceAgreement>> agreements_by_point(
    Office& office, const std::set<std::string>& cycles, DateRange days) {
    std::map<service::ServicePointId, std::vector<service::ServiceAgreement>> by_point;
    for (const std::string& cycle : cycles) {
        for (auto& served :
             office.service().agreements_of_cycle(cycle, days, customers::every_account)) {
            by_point[served.point.id].push_back(std::move(served.agreement));
        }
    }
    for (auto& [point, agreements] : by_point) {
        std::sort(agreements.begin(), agreements.end(),
                  [](const auto& a, const auto& b) { return a.active.from < b.active.from; });
    }
    return by_point;
}

void add_channels(const std::vector<metering::Channel>& channels, const ChannelSubject& common,
                  std::vector<ChannelSubject>& subjects) {
    std::map<std::string, ChannelId> registers;
    std::map<std::string, ChannelId> intervals;
    for (const auto& channel : channels) {
        if (metering::is_part_of_quantity(channel.code)) continue;
        const std::string quantity(metering::measured_quantity(channel.code));
        (channel.is_register() ? registers : intervals).emplace(quantity, channel.id);
    }
    for (const auto& channel : channels) {
        if (channel.is_register()) continue;
        ChannelSubject subject = common;
        subject.channel = channel.id;
        subject.quantity = metering::measured_quantity(channel.code);
        subject.minutes = channel.interval_minutes;
        if (const auto found = registers.find(subject.quantity); found != registers.end()) {
            subject.register_channel = found->second;
        }
        if (const auto energy = intervals.find("KWH");
            subject.quantity == "KVARH" && energy != intervals.end()) {
            subject.energy_channel = energy->second;
        }
        subjects.push_back(std::move(subject));
    }
}

std::map<std::pair<ChannelId, Date>, std::string> fetch_blocks(
    Office& office, const std::vector<ChannelId>& channels, DateRange months) {
    std::map<std::pair<ChannelId, Date>, std::string> blocks;
    for (auto& block :
         office.meters().blocks(channels, months.from, (months.until - 1).first_of_month())) {
        blocks.emplace(std::pair(block.channel, block.month), std::move(block.bytes));
    }
    return blocks;
}

std::int64_t in_millionths(const Decimal& number) {
    constexpr int places = 6;
    if (number.scale() > places) return 0;
    return checked_mul(number.units(), power_of_ten(places - number.scale()));
}

/// CT x PT x constant of the meters whose ratios are stored, in millionths. What is stored and
/// cannot be multiplied disagrees with every multiplier.
std::map<metering::MeterId, std::int64_t> recorded_multipliers(
    Office& office, const std::vector<std::string>& serials) {
    storage::MeterShopRows shop(office.database());
    std::map<metering::MeterId, std::int64_t> found;
    const auto take = [&](const std::string& serial, const metering::MeterDetails& details) {
        const auto product = metering::multiplier_of(serial, details);
        found[details.meter] = product ? in_millionths(*product) : -1;
    };
    if (serials.empty()) {
        for (const auto& row : shop.believed_details()) take(row.meter.serial, row.details);
    }
    for (const std::string& serial : serials) {
        const auto meter = shop.find(serial);
        if (!meter) continue;
        for (const auto& details : shop.details(meter->id, service::now_known)) {
            take(serial, details);
        }
    }
    return found;
}

std::map<service::ServicePointId, std::vector<service::ServiceCapacity>> capacities_by_point(
    Office& office) {
    std::map<service::ServicePointId, std::vector<service::ServiceCapacity>> by_point;
    for (auto& capacity : storage::CapacityRows(office.database()).all()) {
        by_point[capacity.point].push_back(std::move(capacity));
    }
    return by_point;
}

metering::BlockView opened(const std::string& bytes) {
    auto view = metering::BlockView::open(bytes);
    WH_CHECK(view.has_value(), "a stored interval block is damaged");
    return *std::move(view);
}

}  // namespace

std::int64_t ChannelSubject::capacity_on(Date day) const {
    std::map<std::string, std::int64_t> in_force;  // by kind; a later first day replaces
    for (const auto& capacity : capacities) {
        if (capacity.from <= day) in_force[capacity.kind] = capacity.watts;
    }
    std::int64_t least = 0;
    for (const auto& [kind, watts] : in_force) {
        if (least == 0 || watts < least) least = watts;
    }
    return least;
}

const service::ServiceAgreement* ChannelSubject::agreement_on(Date day) const {
    for (const auto& agreement : agreements) {
        if (agreement.active.contains(day)) return &agreement;
    }
    return nullptr;
}

std::vector<RegisterSubject> register_subjects(Office& office, DateRange days,
                                               const std::vector<std::string>& serials) {
    std::vector<service::ServicePointId> ids;
    std::map<service::ServicePointId, service::ServicePoint> points;
    std::set<std::string> cycles;
    for (auto& point : office.service().points()) {
        ids.push_back(point.id);
        cycles.insert(point.cycle);
        points.emplace(point.id, std::move(point));
    }
    const auto agreements = agreements_by_point(office, cycles, days);
    const auto recorded = recorded_multipliers(office, serials);
    const auto capacities = capacities_by_point(office);
    std::vector<RegisterSubject> subjects;
    for (auto& installed : office.meters().installed_at(ids)) {
        const auto& serial = installed.meter.serial;
        if (installed.installation.active.intersection(days).is_empty()) continue;
        if (!serials.empty() &&
            std::find(serials.begin(), serials.end(), serial) == serials.end()) {
            continue;
        }
        ChannelSubject common;
        common.serial = serial;
        common.installed = installed.installation.active;
        common.point = installed.installation.service_point;
        common.cycle = points[common.point].cycle;
        common.route = points[common.point].route;
        common.meter = installed.meter;
        if (const auto found = agreements.find(common.point); found != agreements.end()) {
            common.agreements = found->second;
        }
        if (const auto found = recorded.find(installed.meter.id); found != recorded.end()) {
            common.record_micro = found->second;
        }
        if (const auto found = capacities.find(common.point); found != capacities.end()) {
            common.capacities = found->second;
        }
        subjects.push_back({std::move(common), std::move(installed.channels)});
    }
    return subjects;
}

std::vector<ChannelSubject> channel_subjects(Office& office, DateRange days,
                                             const std::vector<std::string>& serials) {
    std::vector<ChannelSubject> subjects;
    for (const auto& meter : register_subjects(office, days, serials)) {
        add_channels(meter.channels, meter.subject, subjects);
    }
    std::sort(subjects.begin(), subjects.end(), [](const auto& a, const auto& b) {
        return std::tie(a.serial, a.channel) < std::tie(b.serial, b.channel);
    });
    return subjects;
}

ChannelRules channel_rules(const Office& office, const tariff::VeeRules& rules,
                           const ChannelSubject& subject, Date day, vee::ChannelReads& reads) {
    tariff::VeeSubject facts{"", "", subject.quantity, subject.minutes};
    const auto* agreement = subject.agreement_on(day);
    if (agreement == nullptr && !subject.agreements.empty()) agreement = &subject.agreements.back();
    if (agreement != nullptr) {
        facts.schedule = agreement->schedule;
        const auto schedule = office.catalogue().find_schedule(agreement->schedule);
        if (schedule) facts.rate_class = (*schedule)->rate_class;
    }
    reads.profile = office.catalogue().vee.profile_of(facts.rate_class, day);
    reads.capacity_watts = subject.capacity_on(day);
    ChannelRules found;
    found.group = rules.group_for(facts, day);
    if (found.group == nullptr) return found;
    found.limits = found.group->limits;
    if (const auto* special = rules.override_for(subject.serial, day)) {
        reads.irregular = special->irregular;
        if (special->capacity_watts > 0) reads.capacity_watts = special->capacity_watts;
        for (const tariff::VeeCheck check : special->off) {
            found.limits.verdicts[static_cast<std::size_t>(check)] = tariff::VeeVerdict::off;
        }
    }
    return found;
}

ChannelWindows::ChannelWindows(Office& office, const std::vector<const ChannelSubject*>& subjects,
                               DateRange days, bool last_year)
    : office_(office),
      grid_(office.zone(), whole_months(days), subjects.front()->minutes,
            office.catalogue().rate_holidays) {
    for (const auto& row : office.catalogue().cycles.rows()) {
        period_ends_[row.cycle].push_back(row.read);
    }
    std::vector<ChannelId> channels;
    std::vector<ChannelId> registers;
    for (const ChannelSubject* subject : subjects) {
        channels.push_back(subject->channel);
        if (subject->energy_channel) channels.push_back(*subject->energy_channel);
        if (subject->register_channel) registers.push_back(*subject->register_channel);
    }
    blocks_ = fetch_blocks(office, channels, grid_.days());
    if (last_year) {
        const DateRange months =
            whole_months({grid_.days().from - year_of_weeks, grid_.days().until - year_of_weeks});
        for (auto& row :
             office.meters().sums(channels, months.from, (months.until - 1).first_of_month())) {
            sums_of_last_year_.emplace(std::pair(row.channel, row.month), std::move(row.sums));
        }
    }
    if (!registers.empty()) {
        for (auto& read : office.meters().reads(registers, {grid_.days().from, days.until + 1})) {
            reads_[read.channel].push_back(std::move(read));
        }
    }
    for (const auto& correction :
         office.meters().corrections(channels, grid_.grid().begin(), grid_.grid().end())) {
        auto& held = held_[correction.channel];
        if (correction.new_status == 'F' && correction.why.starts_with(held_by_check)) {
            held[correction.start.seconds] = correction.why;
        } else {
            held.erase(correction.start.seconds);
        }
    }
}

const std::map<std::int64_t, std::string>& ChannelWindows::held(ChannelId channel) {
    return held_[channel];
}

std::vector<vee::Misfit> ChannelWindows::fill(ChannelId channel, std::vector<std::int64_t>& wh,
                                              std::vector<IntervalStatus>& status) const {
    std::vector<vee::Misfit> misfits;
    const auto count = static_cast<std::size_t>(grid_.count());
    wh.assign(count, 0);
    status.assign(count, IntervalStatus::missing);
    const DateRange days = grid_.days();
    for (Date month = days.from; month < days.until; month = month.first_of_next_month()) {
        const auto found = blocks_.find({channel, month});
        if (found == blocks_.end()) continue;
        const metering::BlockView view = opened(found->second);
        const auto first = static_cast<std::size_t>(grid_.first_step(month));
        const auto steps = static_cast<std::size_t>(view.count());
        const auto wanted =
            static_cast<std::size_t>(grid_.first_step(month.first_of_next_month())) - first;
        if (steps != wanted) {
            misfits.push_back({month, static_cast<std::int32_t>(steps)});
            continue;
        }
        view.decode(std::span(wh).subspan(first, steps));
        if (view.all_actual()) {
            std::fill_n(status.begin() + static_cast<std::ptrdiff_t>(first), steps,
                        IntervalStatus::actual);
            continue;
        }
        for (std::size_t step = 0; step < steps; ++step) {
            status[first + step] = view.status(static_cast<int>(step));
        }
    }
    return misfits;
}

void ChannelWindows::fill_last_year(ChannelId channel) {
    last_year_.clear();
    if (sums_of_last_year_.empty()) return;
    for (Date day = grid_.days().from; day < grid_.days().until; day = day + 1) {
        const Date before = day - year_of_weeks;
        const Date month = before.first_of_month();
        const auto found = sums_of_last_year_.find({channel, month});
        if (found == sums_of_last_year_.end()) {
            last_year_.push_back(
                {0, 0, office_.zone().seconds_in(before) / (grid_.minutes() * 60)});
            continue;
        }
        const auto& sum = found->second.days.at(static_cast<std::size_t>(before - month));
        last_year_.push_back({sum.wh, sum.highest_wh, sum.not_counted});
    }
}

/// Marks of the register that stand on one row of differences; where the register went back, the
/// row begins anew.
void ChannelWindows::fill_marks(const ChannelSubject& subject) {
    marks_.clear();
    if (!subject.register_channel) return;
    const usage::RegisterFace face =
        usage::face_of(subject.meter, office_.catalogue().policies.reading.rollover_max_fraction);
    const metering::Read* last = nullptr;
    std::int64_t total = 0;
    for (const auto& read : reads_[*subject.register_channel]) {
        // What was read in the day is no mark of its midnight.
        if (read.type == "estimated" || read.second_of_day != 0) continue;
        if (last != nullptr) {
            const auto used = usage::register_use(last->reading, read.reading, face);
            if (!used) marks_.clear();
            if (used) total += used->energy.wh();
        }
        marks_.push_back({read.date, total});
        last = &read;
    }
}

vee::ChannelReads ChannelWindows::reads_of(const ChannelSubject& subject) {
    misfits_ = fill(subject.channel, wh_, status_);
    fill_last_year(subject.channel);
    fill_marks(subject);
    served_.clear();
    bool generation = false;
    for (const auto& agreement : subject.agreements) {
        served_.push_back(agreement.active);
        for (const auto& program : agreement.programs) {
            generation = generation || office_.catalogue().find_rider(program.code).has_value();
        }
    }
    vee::ChannelReads reads;
    reads.grid = &grid_;
    reads.wh = wh_;
    reads.status = status_;
    if (subject.energy_channel) {
        (void)fill(*subject.energy_channel, energy_wh_, energy_status_);
        reads.energy_wh = energy_wh_;
    }
    reads.last_year = last_year_;
    reads.marks = marks_;
    const Multiplier multiplier(subject.meter.multiplier);
    const auto step = multiplier.energy(Decimal(1, subject.meter.decimals));
    reads.register_step_wh = step ? step->wh() : 1000;
    reads.received = subject.is_received();
    reads.has_generation = generation;
    reads.served = served_;
    reads.multiplier_micro = in_millionths(subject.meter.multiplier);
    reads.record_micro = subject.record_micro;
    reads.misfits = misfits_;
    reads.period_ends = period_ends_[subject.cycle];
    return reads;
}

std::vector<metering::StoredBlock> ChannelWindows::blocks(ChannelId channel, DateRange days) const {
    std::vector<metering::StoredBlock> blocks;
    const DateRange months = whole_months(days);
    for (Date month = months.from; month < months.until; month = month.first_of_next_month()) {
        const auto first = static_cast<std::size_t>(grid_.first_step(month));
        const auto last = static_cast<std::size_t>(grid_.first_step(month.first_of_next_month()));
        blocks.push_back({channel, month,
                          metering::encode_block(std::span(wh_).subspan(first, last - first),
                                                 std::span(status_).subspan(first, last - first))});
    }
    return blocks;
}

}  // namespace watthour::app
