// SPDX-License-Identifier: Apache-2.0
#include "app/reads_came.hpp"

#include "app/channel_window.hpp"
#include "app/head_end_settings.hpp"
#include "app/local_time.hpp"
#include "metering/measured_quantity.hpp"
#include "storage/event_rows.hpp"

#include <algorithm>
#include <map>
#include <set>
#include <span>
#include <tuple>

namespace watthour::app {
namespace {

using metering::Channel;
using metering::ChannelId;
using metering::IntervalStatus;

/// A channel that is awaited, and what came of it.
struct Awaited {
    const RegisterSubject* meter = nullptr;
    const Channel* channel = nullptr;
    bool came = false;
    bool partly = false;
    std::optional<Date> last_day;
};

constexpr std::uint8_t estimated_bit = 1U << static_cast<unsigned>(IntervalStatus::estimated);

bool has_come(IntervalStatus status) {
    return metering::counts(status) && status != IntervalStatus::estimated;
}

class Board {
public:
    Board(Office& office, Date date)
        : office_(office),
          date_(date),
          day_(date - 1),
          meters_(register_subjects(office, {day_, date}, {})) {}

    ReadsCame made() {
        await();
        see_intervals();
        see_registers();
        return counted();
    }

private:
    void await() {
        std::set<service::ServicePointId> of_network;
        for (const auto& point : office_.service().points(day_)) {
            if (point.reading == "ami") of_network.insert(point.id);
        }
        for (const auto& meter : meters_) {
            for (const Channel& channel : meter.channels) {
                if (!channel.is_register()) {
                    intervals_.push_back({&meter, &channel, false, false, {}});
                } else if (of_network.contains(meter.subject.point) &&
                           meter.subject.installed.from <= day_ &&
                           metering::measured_quantity(channel.code).ends_with('H')) {
                    registers_.push_back({&meter, &channel, false, false, {}});
                }
            }
        }
    }

    /// A day without a gap shows in the sums beside the block; only of the others is it opened.
    void see_intervals() {
        std::vector<ChannelId> channels;
        for (const Awaited& one : intervals_) channels.push_back(one.channel->id);
        const Date month = day_.first_of_month();
        std::map<ChannelId, metering::DaySum> sums;
        for (const auto& row : office_.meters().sums(channels, month, month)) {
            sums.emplace(row.channel, row.sums.days[static_cast<std::size_t>(day_ - month)]);
        }
        std::vector<Awaited*> open;
        for (Awaited& one : intervals_) {
            const auto sum = sums.find(one.channel->id);
            one.came = sum != sums.end() && sum->second.not_counted == 0 &&
                       (sum->second.kinds & estimated_bit) == 0;
            if (!one.came) open.push_back(&one);
        }
        look_into_blocks(open);
    }

    void look_into_blocks(const std::vector<Awaited*>& open) {
        if (open.empty()) return;
        std::map<ChannelId, Awaited*> by_channel;
        std::vector<ChannelId> channels;
        for (Awaited* one : open) {
            channels.push_back(one->channel->id);
            by_channel.emplace(one->channel->id, one);
        }
        const Date first = (day_ - days_of_silence).first_of_month();
        // In order of month, so that the last day wins.
        for (const auto& block : office_.meters().blocks(channels, first, day_.first_of_month())) {
            see_block(*by_channel.at(block.channel), block);
        }
    }

    void see_block(Awaited& one, const metering::StoredBlock& block) {
        const auto view = metering::BlockView::open(block.bytes);
        WH_CHECK(view.has_value(), "a stored interval block is damaged");
        const auto series = view->decode();
        const DateRange days{block.month, block.month.first_of_next_month()};
        const auto& steps = steps_of(days, one.channel->interval_minutes);
        const Date last = std::min(day_, days.until - 1);
        for (Date day = days.from; day <= last; day = day + 1) {
            const auto at = static_cast<std::size_t>(day - days.from);
            const auto status = std::span(series.status)
                                    .subspan(static_cast<std::size_t>(steps[at]),
                                             static_cast<std::size_t>(steps[at + 1] - steps[at]));
            const auto good = std::count_if(status.begin(), status.end(), has_come);
            if (good > 0 && day >= day_ - days_of_silence) one.last_day = day;
            if (day == day_) one.partly = good > 0;
        }
    }

    const std::vector<std::int32_t>& steps_of(DateRange days, int minutes) {
        auto& steps = steps_[{days.from, minutes}];
        if (steps.empty()) steps = metering::day_steps(office_.zone(), days, minutes);
        return steps;
    }

    /// The read that ends the day is dated the next one.
    void see_registers() {
        std::vector<ChannelId> all;
        for (const Awaited& one : registers_) all.push_back(one.channel->id);
        std::set<ChannelId> came;
        for (const auto& read : office_.meters().reads(all, {date_, date_ + 1})) {
            if (read.type != "estimated") came.insert(read.channel);
        }
        std::vector<ChannelId> open;
        for (Awaited& one : registers_) {
            one.came = came.contains(one.channel->id);
            if (!one.came) open.push_back(one.channel->id);
        }
        std::map<ChannelId, Date> last;
        for (const auto& read : office_.meters().reads(open, {day_ - days_of_silence, date_})) {
            if (read.type != "estimated") last[read.channel] = read.date - 1;
        }
        for (Awaited& one : registers_) {
            if (const auto found = last.find(one.channel->id); found != last.end()) {
                one.last_day = found->second;
            }
        }
    }

    ReadsCame counted() {
        ReadsCame found;
        found.day = day_;
        std::map<std::string, ChannelsCame> routes;
        std::map<std::string, ChannelsCame> head_ends;
        const auto settings = read_head_end_settings(office_);
        const auto dark = without_power();
        for (const auto* all : {&intervals_, &registers_}) {
            for (const Awaited& one : *all) {
                const auto& subject = one.meter->subject;
                const auto* system = settings ? settings->of_meter(subject.serial) : nullptr;
                const std::string head_end = system == nullptr ? "" : system->name;
                for (ChannelsCame* count :
                     {&found.all, &routes[subject.route], &head_ends[head_end]}) {
                    ++count->channels;
                    count->came += one.came ? 1 : 0;
                    count->partly += !one.came && one.partly ? 1 : 0;
                }
                if (!one.came && !one.partly) found.silent.push_back(silent(one, head_end, dark));
            }
        }
        for (auto& [route, count] : routes) {
            count.of = route;
            found.routes.push_back(count);
        }
        if (settings) {
            for (auto& [name, count] : head_ends) {
                count.of = name;
                found.head_ends.push_back(count);
            }
        }
        std::sort(found.silent.begin(), found.silent.end(), [](const auto& a, const auto& b) {
            return std::tie(a.route, a.serial, a.quantity) <
                   std::tie(b.route, b.serial, b.quantity);
        });
        return found;
    }

    [[nodiscard]] SilentChannel silent(const Awaited& one, const std::string& head_end,
                                       const std::map<metering::MeterId, Instant>& dark) const {
        const auto& subject = one.meter->subject;
        SilentChannel made;
        made.meter = subject.meter.id;
        made.serial = subject.serial;
        made.quantity = one.channel->is_register()
                            ? one.channel->code
                            : std::string(metering::measured_quantity(one.channel->code));
        made.route = subject.route;
        made.head_end = head_end;
        if (const auto* agreement = subject.agreement_on(day_)) {
            made.account = customers::account_number(agreement->account);
        }
        made.last_day = one.last_day;
        made.days = one.last_day ? day_ - *one.last_day : days_of_silence;
        if (const auto found = dark.find(made.meter); found != dark.end()) {
            made.no_power_since = local_time(office_.zone(), found->second);
        }
        return made;
    }

    /// Meters whose last word of their power is that it failed.
    [[nodiscard]] std::map<metering::MeterId, Instant> without_power() const {
        std::map<metering::MeterId, std::pair<Instant, bool>> last;
        std::map<metering::MeterId, Instant> dark;
        const Instant from = office_.zone().start_of(day_ - days_of_silence);
        for (const auto& event : storage::EventRows(office_.database())
                                     .named({"power_failed", "power_restored"}, from)) {
            // Each name comes in order of time; of both, the later one holds.
            auto& [at, failed] = last[event.meter];
            if (at.seconds > event.at.seconds) continue;
            at = event.at;
            failed = event.name == "power_failed";
        }
        for (const auto& [meter, word] : last) {
            if (word.second) dark.emplace(meter, word.first);
        }
        return dark;
    }

    Office& office_;
    Date date_;
    Date day_;
    std::vector<RegisterSubject> meters_;
    std::vector<Awaited> intervals_;
    std::vector<Awaited> registers_;
    std::map<std::pair<Date, int>, std::vector<std::int32_t>> steps_;
};

json::array to_json(const std::vector<ChannelsCame>& counts, const char* name) {
    json::array rows;
    for (const auto& count : counts) {
        rows.push_back(json::object{{name, count.of},
                                    {"channels", count.channels},
                                    {"came", count.came},
                                    {"partly", count.partly},
                                    {"silent", count.silent()},
                                    {"percent", count.percent()}});
    }
    return rows;
}

}  // namespace

std::string ChannelsCame::percent() const {
    if (channels == 0) return "0.0";
    return Decimal(round_divide(i128{came} * 1000, channels, Rounding::down), 1).to_string();
}

ReadsCame reads_came(Office& office, Date date) { return Board(office, date).made(); }

json::object to_json(const ReadsCame& came) {
    json::array silent;
    for (const auto& one : came.silent) {
        silent.push_back(json::object{
            {"meter", one.serial},
            {"quantity", one.quantity},
            {"route", one.route},
            {"head_end", text_or_null(one.head_end)},
            {"account", text_or_null(one.account)},
            {"last_day", one.last_day ? json::value(one.last_day->to_string()) : json::value()},
            {"days_silent", one.days},
            {"no_power_since", text_or_null(one.no_power_since)}});
    }
    return {{"day", came.day.to_string()},
            {"channels", came.all.channels},
            {"came", came.all.came},
            {"partly", came.all.partly},
            {"percent", came.all.percent()},
            {"routes", to_json(came.routes, "route")},
            {"head_ends", to_json(came.head_ends, "head_end")},
            {"silent", std::move(silent)}};
}

}  // namespace watthour::app
