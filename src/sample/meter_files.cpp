// SPDX-License-Identifier: Apache-2.0
#include "sample/meter_files.hpp"

#include "base/files.hpp"
#include "formats/cmep.hpp"
#include "sample/route_files.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <unordered_map>
#include <utility>

namespace watthour::sample {
namespace {

constexpr int creation_delay_seconds = 1800;  // a head end closes its file half an hour later
constexpr std::int64_t changed_by_wh = 250;   // in the day that is sent again
constexpr std::size_t changed_step = 3;
constexpr int sent_again_days_back = 5;
constexpr int wh_places = 3;  // of a value in kWh
constexpr int seconds_a_day = 86400;

/// Who is served at a point, by days, with the account number as the files write it.
struct Tenancy {
    DateRange days;
    std::string account;
};

DateRange known_days(const SampleUtility& utility, Date from, Date until) {
    for (const ChannelLoad& load : utility.loads) from = std::min(from, load.active.from);
    return {from, until + 1};
}

class CmepFiles {
public:
    CmepFiles(const SampleUtility& utility, const TimeZone& zone, const DayHours& hours, Date from)
        : utility_(utility), zone_(zone), hours_(hours), from_(from) {
        for (const service::ServiceAgreement& agreement : utility.agreements) {
            tenancies_[agreement.service_point].push_back(
                {agreement.active, customers::account_number(agreement.account)});
        }
        cumulative_wh_.resize(utility.loads.size(), 0);
        counted_until_.reserve(utility.loads.size());
        for (const ChannelLoad& load : utility.loads) counted_until_.push_back(load.active.from);
    }

    /// The text of the file of these days.
    [[nodiscard]] std::string text(DateRange days) {
        std::string text;
        for (std::size_t i = 0; i < utility_.loads.size(); ++i) {
            const ChannelLoad& load = utility_.loads[i];
            if (load.by_hand) continue;
            if (load.is_register()) {
                add_reads(text, i, days);
                continue;
            }
            for (Date day = days.from; day < days.until; day = day + 1) {
                if (!load.active.contains(day) || load.is_silent_on(day)) continue;
                formats::append_cmep_row(text, day_row(load, day, days));
            }
        }
        return text;
    }

    /// What is wrong on purpose, for the work items to show.
    void add_wrong_rows(std::string& text, DateRange days) const {
        for (const ChannelLoad& load : utility_.loads) {
            if (load.interval_minutes != 60 || !load.faults.empty()) continue;
            formats::CmepRow again = day_row(load, days.until - sent_again_days_back, days);
            Decimal& value = again.values[changed_step].value;
            value = value + Decimal(changed_by_wh, wh_places);
            formats::append_cmep_row(text, again);
            break;
        }
        formats::CmepRow stranger = head(days, "", unknown_serial);
        stranger.units = "KWHREG";
        stranger.interval_seconds = seconds_a_day;
        add_value(stranger, zone_.start_of(days.until), 'R', Decimal(4711, 0));
        formats::append_cmep_row(text, stranger);
        // Cut off inside its first value, as a head end does when its disk is full.
        stranger.meter = utility_.loads.front().serial;
        std::string cut;
        formats::append_cmep_row(cut, stranger);
        text += cut.substr(0, cut.rfind(',')) + "\r\n";
    }

private:
    [[nodiscard]] formats::CmepRow head(DateRange days, std::string_view account,
                                        std::string_view serial) const {
        formats::CmepRow row;
        row.sender = "VALDORO-AMI";
        row.receiver = "VEU";
        row.receiver_customer = account;
        row.created = created(days);
        row.meter = serial;
        return row;
    }

    /// The moment at which the head end closes the file, CCYYMMDDHHMM in UTC.
    [[nodiscard]] std::string created(DateRange days) const {
        const std::int64_t at = (zone_.start_of(days.until) + creation_delay_seconds).seconds;
        const std::int64_t second = at % seconds_a_day;
        const Date date(static_cast<std::int32_t>(at / seconds_a_day));
        return fmt::format("{}{:02}{:02}", date.to_compact(), second / 3600, second / 60 % 60);
    }

    static void add_value(formats::CmepRow& row, Instant end, char quality, Decimal value) {
        formats::CmepValue& added = row.values.emplace_back();
        added.end = end;
        added.quality = quality;
        added.value = value;
    }

    [[nodiscard]] std::string_view account_at(service::ServicePointId point, Date day) const {
        const auto found = tenancies_.find(point);
        if (found == tenancies_.end()) return {};
        for (const Tenancy& tenancy : found->second) {
            if (tenancy.days.contains(day)) return tenancy.account;
        }
        // Before the first agreement here the old system served the same customer.
        if (day < found->second.front().days.from) return found->second.front().account;
        return {};
    }

    void add_reads(std::string& text, std::size_t index, DateRange days) {
        const ChannelLoad& load = utility_.loads[index];
        const Date last_day = std::min(days.until, load.active.until) - 1;
        formats::CmepRow row = head(days, account_at(load.point, last_day), load.serial);
        row.units = "KWHREG";
        row.multiplier = Decimal(load.multiplier, 0);
        row.interval_seconds = seconds_a_day;
        const Date first = days.from == from_ ? days.from : days.from + 1;
        for (Date date = std::max(first, load.active.from);
             date <= days.until && date < load.active.until; date = date + 1) {
            for (Date& day = counted_until_[index]; day < date; day = day + 1) {
                cumulative_wh_[index] += used_wh(load, day, hours_.of(day));
            }
            if (!read_is_sent(load, date)) continue;
            add_value(row, zone_.start_of(date), 'R',
                      Decimal(dial_reading(load, cumulative_wh_[index], date), 0));
        }
        if (!row.values.empty()) formats::append_cmep_row(text, row);
    }

    /// The intervals of a day as they are sent, with the faults of the channel.
    [[nodiscard]] formats::CmepRow day_row(const ChannelLoad& load, Date day,
                                           DateRange days) const {
        std::vector<std::int64_t> wh;
        used_by_interval(load, day, hours_.of(day), wh);
        std::vector<bool> sent(wh.size(), true);
        for (const Fault& fault : load.faults) {
            if (fault.day != day) continue;
            const auto step = static_cast<std::size_t>(fault.step);
            if (fault.kind == FaultKind::spike) wh[step] *= fault.amount;
            if (fault.kind != FaultKind::missing_steps) continue;
            for (int n = 0; n < fault.count; ++n) sent[step + static_cast<std::size_t>(n)] = false;
        }
        formats::CmepRow row = head(days, account_at(load.point, day), load.serial);
        row.units = "KWH";
        row.interval_seconds = load.interval_minutes * 60;
        row.values.reserve(wh.size());
        const Instant midnight = zone_.start_of(day);
        for (std::size_t step = 0; step < wh.size(); ++step) {
            if (!sent[step]) continue;
            const auto ends_after = static_cast<std::int64_t>(step + 1) * row.interval_seconds;
            add_value(row, midnight + ends_after, '\0', Decimal(wh[step], wh_places));
        }
        return row;
    }

    const SampleUtility& utility_;
    const TimeZone& zone_;
    const DayHours& hours_;
    Date from_;
    std::unordered_map<service::ServicePointId, std::vector<Tenancy>> tenancies_;
    std::vector<std::int64_t> cumulative_wh_;
    std::vector<Date> counted_until_;
};

}  // namespace

std::vector<std::string> write_meter_files(const SampleUtility& utility,
                                           const tariff::Catalogue& catalogue, const TimeZone& zone,
                                           Date from, Date until, const std::string& folder) {
    const DayHours hours(zone, known_days(utility, from, until));
    CmepFiles cmep(utility, zone, hours, from);
    std::vector<std::string> paths;
    const Date this_month = until.first_of_month();
    for (Date month = from; month < this_month; month = month.first_of_next_month()) {
        const DateRange days{month, std::min(month.first_of_next_month(), until)};
        paths.push_back(fmt::format("{}/cmep-{}.cmep", folder, month.to_string().substr(0, 7)));
        write_file(paths.back(), cmep.text(days));
    }
    for (Date day = std::max(from, this_month); day < until; day = day + 1) {
        const DateRange days{day, day + 1};
        std::string text = cmep.text(days);
        if (days.until == until) cmep.add_wrong_rows(text, days);
        paths.push_back(fmt::format("{}/cmep-{}.cmep", folder, day.to_string()));
        write_file(paths.back(), text);
    }
    for (const RouteFile& file : route_files(utility, catalogue, hours, {from, until})) {
        paths.push_back(fmt::format("{}/{}", folder, file.name));
        write_file(paths.back(), file.text);
    }
    return paths;
}

}  // namespace watthour::sample
