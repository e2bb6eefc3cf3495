// SPDX-License-Identifier: Apache-2.0
#include "app/usage_known.hpp"

#include "app/errors.hpp"
#include "app/export_usage.hpp"
#include "app/interval_use.hpp"
#include "app/local_time.hpp"
#include "app/post_payments.hpp"
#include "app/register_usage.hpp"
#include "base/text.hpp"
#include "metering/measured_quantity.hpp"
#include "storage/meter_shop_rows.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <array>
#include <map>

namespace watthour::app {
namespace {

using metering::IntervalCorrection;
using metering::IntervalStatus;

constexpr std::size_t most_steps = 100'000;
constexpr std::string_view by_file = "a file";

/// An interval channel in the days in which it belongs to whoever asks.
struct Part {
    std::string serial;
    metering::Channel channel;
    DateRange days;
    int sign = 1;  ///< -1: deducted from the point's (R1.12)
};

DateRange days_of(const Office& office, const UsageQuestion& question) {
    const Date last = office.zone().date_of(question.until + -1);
    return {office.zone().date_of(question.from), last + 1};
}

bool is_asked(const metering::Channel& channel, const UsageQuestion& question) {
    return !channel.is_register() && (channel.code == question.quantity ||
                                      metering::measures(channel.code, question.quantity));
}

Result<std::vector<Part>> parts_of_meter(Office& office, const UsageQuestion& question,
                                         DateRange days) {
    storage::MeterShopRows shop(office.database());
    const auto meter = shop.find(question.meter);
    if (!meter) return Error(errors::meter_unknown, {{"meter", question.meter}});
    std::vector<Part> parts;
    for (auto& channel : shop.channels(meter->id)) {
        if (is_asked(channel, question)) {
            parts.push_back({meter->serial, std::move(channel), days, 1});
        }
    }
    return parts;
}

Result<std::vector<Part>> parts_of(Office& office, const UsageQuestion& question) {
    const DateRange days = days_of(office, question);
    if (!question.meter.empty()) return parts_of_meter(office, question, days);
    TRY(const auto places, usage_places(office, {question.account, question.point, days,
                                                 question.known_on.value_or(service::now_known)}));
    std::vector<Part> parts;
    for (const UsePlace& place : places) {
        for (auto& installed : office.meters().installed_at({place.point})) {
            const DateRange active = installed.installation.active.intersection(place.days);
            const auto role = installed.installation.role;
            if (active.is_empty() || role == metering::MeterRole::check) continue;
            for (auto& channel : installed.channels) {
                if (!is_asked(channel, question)) continue;
                parts.push_back({installed.meter.serial, std::move(channel), active,
                                 role == metering::MeterRole::subtractive ? -1 : 1});
            }
        }
    }
    return parts;
}

/// The steps in which the range is asked for.
class Steps {
public:
    Steps(const Office& office, const UsageQuestion& question, int minutes,
          std::vector<DateRange> bills)
        : zone_(office.zone()), question_(question), minutes_(minutes), bills_(std::move(bills)) {}

    /// The step that holds an instant, cut to the range.
    [[nodiscard]] std::pair<Instant, Instant> of(Instant at) const {
        auto [from, until] = whole(at);
        return {std::max(from, question_.from), std::min(until, question_.until)};
    }

    /// The step that holds an instant, as long as it is.
    [[nodiscard]] std::pair<Instant, Instant> whole(Instant at) const {
        if (question_.step == "interval" || question_.step == "hour") {
            const std::int64_t seconds =
                std::int64_t{question_.step == "hour" ? std::max(60, minutes_) : minutes_} * 60;
            const std::int64_t wall = at.seconds + zone_.offset_at(at);
            const Instant from = at + -(((wall % seconds) + seconds) % seconds);
            return {from, from + seconds};
        }
        const DateRange days = days_of_step(zone_.date_of(at));
        return {zone_.start_of(days.from), zone_.start_of(days.until)};
    }

private:
    [[nodiscard]] DateRange days_of_step(Date day) const {
        if (question_.step == "day") return {day, day + 1};
        if (question_.step == "month") {
            return {day.first_of_month(), day.first_of_next_month()};
        }
        if (question_.step == "week") {
            // 1970-01-01 was a Thursday, three days after a Monday.
            const Date monday = day - ((day.days() + 3) % 7 + 7) % 7;
            return {monday, monday + 7};
        }
        DateRange between{Date::ymd(1, 1, 1), end_of_time};
        for (const DateRange& bill : bills_) {
            if (bill.contains(day)) return bill;
            if (bill.until <= day) between.from = std::max(between.from, bill.until);
            if (bill.from > day) between.until = std::min(between.until, bill.from);
        }
        return between;
    }

    const TimeZone& zone_;
    const UsageQuestion& question_;
    int minutes_;
    std::vector<DateRange> bills_;
};

/// Gathers what falls into one step; several channels may.
struct Gathered {
    UsageRow row;
    std::uint8_t kinds = 0;
};
using Rows = std::map<std::int64_t, Gathered>;

/// The intervals of a channel and month as they were known, and what made them so.
class KnownMonth {
public:
    KnownMonth(const TimeZone& zone, const metering::StoredBlock& block,
               const metering::MonthSums& sums, int minutes,
               const std::vector<IntervalCorrection>& corrections, std::optional<Date> known_on)
        : grid_(zone, {block.month, block.month.first_of_next_month()}, minutes),
          series_(decoded(block.bytes)),
          last_(series_.wh.size(), nullptr) {
        const auto since = metering::known_since(sums.known, static_cast<int>(last_.size()));
        std::map<int, const IntervalCorrection*> first_after;
        for (const IntervalCorrection& one : corrections) {
            const int step = grid_.step_of(one.start);
            if (step < 0) continue;
            if (known_on && one.recorded_on > *known_on) {
                first_after.emplace(step, &one);
            } else if (!changes_nothing(one)) {
                last_[static_cast<std::size_t>(step)] = &one;
            }
        }
        for (const auto& [step, change] : first_after) {
            const auto at = static_cast<std::size_t>(step);
            series_.wh[at] = change->old_wh;
            series_.status[at] =
                metering::status_of_letter(change->old_status).value_or(IntervalStatus::failed);
        }
        for (std::size_t at = 0; known_on && at < last_.size(); ++at) {
            if (since[at] <= *known_on) continue;
            series_.wh[at] = 0;
            series_.status[at] = IntervalStatus::missing;
        }
    }

    [[nodiscard]] int count() const { return static_cast<int>(last_.size()); }
    [[nodiscard]] Instant start_of(int step) const { return grid_.start_of(step); }
    [[nodiscard]] std::int64_t wh(int step) const {
        return series_.wh[static_cast<std::size_t>(step)];
    }
    [[nodiscard]] IntervalStatus status(int step) const {
        return series_.status[static_cast<std::size_t>(step)];
    }
    /// The change that made the value what it is; null where it is the first.
    [[nodiscard]] const IntervalCorrection* change(int step) const {
        return last_[static_cast<std::size_t>(step)];
    }

private:
    /// A file's value that gave way to a verified one is kept, and made nothing what it is.
    static bool changes_nothing(const IntervalCorrection& one) {
        return one.old_wh == one.new_wh && one.old_status == one.new_status;
    }

    static metering::IntervalSeries decoded(const std::string& bytes) {
        const auto view = metering::BlockView::open(bytes);
        WH_CHECK(view.has_value(), "a stored interval block is damaged");
        return view->decode();
    }

    IntervalGrid grid_;
    metering::IntervalSeries series_;
    std::vector<const IntervalCorrection*> last_;
};

std::string made_by(const IntervalCorrection& change) {
    return change.by.empty() ? std::string(by_file) : change.by;
}

class Reader {
public:
    Reader(Office& office, const UsageQuestion& question, const Steps& steps)
        : office_(office), question_(question), steps_(steps) {}

    /// From the sums of days; only where the range and its steps are whole days, as known now.
    void add_sums(const Part& part) {
        const DateRange days = part.days.intersection(days_of(office_, question_));
        if (days.is_empty()) return;
        const auto months = office_.meters().sums({part.channel.id}, days.from.first_of_month(),
                                                  (days.until - 1).first_of_month());
        for (const auto& month : months) {
            for (std::size_t i = 0; i < month.sums.days.size(); ++i) {
                const Date day = month.month + static_cast<int>(i);
                if (!days.contains(day)) continue;
                const metering::DaySum& sum = month.sums.days[i];
                Gathered& into = at(office_.zone().start_of(day));
                into.row.wh += part.sign * sum.wh;
                into.row.not_counted += sum.not_counted;
                into.kinds = static_cast<std::uint8_t>(into.kinds | sum.kinds);
            }
        }
    }

    void add_intervals(const Part& part) {
        const DateRange days = part.days.intersection(days_of(office_, question_));
        if (days.is_empty()) return;
        const Instant from = std::max(question_.from, office_.zone().start_of(days.from));
        const Instant until = std::min(question_.until, office_.zone().start_of(days.until));
        const Date first = days.from.first_of_month();
        const Date last = (days.until - 1).first_of_month();
        const auto corrections = office_.meters().corrections({part.channel.id}, from, until);
        const auto sums = office_.meters().sums({part.channel.id}, first, last);
        std::size_t place = 0;
        for (const auto& block : office_.meters().blocks({part.channel.id}, first, last)) {
            const KnownMonth month(office_.zone(), block, sums.at(place++).sums,
                                   part.channel.interval_minutes, corrections, question_.known_on);
            for (int step = 0; step < month.count(); ++step) {
                const Instant start = month.start_of(step);
                if (start < from || !(start < until)) continue;
                add(part, month, step, start);
            }
        }
    }

    [[nodiscard]] Rows take() { return std::move(rows_); }

private:
    Gathered& at(Instant start) {
        if (last_ == nullptr || start < last_->row.from || !(start < last_->row.until)) {
            const auto [from, until] = steps_.of(start);
            last_ = &rows_[from.seconds];
            last_->row.from = from;
            last_->row.until = until;
        }
        return *last_;
    }

    void add(const Part& part, const KnownMonth& month, int step, Instant start) {
        Gathered& into = at(start);
        const IntervalStatus status = month.status(step);
        into.kinds = static_cast<std::uint8_t>(into.kinds | 1U << static_cast<unsigned>(status));
        if (metering::counts(status)) {
            into.row.wh += part.sign * month.wh(step);
        } else {
            ++into.row.not_counted;
        }
        const IntervalCorrection* change = month.change(step);
        if (question_.step != "interval" || change == nullptr) return;
        into.row.method = change->why;
        into.row.by = made_by(*change);
        into.row.changed_on = change->recorded_on;
    }

    Office& office_;
    const UsageQuestion& question_;
    const Steps& steps_;
    Rows rows_;
    Gathered* last_ = nullptr;
};

std::string letters_of(std::uint8_t kinds) {
    std::string letters;
    for (unsigned status = 0; status < 8; ++status) {
        if ((kinds >> status & 1U) != 0) {
            letters += metering::status_letter(static_cast<IntervalStatus>(status));
        }
    }
    return letters;
}

Result<std::vector<DateRange>> billed_periods(Office& office, const UsageQuestion& question) {
    std::vector<DateRange> periods;
    if (question.step != "bill") return periods;
    TRY(const auto account, find_account(office, question.account));
    for (const auto& summary : office.bills().of_account(account.id)) {
        if (const auto bill = office.bills().find(summary.number)) {
            periods.push_back(bill->period);
        }
    }
    return periods;
}

Result<void> check(const UsageQuestion& question) {
    constexpr std::array<std::string_view, 6> steps{"interval", "hour",  "day",
                                                    "week",     "month", "bill"};
    if (std::find(steps.begin(), steps.end(), question.step) == steps.end()) {
        return Error(errors::usage_step_unknown, {{"step", question.step}});
    }
    const bool named =
        !question.account.empty() || !question.point.empty() || !question.meter.empty();
    if (!named || (!question.meter.empty() && !(question.account + question.point).empty()) ||
        (question.step == "bill" && question.account.empty())) {
        return Error(errors::usage_place_missing, {{"step", question.step}});
    }
    if (!(question.from < question.until)) {
        return Error(errors::usage_range_empty,
                     {{"from", to_iso_utc(question.from)}, {"until", to_iso_utc(question.until)}});
    }
    return {};
}

bool is_by_clock(const UsageQuestion& question) {
    return question.step == "interval" || question.step == "hour";
}

/// What registers say beside the intervals. By the clock they say nothing.
Result<void> add_registers(Office& office, const UsageQuestion& question, const Steps& steps,
                           KnownUsage& usage) {
    TRY(const auto registers,
        register_usage(office, question, [&](Instant at) { return steps.whole(at); }));
    if (is_by_clock(question)) {
        usage.left_out = registers.meters;
        if (!usage.rows.empty() || registers.meters.empty()) return {};
        return Error(errors::usage_step_of_registers,
                     {{"meter", registers.meters.front()}, {"step", question.step}});
    }
    usage.meters.insert(usage.meters.end(), registers.meters.begin(), registers.meters.end());
    for (const RegisterRow& of : registers.rows) {
        UsageRow row;
        row.from = of.from;
        row.until = of.until;
        row.wh = of.wh;
        row.not_counted = of.counts ? 0 : 1;
        row.method = of.why;
        row.read_types = fmt::format("{}", fmt::join(of.types, " "));
        std::uint8_t kinds = of.counts ? 0 : 1U << static_cast<unsigned>(IntervalStatus::failed);
        for (const std::string& type : of.types) {
            const auto status = metering::status_of_letter(status_of_read(type));
            kinds = static_cast<std::uint8_t>(kinds | 1U << static_cast<unsigned>(*status));
        }
        row.statuses = letters_of(kinds);
        usage.wh += row.wh;
        usage.not_counted += row.not_counted;
        usage.rows.push_back(std::move(row));
    }
    std::stable_sort(usage.rows.begin(), usage.rows.end(), [](const auto& a, const auto& b) {
        return std::pair(a.from, a.until) < std::pair(b.from, b.until);
    });
    return {};
}

/// Whole days as they are known now: what the sums beside the blocks answer.
bool by_sums(const Office& office, const UsageQuestion& question) {
    const TimeZone& zone = office.zone();
    return !question.known_on && !is_by_clock(question) &&
           zone.start_of(zone.date_of(question.from)) == question.from &&
           zone.start_of(zone.date_of(question.until)) == question.until;
}

}  // namespace

Result<KnownUsage> usage_known(Office& office, const UsageQuestion& question) {
    TRY_DONE(check(question));
    TRY(const auto parts, parts_of(office, question));
    int minutes = 5;
    KnownUsage usage;
    for (const Part& part : parts) {
        minutes = std::max(minutes, part.channel.interval_minutes);
        if (std::find(usage.meters.begin(), usage.meters.end(), part.serial) ==
            usage.meters.end()) {
            usage.meters.push_back(part.serial);
        }
    }
    const std::int64_t seconds = question.until.seconds - question.from.seconds;
    if (question.step == "interval" &&
        seconds / (minutes * 60) > static_cast<std::int64_t>(most_steps)) {
        return Error(
            errors::usage_range_wrong,
            {{"resolution", question.step},
             {"days", std::to_string(most_steps * static_cast<std::size_t>(minutes) / 1440)}});
    }
    TRY(auto bills, billed_periods(office, question));
    const Steps steps(office, question, minutes, std::move(bills));
    Reader reader(office, question, steps);
    usage.from_sums = by_sums(office, question);
    for (const Part& part : parts) {
        if (usage.from_sums) {
            reader.add_sums(part);
        } else {
            reader.add_intervals(part);
        }
    }
    for (auto& [seconds_from, gathered] : reader.take()) {
        gathered.row.statuses = letters_of(gathered.kinds);
        usage.wh += gathered.row.wh;
        usage.not_counted += gathered.row.not_counted;
        usage.rows.push_back(std::move(gathered.row));
    }
    TRY_DONE(add_registers(office, question, steps, usage));
    if (usage.rows.empty()) {
        return Error(errors::usage_not_recorded,
                     {{"from", local_minute(office.zone(), question.from)},
                      {"until", local_minute(office.zone(), question.until)}});
    }
    return usage;
}

namespace {

/// The changes of a channel between two days, interval by interval, runs of like ones as one.
class Changes {
public:
    Changes(Office& office, const UsageQuestion& question, Date known_on, Date and_on,
            UsageDifference& difference)
        : office_(office),
          question_(question),
          known_on_(known_on),
          and_on_(and_on),
          difference_(difference) {}

    void add(const Part& part) {
        const DateRange days = part.days.intersection(days_of(office_, question_));
        if (days.is_empty()) return;
        from_ = std::max(question_.from, office_.zone().start_of(days.from));
        until_ = std::min(question_.until, office_.zone().start_of(days.until));
        const auto corrections = office_.meters().corrections({part.channel.id}, from_, until_);
        const Date first = days.from.first_of_month();
        const Date last = (days.until - 1).first_of_month();
        const auto sums = office_.meters().sums({part.channel.id}, first, last);
        std::size_t place = 0;
        for (const auto& block : office_.meters().blocks({part.channel.id}, first, last)) {
            compare(part, block, sums.at(place++).sums, corrections);
        }
    }

private:
    void compare(const Part& part, const metering::StoredBlock& block,
                 const metering::MonthSums& sums,
                 const std::vector<IntervalCorrection>& corrections) {
        const int minutes = part.channel.interval_minutes;
        const KnownMonth before(office_.zone(), block, sums, minutes, corrections, known_on_);
        const KnownMonth after(office_.zone(), block, sums, minutes, corrections, and_on_);
        const auto since = metering::known_since(sums.known, before.count());
        std::multimap<std::int64_t, const IntervalCorrection*> between;
        for (const IntervalCorrection& one : corrections) {
            if (one.recorded_on <= known_on_ || one.recorded_on > and_on_) continue;
            between.emplace(one.start.seconds, &one);
        }
        for (int step = 0; step < before.count(); ++step) {
            const Instant start = before.start_of(step);
            if (start < from_ || !(start < until_)) continue;
            difference_.wh_before += part.sign * counted(before, step);
            difference_.wh_after += part.sign * counted(after, step);
            const Date first = since[static_cast<std::size_t>(step)];
            const auto [begin, end] = between.equal_range(start.seconds);
            const bool came = first > known_on_ && first <= and_on_;
            if (came && !(begin != end && begin->second->old_status == 'M')) {
                UsageChange change;
                change.status_before = 'M';
                change.wh_after = begin == end ? after.wh(step) : begin->second->old_wh;
                change.status_after = begin == end ? metering::status_letter(after.status(step))
                                                   : begin->second->old_status;
                change.why = "first value";
                change.by = by_file;
                change.recorded_on = first;
                put(part, start, change);
            }
            for (auto at = begin; at != end; ++at) {
                const IntervalCorrection& one = *at->second;
                put(part, start,
                    {"",
                     "",
                     {},
                     {},
                     0,
                     one.old_wh,
                     one.new_wh,
                     one.old_status,
                     one.new_status,
                     one.why,
                     made_by(one),
                     one.recorded_on});
            }
        }
    }

    static std::int64_t counted(const KnownMonth& month, int step) {
        return metering::counts(month.status(step)) ? month.wh(step) : 0;
    }

    void put(const Part& part, Instant start, UsageChange change) {
        const Instant end = start + std::int64_t{part.channel.interval_minutes} * 60;
        auto& changes = difference_.changes;
        // An interval that was changed twice keeps two runs open side by side.
        for (std::size_t back = 1; back <= std::min<std::size_t>(4, changes.size()); ++back) {
            UsageChange& last = changes[changes.size() - back];
            if (last.meter != part.serial || last.until != start ||
                last.status_before != change.status_before ||
                last.status_after != change.status_after || last.why != change.why ||
                last.by != change.by || last.recorded_on != change.recorded_on) {
                continue;
            }
            last.until = end;
            ++last.intervals;
            last.wh_before += change.wh_before;
            last.wh_after += change.wh_after;
            return;
        }
        change.meter = part.serial;
        change.quantity = metering::measured_quantity(part.channel.code);
        change.from = start;
        change.until = end;
        change.intervals = 1;
        changes.push_back(std::move(change));
    }

    Office& office_;
    const UsageQuestion& question_;
    Date known_on_;
    Date and_on_;
    UsageDifference& difference_;
    Instant from_;
    Instant until_;
};

}  // namespace

Result<UsageDifference> usage_changes(Office& office, const UsageQuestion& question, Date known_on,
                                      Date and_on) {
    TRY_DONE(check(question));
    if (and_on < known_on) {
        return Error(errors::usage_days_reversed,
                     {{"first", known_on.to_string()}, {"second", and_on.to_string()}});
    }
    TRY(const auto parts, parts_of(office, question));
    TRY(UsageDifference difference, register_changes(office, question, known_on, and_on));
    Changes changes(office, question, known_on, and_on, difference);
    for (const Part& part : parts) changes.add(part);
    return difference;
}

Result<Instant> moment_of(const Office& office, const std::string& text) {
    if (text.find('T') == std::string::npos) {
        TRY(const Date day, Date::parse(text));
        return office.zone().start_of(day);
    }
    return parse_iso_instant(text);
}

namespace {

std::string kwh(std::int64_t wh) { return Energy::watt_hours(wh).to_string(); }

json::object head_of(const Office& office, const UsageQuestion& question) {
    return {{"account", text_or_null(question.account)},
            {"point", text_or_null(question.point)},
            {"meter", text_or_null(question.meter)},
            {"quantity", question.quantity},
            {"from", local_minute(office.zone(), question.from)},
            {"until", local_minute(office.zone(), question.until)}};
}

}  // namespace

json::object to_json(const Office& office, const UsageQuestion& question, const KnownUsage& usage) {
    json::object answer = head_of(office, question);
    answer["step"] = question.step;
    answer["known_on"] =
        question.known_on ? json::value(question.known_on->to_string()) : json::value();
    answer["kwh"] = kwh(usage.wh);
    answer["not_counted"] = usage.not_counted;
    json::array meters(usage.meters.begin(), usage.meters.end());
    answer["meters"] = std::move(meters);
    answer["left_out"] = json::array(usage.left_out.begin(), usage.left_out.end());
    json::array rows;
    for (const UsageRow& row : usage.rows) {
        rows.push_back(
            json::object{{"from", local_minute(office.zone(), row.from)},
                         {"until", local_minute(office.zone(), row.until)},
                         {"kwh", kwh(row.wh)},
                         {"not_counted", row.not_counted},
                         {"statuses", row.statuses},
                         {"read_types", text_or_null(row.read_types)},
                         {"method", text_or_null(row.method)},
                         {"by", text_or_null(row.by)},
                         {"changed_on", row.changed_on ? json::value(row.changed_on->to_string())
                                                       : json::value()}});
    }
    answer["rows"] = std::move(rows);
    return answer;
}

json::object to_json(const Office& office, const UsageQuestion& question, Date known_on,
                     Date and_on, const UsageDifference& difference) {
    json::object answer = head_of(office, question);
    answer["known_on"] = known_on.to_string();
    answer["and_on"] = and_on.to_string();
    answer["kwh_before"] = kwh(difference.wh_before);
    answer["kwh_after"] = kwh(difference.wh_after);
    answer["kwh_difference"] = kwh(difference.wh_after - difference.wh_before);
    json::array changes;
    for (const UsageChange& change : difference.changes) {
        changes.push_back(json::object{{"meter", change.meter},
                                       {"quantity", change.quantity},
                                       {"from", local_minute(office.zone(), change.from)},
                                       {"until", local_minute(office.zone(), change.until)},
                                       {"intervals", change.intervals},
                                       {"kwh_before", kwh(change.wh_before)},
                                       {"kwh_after", kwh(change.wh_after)},
                                       {"status_before", std::string(1, change.status_before)},
                                       {"status_after", std::string(1, change.status_after)},
                                       {"why", change.why},
                                       {"by", change.by},
                                       {"recorded_on", change.recorded_on.to_string()}});
    }
    answer["changes"] = std::move(changes);
    return answer;
}

}  // namespace watthour::app
