// SPDX-License-Identifier: Apache-2.0
#include "billing/measure.hpp"

#include "billing/errors.hpp"
#include "metering/interval_kernels.hpp"
#include "metering/measured_quantity.hpp"
#include "usage/register_use.hpp"

#include <algorithm>
#include <array>
#include <optional>

namespace watthour::billing {
namespace {

using metering::Channel;
using metering::ChannelId;
using metering::InstalledMeter;

constexpr int most_tou_periods = 8;

const Channel* channel_of(const InstalledMeter& meter, bool wants_register) {
    for (const Channel& channel : meter.channels) {
        const bool delivered = metering::measures(channel.code, "KWH");
        if (delivered && channel.is_register() == wants_register) return &channel;
    }
    return nullptr;
}

/// Installations whose use counts on some day of the period, in order of time. A check meter is
/// compared with, and not billed. Source: R1.12.
Result<std::vector<const InstalledMeter*>> in_service(const std::vector<InstalledMeter>& meters,
                                                      DateRange period) {
    std::vector<const InstalledMeter*> serving;
    for (const InstalledMeter& meter : meters) {
        if (meter.installation.role == metering::MeterRole::check) continue;
        if (!meter.installation.active.intersection(period).is_empty()) serving.push_back(&meter);
    }
    if (serving.empty()) {
        return Error(errors::meter_missing, {{"date", period.from.to_string()}});
    }
    return serving;
}

/// What a sub-meter counted is billed elsewhere. Source: R1.12.
Energy signed_use(const InstalledMeter& meter, Energy energy) {
    return meter.installation.role == metering::MeterRole::subtractive ? -energy : energy;
}

/// Whether another meter was set where or after this one was removed.
bool is_followed(const std::vector<const InstalledMeter*>& meters, const InstalledMeter& meter) {
    return std::any_of(meters.begin(), meters.end(), [&](const InstalledMeter* other) {
        return other->installation.active.from >= meter.installation.active.until;
    });
}

Error channel_missing(const InstalledMeter& meter, const char* kind, const std::string& schedule) {
    return Error(errors::channel_missing,
                 {{"meter", meter.meter.serial}, {"kind", kind}, {"schedule", schedule}});
}

/// How a register's last read of a period is found.
enum class ClosingRead {
    removal,  ///< another meter follows inside the period
    window,   ///< the nearest within the read window of the schedule
    exact,    ///< service ends: only the read of that very day, which is another's first
};

struct RegisterEnds {
    std::string from_read;
    std::string until_read;
    std::string type;
    DateRange dates;
    bool removed = false;  ///< the meter went inside the period
};

/// The two reads between which one installation counted.
Result<RegisterEnds> register_ends(const MeasureContext& context, const InstalledMeter& meter,
                                   const Channel& channel, DateRange period, ClosingRead closing) {
    RegisterEnds ends;
    const auto& installation = meter.installation;
    const auto& policy = context.catalogue->policies.reading;
    if (installation.active.from >= period.from && !installation.set_read.empty()) {
        ends.from_read = installation.set_read;
        ends.dates.from = installation.active.from;
    } else if (const auto* read = context.shelf->on(channel.id, period.from)) {
        ends.from_read = read->reading;
        ends.dates.from = period.from;
    } else {
        return Error(errors::opening_read_missing,
                     {{"meter", meter.meter.serial}, {"date", period.from.to_string()}});
    }
    if (closing == ClosingRead::removal ||
        (installation.active.until <= period.until && !installation.removal_read.empty())) {
        ends.until_read = installation.removal_read;
        ends.dates.until = installation.active.until;
        ends.type = "removal";
        ends.removed = true;
        return ends;
    }
    const int before = closing == ClosingRead::exact ? 0 : policy.window_days_before;
    const int after = closing == ClosingRead::exact ? 0 : policy.window_days_after;
    const auto* read = context.shelf->near(channel.id, period.until, before, after);
    if (read == nullptr || read->date <= ends.dates.from) {
        return Error(errors::read_missing, {{"meter", meter.meter.serial},
                                            {"window", std::to_string(after)},
                                            {"date", period.until.to_string()}});
    }
    ends.until_read = read->reading;
    ends.dates.until = read->date;
    ends.type = read->type;
    return ends;
}

/// Meters that stay count until one date, that of the first closing read; the others are read on
/// that very day.
Result<void> measure_registers(const MeasureContext& context, const std::string& schedule,
                               const std::vector<const InstalledMeter*>& meters,
                               ClosingRead closing, MeasuredUse& use) {
    DateRange period = use.period;
    std::optional<Date> closed_on;
    Date last_removal = period.from;
    for (const InstalledMeter* installed : meters) {
        const InstalledMeter& meter = *installed;
        const Channel* channel = channel_of(meter, true);
        if (channel == nullptr) return channel_missing(meter, "register", schedule);
        const ClosingRead how = is_followed(meters, meter) ? ClosingRead::removal
                                : closed_on                ? ClosingRead::exact
                                                           : closing;
        TRY(const RegisterEnds ends, register_ends(context, meter, *channel, period, how));
        const usage::RegisterFace face =
            usage::face_of(meter.meter, context.catalogue->policies.reading.rollover_max_fraction);
        TRY(const usage::RegisterUse difference,
            usage::register_use(ends.from_read, ends.until_read, face));
        const Energy energy = signed_use(meter, difference.energy);
        use.delivered += energy;
        use.reads.push_back({meter.meter.serial, channel->code, ends.dates, ends.from_read,
                             ends.until_read, ends.type, meter.meter.multiplier.to_shortest(),
                             energy});
        if (ends.removed) {
            last_removal = std::max(last_removal, ends.dates.until);
        } else {
            closed_on = ends.dates.until;
            period.until = ends.dates.until;
        }
    }
    use.period.until = closed_on.value_or(last_removal);
    return {};
}

/// Sums and peaks of one piece of a period from the blocks of one channel.
class IntervalSums {
public:
    IntervalSums(const MeasureContext& context, const InstalledMeter& meter, const Channel& channel)
        : context_(context), meter_(meter), channel_(channel) {}

    /// Adds the days of `piece`; a null calendar sums into period 0.
    Result<void> add(DateRange piece, const tariff::TouCalendar* calendar,
                     std::array<metering::PeriodTotals, most_tou_periods>& totals) {
        for (Date month = piece.from.first_of_month(); month < piece.until;
             month = month.first_of_next_month()) {
            const DateRange part =
                DateRange{month, month.first_of_next_month()}.intersection(piece);
            TRY_DONE(add_month(month, part, calendar, totals));
        }
        return {};
    }

    [[nodiscard]] Result<void> complete(DateRange period) const {
        if (missing_ == 0 && failed_ > 0) {
            return Error(errors::intervals_failed, {{"meter", meter_.meter.serial},
                                                    {"failed", std::to_string(failed_)},
                                                    {"count", std::to_string(count_)},
                                                    {"from", period.from.to_string()},
                                                    {"until", period.until.to_string()},
                                                    {"first", to_iso_utc(first_failed_)}});
        }
        if (missing_ == 0) return {};
        return Error(errors::intervals_missing, {{"meter", meter_.meter.serial},
                                                 {"missing", std::to_string(missing_)},
                                                 {"count", std::to_string(count_)},
                                                 {"from", period.from.to_string()},
                                                 {"until", period.until.to_string()},
                                                 {"first", to_iso_utc(first_missing_)}});
    }

private:
    void note_missing(Instant at, int steps) {
        if (missing_ == 0) first_missing_ = at;
        missing_ += steps;
    }

    Result<void> add_month(Date month, DateRange part, const tariff::TouCalendar* calendar,
                           std::array<metering::PeriodTotals, most_tou_periods>& totals) {
        const int minutes = channel_.interval_minutes;
        const IntervalGrid grid(*context_.zone, {month, month.first_of_next_month()}, minutes);
        const int first = grid.step_of(context_.zone->start_of(part.from));
        const int last = part.until == month.first_of_next_month()
                             ? grid.count()
                             : grid.step_of(context_.zone->start_of(part.until));
        count_ += last - first;
        const std::string* bytes = context_.shelf->block(channel_.id, month);
        if (bytes == nullptr) {
            note_missing(grid.start_of(first), last - first);
            return {};
        }
        TRY(const metering::BlockView block, metering::BlockView::open(*bytes));
        const bool missing = block.count_of(metering::IntervalStatus::missing) > 0;
        const bool failed = block.count_of(metering::IntervalStatus::failed) > 0;
        for (int step = first; (missing || failed) && step < last; ++step) {
            const auto status = block.status(step);
            if (status == metering::IntervalStatus::missing) note_missing(grid.start_of(step), 1);
            if (status == metering::IntervalStatus::failed && failed_++ == 0) {
                first_failed_ = grid.start_of(step);
            }
        }
        runs_.clear();
        if (calendar == nullptr) {
            runs_.push_back({first, last, 0});
        } else {
            const auto* month_runs = context_.runs->find(*calendar, month, minutes);
            WH_CHECK(month_runs != nullptr, "time-of-use runs of the month were not prepared");
            for (const tariff::TouRun& run : *month_runs) {
                const int from = std::max(run.first, first);
                const int until = std::min(run.last, last);
                if (from < until) runs_.push_back({from, until, run.period});
            }
        }
        metering::sum_runs(block, runs_, totals);
        return {};
    }

    const MeasureContext& context_;
    const InstalledMeter& meter_;
    const Channel& channel_;
    std::vector<metering::Run> runs_;
    int count_ = 0;
    int missing_ = 0;
    Instant first_missing_;
    int failed_ = 0;
    Instant first_failed_;
};

Result<void> measure_tou(const MeasureContext& context, const tariff::RateSchedule& schedule,
                         const tariff::ServiceFacts& facts,
                         const std::vector<const InstalledMeter*>& meters, MeasuredUse& use) {
    TRY(const auto pieces, tariff::usage_pieces(*context.catalogue, schedule, facts, use.period));
    std::vector<Energy> by_meter(meters.size());
    std::vector<IntervalSums> sums;
    for (const InstalledMeter* meter : meters) {
        const Channel* channel = channel_of(*meter, false);
        if (channel == nullptr) return channel_missing(*meter, "interval", schedule.code);
        sums.emplace_back(context, *meter, *channel);
    }
    for (const DateRange piece : pieces) {
        const auto* calendar = tariff::tou_calendar_of(*context.catalogue, schedule, piece.from);
        WH_CHECK(calendar != nullptr && calendar->periods().size() <= most_tou_periods,
                 "an interval schedule needs a calendar of at most eight periods");
        std::array<metering::PeriodTotals, most_tou_periods> totals{};
        for (std::size_t i = 0; i < meters.size(); ++i) {
            std::array<metering::PeriodTotals, most_tou_periods> own{};
            const DateRange part = meters[i]->installation.active.intersection(piece);
            if (!part.is_empty()) TRY_DONE(sums[i].add(part, calendar, own));
            for (std::size_t p = 0; p < own.size(); ++p) {
                const Energy counted = signed_use(*meters[i], Energy::watt_hours(own[p].wh));
                totals[p].wh += counted.wh();
                by_meter[i] += counted;
            }
        }
        rating::TouSegmentUse segment{piece, {}, {}};
        for (std::size_t p = 0; p < calendar->periods().size(); ++p) {
            const Energy energy = Energy::watt_hours(totals[p].wh);
            segment.by_period.emplace_back(calendar->periods()[p], energy);
            use.delivered += energy;
            const auto known = std::find_if(
                use.by_tou.begin(), use.by_tou.end(),
                [&](const auto& entry) { return entry.first == calendar->periods()[p]; });
            if (known == use.by_tou.end()) {
                use.by_tou.emplace_back(calendar->periods()[p], energy);
            } else {
                known->second += energy;
            }
        }
        use.tou.push_back(std::move(segment));
    }
    for (std::size_t i = 0; i < meters.size(); ++i) {
        TRY_DONE(sums[i].complete(use.period));
        use.reads.push_back({meters[i]->meter.serial, channel_of(*meters[i], false)->code,
                             meters[i]->installation.active.intersection(use.period), "", "",
                             "intervals", "1", by_meter[i]});
    }
    return {};
}

/// Whether two meters counted on the same day.
bool side_by_side(const std::vector<const InstalledMeter*>& meters) {
    for (std::size_t i = 0; i < meters.size(); ++i) {
        for (std::size_t j = i + 1; j < meters.size(); ++j) {
            const DateRange both =
                meters[i]->installation.active.intersection(meters[j]->installation.active);
            if (!both.is_empty()) return true;
        }
    }
    return false;
}

/// The highest interval of all meters together, added interval by interval and never peak to peak.
/// Units: Wh of one interval, at least 0. Errors: billing.steps_differ. Source: R1.12.
Result<std::int64_t> totalized_peak(const MeasureContext& context,
                                    const std::vector<const InstalledMeter*>& meters,
                                    DateRange period) {
    const int minutes = channel_of(*meters.front(), false)->interval_minutes;
    std::int64_t highest = 0;
    for (Date month = period.from.first_of_month(); month < period.until;
         month = month.first_of_next_month()) {
        const IntervalGrid grid(*context.zone, {month, month.first_of_next_month()}, minutes);
        std::vector<std::int64_t> together(static_cast<std::size_t>(grid.count()), 0);
        for (const InstalledMeter* meter : meters) {
            const Channel& channel = *channel_of(*meter, false);
            if (channel.interval_minutes != minutes) {
                return Error(errors::steps_differ,
                             {{"meter", meter->meter.serial},
                              {"minutes", std::to_string(channel.interval_minutes)},
                              {"other", meters.front()->meter.serial},
                              {"other_minutes", std::to_string(minutes)}});
            }
            const DateRange part =
                DateRange{month, month.first_of_next_month()}.intersection(period).intersection(
                    meter->installation.active);
            const std::string* bytes = context.shelf->block(channel.id, month);
            if (part.is_empty() || bytes == nullptr) continue;
            TRY(const metering::BlockView block, metering::BlockView::open(*bytes));
            const auto series = block.decode();
            const Instant begin = context.zone->start_of(part.from);
            const Instant end = context.zone->start_of(part.until);
            for (int step = 0; step < grid.count(); ++step) {
                const Instant at = grid.start_of(step);
                if (at < begin || at >= end) continue;
                const auto place = static_cast<std::size_t>(step);
                together[place] += signed_use(*meter, Energy::watt_hours(series.wh[place])).wh();
            }
        }
        highest = std::max(highest, *std::max_element(together.begin(), together.end()));
    }
    return highest;
}

/// With a meter exchange the larger of the two counts; meters side by side count together.
/// Source: R1.11, R1.12, R2.20.
Result<void> measure_demand(const MeasureContext& context, const tariff::DemandRule& rule,
                            const std::string& schedule,
                            const std::vector<const InstalledMeter*>& meters, MeasuredUse& use) {
    Demand highest;
    for (const InstalledMeter* meter : meters) {
        const Channel* channel = channel_of(*meter, false);
        if (channel == nullptr) return channel_missing(*meter, "interval", schedule);
        IntervalSums sums(context, *meter, *channel);
        std::array<metering::PeriodTotals, most_tou_periods> totals{};
        TRY_DONE(sums.add(meter->installation.active.intersection(use.period), nullptr, totals));
        TRY_DONE(sums.complete(use.period));
        const Demand peak =
            Demand::watts(checked_mul(totals[0].peak_wh, 60 / channel->interval_minutes));
        highest = std::max(highest, peak);
    }
    if (side_by_side(meters)) {
        TRY(const std::int64_t peak_wh, totalized_peak(context, meters, use.period));
        const int minutes = channel_of(*meters.front(), false)->interval_minutes;
        highest = Demand::watts(checked_mul(peak_wh, 60 / minutes));
    }
    use.measured_demand = highest.rounded_kw(rule.places.value_or(3));
    return {};
}

const tariff::DemandRule* demand_rule_of(const tariff::RateSchedule& schedule, Date date) {
    const auto version = schedule.version_on(date);
    if (!version) return nullptr;
    for (const tariff::Charge& charge : (*version)->charges) {
        if (charge.quantity == tariff::Quantity::billing_kw) {
            return (*version)->find_demand(charge.demand);
        }
    }
    return nullptr;
}

}  // namespace

void ReadShelf::put(std::vector<metering::Read> reads) {
    for (metering::Read& read : reads) {
        const std::pair key{read.channel, read.date};
        reads_.insert_or_assign(key, std::move(read));
    }
}

void ReadShelf::put(std::vector<metering::StoredBlock> blocks) {
    for (metering::StoredBlock& block : blocks) {
        blocks_.insert_or_assign({block.channel, block.month}, std::move(block.bytes));
    }
}

const metering::Read* ReadShelf::on(ChannelId channel, Date date) const {
    const auto found = reads_.find({channel, date});
    return found == reads_.end() ? nullptr : &found->second;
}

const metering::Read* ReadShelf::near(ChannelId channel, Date date, int before, int after) const {
    for (int distance = 0; distance <= std::max(before, after); ++distance) {
        if (distance <= before) {
            if (const auto* read = on(channel, date - distance)) return read;
        }
        if (distance <= after) {
            if (const auto* read = on(channel, date + distance)) return read;
        }
    }
    return nullptr;
}

const std::string* ReadShelf::block(ChannelId channel, Date month) const {
    const auto found = blocks_.find({channel, month});
    return found == blocks_.end() ? nullptr : &found->second;
}

int interval_minutes_of(const tariff::RateSchedule& schedule,
                        const std::vector<InstalledMeter>& meters) {
    const bool wants = schedule.usage == tariff::UsageSource::intervals ||
                       demand_rule_of(schedule, schedule.versions.back().effective) != nullptr;
    if (!wants) return 0;
    for (const InstalledMeter& meter : meters) {
        if (const Channel* channel = channel_of(meter, false)) return channel->interval_minutes;
    }
    return 0;
}

Result<MeasuredUse> measure(const MeasureContext& context, const service::ServedAgreement& served,
                            const std::vector<InstalledMeter>& meters, DateRange period) {
    const auto& agreement = served.agreement;
    TRY(const tariff::RateSchedule* schedule, context.catalogue->find_schedule(agreement.schedule));
    TRY(const auto serving, in_service(meters, period));
    MeasuredUse use;
    use.period = period;
    if (schedule->usage == tariff::UsageSource::intervals) {
        const tariff::ServiceFacts facts{agreement.option, agreement.phase, "", {}};
        TRY_DONE(measure_tou(context, *schedule, facts, serving, use));
    } else {
        const ClosingRead closing =
            period.until == agreement.active.until ? ClosingRead::exact : ClosingRead::window;
        TRY_DONE(measure_registers(context, schedule->code, serving, closing, use));
    }
    if (const auto* rule = demand_rule_of(*schedule, period.from)) {
        TRY_DONE(measure_demand(context, *rule, schedule->code, serving, use));
    }
    const bool below_zero =
        use.delivered < Energy() || std::any_of(
                                        use.by_tou.begin(), use.by_tou.end(),
                                        [](const auto& entry) { return entry.second < Energy(); });
    if (below_zero) {
        return Error(errors::subtraction_exceeds, {{"from", use.period.from.to_string()},
                                                   {"until", use.period.until.to_string()},
                                                   {"kwh", use.delivered.to_string()}});
    }
    return use;
}

Result<MeasuredUse> measure_by_registers(const MeasureContext& context,
                                         const std::vector<InstalledMeter>& meters,
                                         DateRange period) {
    TRY(const auto serving, in_service(meters, period));
    MeasuredUse use;
    use.period = period;
    TRY_DONE(measure_registers(context, "registers", serving, ClosingRead::window, use));
    return use;
}

}  // namespace watthour::billing
