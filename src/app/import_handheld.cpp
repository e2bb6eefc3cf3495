// SPDX-License-Identifier: Apache-2.0
#include "app/import_parts.hpp"
#include "app/read_routes.hpp"
#include "app/route_walk.hpp"
#include "base/text.hpp"
#include "formats/handheld.hpp"
#include "formats/handheld_codes.hpp"
#include "metering/measured_quantity.hpp"
#include "worklist/told.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <map>
#include <set>

namespace watthour::app {
namespace {

using formats::HandheldRead;
using metering::Read;

/// How far on a read is looked for that came before an older one.
constexpr int days_looked_on = 400;

/// A register by the serial of its meter and what it counts.
using RegisterKey = std::pair<std::string, std::string>;

class HandheldImport {
public:
    HandheldImport(Office& office, const std::string& bytes, ImportOutcome& outcome)
        : office_(office),
          routes_(office.database()),
          outcome_(outcome),
          lines_(split_text(bytes, '\n')),
          file_(formats::read_handheld(bytes)) {}

    void run() {
        look_up();
        for (const HandheldRead& read : file_.reads) {
            ++outcome_.file.records;
            take(read);
        }
        leave_out_older();
        const auto counts = office_.meters().add_reads(reads_);
        outcome_.file.posted = counts.added + counts.different;
        outcome_.file.repeated = counts.same;
        outcome_.different_reads = counts.different;
        routes_.add(visits_);
        outcome_.work_items = office_.work().open(items_);
        for (const Problem& problem : file_.problems) {
            outcome_.problems.push_back(problem);
            outcome_.raw.emplace_back();
        }
        for (const auto& rejected : file_.rejected) {
            ++outcome_.file.records;
            ++outcome_.file.rejected;
            for (std::size_t i = 0; i < outcome_.problems.size(); ++i) {
                if (outcome_.problems[i].line == rejected.line) outcome_.raw[i] = rejected.raw;
            }
        }
    }

private:
    void look_up() {
        for (auto& address : office_.meters().channel_addresses()) {
            if (address.interval_minutes != 0) continue;
            known_.insert(address.serial);
            if (metering::is_part_of_quantity(address.code)) continue;
            registers_[{address.serial, std::string(metering::measured_quantity(address.code))}] =
                address.channel;
        }
        std::set<std::string> codes;
        for (const HandheldRead& read : file_.reads) codes.insert(read.route);
        for (const std::string& code : codes) look_up_route(code, day_of_file());
    }

    [[nodiscard]] Date day_of_file() const {
        for (const HandheldRead& read : file_.reads) {
            if (read.date != Date()) return read.date;
        }
        return file_.created.value_or(outcome_.file.business_date);
    }

    void look_up_route(const std::string& code, Date on) {
        std::vector<service::ServicePointId> points;
        for (const auto& place : routes_.places(code, on)) points.push_back(place.point);
        for (auto& installed : office_.meters().installed_at(points)) {
            const auto& active = installed.installation.active;
            if (on < active.from || active.until < on) continue;
            meters_.insert_or_assign(installed.meter.serial, installed.meter);
            route_of_[installed.meter.serial] = code;
        }
        const auto route = find_route(office_, code, on);
        if (!route) return;
        const auto& reading = office_.catalogue().policies.reading;
        for (const auto& row : office_.catalogue().cycles.of_cycle(route->cycle)) {
            if (row.read - reading.window_days_before <= on &&
                on <= row.read + reading.window_days_after) {
                const auto closing = routes_.closing(code, row.read);
                if (closing && closing->closed) closed_[code] = row.read;
            }
        }
    }

    void take(const HandheldRead& read) {
        if (!known_.contains(read.meter)) {
            park("unknown_meter", "metering.meter_unknown", read.meter,
                 told("told.import.handheld_unknown_meter", read),
                 "told.import.unknown_meter.next");
            return;
        }
        const auto on_route = route_of_.find(read.meter);
        if (on_route == route_of_.end() || on_route->second != read.route) {
            park("read_off_route", "metering.read_off_route",
                 fmt::format("{}|{}", read.meter, day_of(read).to_string()),
                 told(read.skip_code.empty() ? "told.import.read_off_route"
                                             : "told.import.read_off_route_skipped",
                      read),
                 "told.import.read_off_route.next");
            return;
        }
        if (closed_.contains(read.route)) {
            reject(read, "route", "route_closed",
                   fmt::format("route {} is closed for {}", read.route,
                               closed_.at(read.route).to_string()),
                   "Open the route again and bring the rows in, or enter the read by hand.");
            return;
        }
        note_visit(read);
        if (read.skip_code.empty()) take_reading(read);
    }

    void take_reading(const HandheldRead& read) {
        const auto channel = registers_.find({read.meter, read.reg});
        const metering::Meter& meter = meters_.at(read.meter);
        if (channel == registers_.end()) {
            reject(read, "register", "register_unknown",
                   fmt::format("meter {} has no register {}", read.meter, read.reg),
                   "Correct the register, or record the channel of the meter.");
            return;
        }
        if (meter.decimals < read.decimals) {
            reject(read, "decimals", "decimals",
                   fmt::format("reading {} of meter {} has {} decimals, its dials have {}",
                               read.reading, read.meter, read.decimals, meter.decimals),
                   "Correct the decimals of the register, or those of the meter's record.");
            return;
        }
        if (!(read.value < Decimal(power_of_ten(meter.dials), 0))) {
            reject(read, "reading", "reading_exceeds_dials",
                   fmt::format("reading {} of meter {} has more digits than its {} dials",
                               read.reading, read.meter, meter.dials),
                   "Read the meter again, or correct the dials of its record.");
            return;
        }
        reads_.push_back({channel->second,
                          read.date,
                          "actual_manual",
                          as_on_dials(read.reading, meter),
                          {outcome_.file.id},
                          read.line});
        read_of_[read.line] = &read;
    }

    /// With as many digits before the point as the meter has, whatever the handheld was told.
    static std::string as_on_dials(const std::string& reading, const metering::Meter& meter) {
        const std::size_t point = std::min(reading.find('.'), reading.size());
        const auto units = parse_integer(reading.substr(0, point)).value_or(0);
        return fmt::format("{:0{}}{}", units, meter.dials, reading.substr(point));
    }

    /// A date before the register's last read is a mistake of the clock or of the file, unless the
    /// very same read is there: then it is one more copy.
    void leave_out_older() {
        if (reads_.empty()) return;
        std::vector<metering::ChannelId> channels;
        Date first = end_of_time;
        Date last;
        for (const Read& read : reads_) {
            channels.push_back(read.channel);
            first = std::min(first, read.date);
            last = std::max(last, read.date);
        }
        std::map<metering::ChannelId, std::vector<Read>> there;
        for (Read& read : office_.meters().reads(channels, {first, last + days_looked_on})) {
            if (read.type != "estimated") there[read.channel].push_back(std::move(read));
        }
        std::erase_if(reads_, [&](const Read& read) {
            const auto& others = there[read.channel];
            const bool same = std::any_of(others.begin(), others.end(), [&](const Read& other) {
                return other.date == read.date && other.reading == read.reading;
            });
            if (same || others.empty() || others.back().date <= read.date) return false;
            const HandheldRead& sent = *read_of_.at(read.line);
            reject(sent, "read_date", "date_before_last_read",
                   fmt::format("meter {} was read on {} already, after the {} of this row",
                               sent.meter, others.back().date.to_string(), read.date.to_string()),
                   "Correct the date, or enter the older read by hand.");
            return true;
        });
    }

    void note_visit(const HandheldRead& read) {
        if (read.skip_code.empty() && read.trouble_codes.empty()) return;
        metering::RouteVisit visit;
        visit.meter = meters_.at(read.meter).id;
        visit.file = {outcome_.file.id};
        visit.line = read.line;
        visit.on = day_of(read);
        visit.route = read.route;
        visit.skip_code = read.skip_code;
        visit.trouble_codes = fmt::format("{}", fmt::join(read.trouble_codes, " "));
        visit.reader = read.reader;
        visits_.push_back(std::move(visit));
        const std::string subject = fmt::format("{}|{}", read.meter, day_of(read).to_string());
        if (!read.skip_code.empty()) {
            const auto code = formats::skip_code(read.skip_code);
            park(code.opens, "metering.read_skipped", subject,
                 told("told.import.read_skipped", read), "told.reader." + code.name + ".next");
        }
        for (const std::string& sent : read.trouble_codes) {
            const auto code = formats::trouble_code(sent);
            items_.push_back(file_work_item(
                outcome_, code.opens, "metering.trouble_reported", subject + "|" + code.name,
                worklist::stored(told("told.import.trouble", read, code)),
                worklist::stored(worklist::tell("told.reader." + code.name + ".next")), Money()));
        }
    }

    /// What a row says, with the code of the reader in words.
    [[nodiscard]] json::object told(std::string_view key, const HandheldRead& read) const {
        return told(key, read, formats::skip_code(read.skip_code));
    }
    [[nodiscard]] json::object told(std::string_view key, const HandheldRead& read,
                                    const formats::ReaderCode& code) const {
        return worklist::tell(key, {{"file", outcome_.file.name},
                                    {"line", std::to_string(read.line)},
                                    {"route", read.route},
                                    {"meter", read.meter},
                                    {"reading", read.reading},
                                    {"code", told_code(code)}});
    }

    /// A skip has no date of its own in some handhelds.
    [[nodiscard]] Date day_of(const HandheldRead& read) const {
        return read.date != Date() ? read.date : day_of_file();
    }

    void park(const std::string& kind, const std::string& cause, const std::string& subject,
              json::object what, const std::string& next) {
        ++outcome_.file.parked;
        items_.push_back(file_work_item(outcome_, kind, cause, subject,
                                        worklist::stored(std::move(what)),
                                        worklist::stored(worklist::tell(next)), Money()));
    }

    void reject(const HandheldRead& read, const char* field, const char* rule, std::string message,
                const char* remedy) {
        ++outcome_.file.rejected;
        outcome_.problems.push_back(
            {read.line, field, fmt::format("handheld.{}", rule), std::move(message), remedy});
        const auto at = static_cast<std::size_t>(read.line - 1);
        outcome_.raw.emplace_back(at < lines_.size() ? trimmed_right(lines_[at])
                                                     : std::string_view());
    }

    Office& office_;
    storage::RouteRows routes_;
    ImportOutcome& outcome_;
    std::vector<std::string_view> lines_;
    formats::HandheldFile file_;
    std::set<std::string> known_;
    std::map<RegisterKey, metering::ChannelId> registers_;
    std::map<std::string, metering::Meter> meters_;  ///< on the file's routes
    std::map<std::string, std::string> route_of_;
    std::map<std::string, Date> closed_;
    std::map<std::int64_t, const HandheldRead*> read_of_;
    std::vector<Read> reads_;
    std::vector<metering::RouteVisit> visits_;
    std::vector<worklist::WorkItem> items_;
};

}  // namespace

Result<void> import_handheld(Office& office, const std::string& bytes, const ImportRequest&,
                             ImportOutcome& outcome) {
    HandheldImport(office, bytes, outcome).run();
    return {};
}

}  // namespace watthour::app
