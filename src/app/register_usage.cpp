// SPDX-License-Identifier: Apache-2.0
#include "app/register_usage.hpp"

#include "app/errors.hpp"
#include "app/interval_use.hpp"
#include "metering/measured_quantity.hpp"
#include "metering/read_versions.hpp"
#include "storage/meter_shop_rows.hpp"
#include "storage/read_version_rows.hpp"
#include "usage/register_use.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <iterator>
#include <map>
#include <optional>
#include <span>
#include <tuple>

namespace watthour::app {
namespace {

using metering::Channel;
using metering::InstalledMeter;
using metering::KnownInstallation;
using metering::ReadVersion;

/// The register of an installation in the days in which its use belongs to whoever asks.
struct Part {
    InstalledMeter meter;
    Channel channel;
    DateRange served;
    std::vector<KnownInstallation> known;  ///< versions of this installation
    std::vector<ReadVersion> versions;     ///< of reads while it hung there
};

/// A read that stands at a moment.
struct Mark {
    Instant at;
    std::string reading;
    std::string type;
};

struct Stretch {
    const Part* part = nullptr;
    Mark from;
    Mark until;
};

/// What came to be known of a register, and where it stands.
struct News {
    Instant at;
    Date recorded_on;
    std::string why;
    std::string by;
};

/// The register that counts the whole of a quantity; a code names one outright. Null where the
/// meter has intervals of the quantity, or nothing that counts up.
const Channel* register_asked(const std::vector<Channel>& channels, const std::string& quantity) {
    const Channel* found = nullptr;
    for (const Channel& channel : channels) {
        if (channel.is_register() && channel.code == quantity &&
            quantity.find('-') != std::string::npos) {
            return &channel;
        }
        if (metering::measured_quantity(channel.code) != quantity) continue;
        if (!channel.is_register()) return nullptr;
        const bool counts_up = quantity.ends_with("H");  // energy, and no demand
        const bool whole = metering::measures(channel.code, quantity);
        if (found == nullptr && counts_up && whole) found = &channel;
    }
    return found;
}

Instant moment_of_read(const TimeZone& zone, Date date, int second_of_day) {
    const Instant at = zone.start_of(date) + second_of_day;
    return second_of_day == 0 ? at : at + (second_of_day - zone.wall_second_of(at));
}

std::vector<UsePlace> places_of_meter(storage::MeterShopRows& shop, metering::MeterId meter) {
    std::vector<UsePlace> places;
    for (const auto& known : shop.installations(meter)) {
        const auto point = known.installation.service_point;
        const bool there = std::any_of(places.begin(), places.end(),
                                       [&](const auto& one) { return one.point == point; });
        if (!there) places.push_back({point, {Date::ymd(1, 1, 1), end_of_time}});
    }
    return places;
}

/// The parts in order of point and of when the meter was set.
Result<std::vector<Part>> parts_of(Office& office, const UsageQuestion& question) {
    storage::MeterShopRows shop(office.database());
    storage::ReadVersionRows reads(office.database());
    std::vector<UsePlace> places;
    std::optional<metering::MeterId> only;
    if (!question.meter.empty()) {
        const auto meter = shop.find(question.meter);
        if (!meter) return Error(errors::meter_unknown, {{"meter", question.meter}});
        only = meter->id;
        places = places_of_meter(shop, meter->id);
    } else {
        TRY(places, usage_places(office, {question.account,
                                          question.point,
                                          {Date::ymd(1, 1, 1), end_of_time},
                                          question.known_on.value_or(service::now_known)}));
    }
    std::vector<Part> parts;
    for (const UsePlace& place : places) {
        for (auto& installed : office.meters().installed_at({place.point})) {
            const DateRange active = installed.installation.active;
            if (only && installed.meter.id != *only) continue;
            if (!only && installed.installation.role == metering::MeterRole::check) continue;
            if (active.intersection(place.days).is_empty()) continue;
            const Channel* channel = register_asked(installed.channels, question.quantity);
            if (channel == nullptr) continue;
            Part part{{}, *channel, place.days, {}, {}};
            for (auto& known : shop.installations(installed.meter.id)) {
                if (known.installation.service_point == place.point &&
                    known.installation.active.from == active.from) {
                    part.known.push_back(std::move(known));
                }
            }
            Date last = active.from;
            for (const auto& known : part.known) {
                last = std::max(last, known.installation.active.until);
            }
            if (last < end_of_time) last = last + 1;
            part.versions = reads.of({channel->id}, {active.from, last});
            if (only) installed.installation.role = metering::MeterRole::additive;
            part.meter = std::move(installed);
            parts.push_back(std::move(part));
        }
    }
    return parts;
}

class Reads {
public:
    Reads(Office& office, const UsageQuestion& question) : office_(office), question_(question) {}

    /// The stretches of a part that touch the range, in order of time, as known on a day.
    [[nodiscard]] std::vector<Stretch> stretches(const Part& part,
                                                 std::optional<Date> known_on) const {
        const TimeZone& zone = office_.zone();
        const auto marks = marks_of(part, known_on);
        std::vector<Stretch> found;
        for (std::size_t i = 1; i < marks.size(); ++i) {
            const Mark& from = marks[i - 1];
            const Mark& until = marks[i];
            const bool touches = from.at < question_.until && question_.from < until.at;
            const bool own = !(from.at < zone.start_of(part.served.from)) &&
                             (part.served.until == end_of_time ||
                              !(zone.start_of(part.served.until) < until.at));
            if (touches && own) found.push_back({&part, from, until});
        }
        return found;
    }

    /// Between two reads, as billing computes it; deducted for a sub-meter (R1.12).
    [[nodiscard]] Result<std::int64_t> use_between(const Part& part, const Mark& from,
                                                   const Mark& until) const {
        const usage::RegisterFace face = usage::face_of(
            part.meter.meter, office_.catalogue().policies.reading.rollover_max_fraction);
        TRY(const auto use, usage::register_use(from.reading, until.reading, face));
        const bool deducted = part.meter.installation.role == metering::MeterRole::subtractive;
        return deducted ? -use.energy.wh() : use.energy.wh();
    }

    /// Of neighbouring stretches: from read to read; where one of the reads between cannot be
    /// right, from the first to the last. A bill counts from its first to its last.
    [[nodiscard]] Result<std::int64_t> use_of(std::span<const Stretch> row) const {
        std::int64_t wh = 0;
        for (std::size_t at = 0; at < row.size();) {
            std::size_t end = at;
            while (end < row.size() && row[end].part == row[at].part) ++end;
            const auto whole = use_between(*row[at].part, row[at].from, row[end - 1].until);
            auto step_by_step = Result<std::int64_t>(0);
            for (std::size_t i = at; i < end && step_by_step; ++i) {
                const auto one = use_between(*row[i].part, row[i].from, row[i].until);
                step_by_step = one ? Result<std::int64_t>(*step_by_step + *one) : one;
            }
            const bool whole_first = question_.step == "bill" || !step_by_step;
            TRY(const std::int64_t use, whole_first&& whole ? whole : step_by_step);
            wh += use;
            at = end;
        }
        return wh;
    }

    /// What was recorded about a part within (known_on, and_on].
    [[nodiscard]] std::vector<News> news_of(const Part& part, Date known_on, Date and_on) const {
        const TimeZone& zone = office_.zone();
        std::vector<News> news;
        const auto add = [&](Instant at, Date recorded_on, std::string why, std::string by) {
            if (recorded_on <= known_on || recorded_on > and_on) return;
            news.push_back({at, recorded_on, std::move(why), std::move(by)});
        };
        for (const ReadVersion& version : part.versions) {
            const auto& read = version.read;
            add(moment_of_read(zone, read.date, read.second_of_day), version.recorded_on,
                read.reading.empty() ? fmt::format("{} read taken back", read.type)
                                     : fmt::format("{} read {}", read.type, read.reading),
                version.file_name);
        }
        for (const KnownInstallation& known : part.known) {
            const auto& there = known.installation;
            const bool removed = !there.removal_read.empty();
            const Date day = removed ? there.active.until : there.active.from;
            add(zone.start_of(day), known.recorded_on,
                removed ? "removal read " + there.removal_read : "set read " + there.set_read,
                "meter record");
        }
        return news;
    }

private:
    /// The installation as it was believed on a day; none: it was not known.
    static const metering::MeterInstallation* believed(const Part& part,
                                                       std::optional<Date> known_on) {
        for (const KnownInstallation& known : part.known) {
            const bool recorded = !known_on || known.recorded_on <= *known_on;
            const bool stands =
                known.superseded_on == end_of_time || (known_on && *known_on < known.superseded_on);
            if (recorded && stands) return &known.installation;
        }
        return nullptr;
    }

    [[nodiscard]] std::vector<Mark> marks_of(const Part& part, std::optional<Date> known_on) const {
        const TimeZone& zone = office_.zone();
        std::vector<Mark> marks;
        const auto* installed = believed(part, known_on);
        if (installed == nullptr) return marks;
        const DateRange active = installed->active;
        // The reads of the installation's own ends are those that billing takes. A part of the
        // day or another quantity than the first has none of its own there.
        const bool own_ends = metering::measures(part.channel.code, "KWH");
        const bool set = own_ends && !installed->set_read.empty();
        const bool removed = own_ends && !installed->removal_read.empty();
        if (set) marks.push_back({zone.start_of(active.from), installed->set_read, "set"});
        for (const auto& read : metering::reads_that_count(part.versions, known_on)) {
            if (read.date < active.from || read.date > active.until) continue;
            if (set && read.date == active.from) continue;
            if (removed && read.date == active.until) continue;
            marks.push_back(
                {moment_of_read(zone, read.date, read.second_of_day), read.reading, read.type});
        }
        if (removed) {
            marks.push_back({zone.start_of(active.until), installed->removal_read, "removal"});
        }
        return marks;
    }

    Office& office_;
    const UsageQuestion& question_;
};

/// Parts that follow each other at one point in one role count as one meter.
std::vector<std::vector<const Part*>> successions(const std::vector<Part>& parts) {
    std::vector<std::vector<const Part*>> lines;
    for (const Part& part : parts) {
        const auto& here = part.meter.installation;
        const auto line = std::find_if(lines.begin(), lines.end(), [&](const auto& one) {
            const auto& last = one.back()->meter.installation;
            return last.service_point == here.service_point && last.role == here.role &&
                   last.active.until <= here.active.from &&
                   one.back()->served.from == part.served.from;
        });
        if (line == lines.end()) {
            lines.push_back({&part});
        } else {
            line->push_back(&part);
        }
    }
    return lines;
}

/// How many stretches from the first on make a row: those within its step, without a gap; one that
/// reaches across an edge of a step stands alone.
std::size_t length_of_row(std::span<const Stretch> stretches, const StepOf& step_of) {
    const auto [from, until] = step_of(stretches.front().from.at);
    std::size_t length = 1;
    if (until < stretches.front().until.at) return length;
    while (length < stretches.size() &&
           stretches[length - 1].until.at == stretches[length].from.at &&
           !(until < stretches[length].until.at)) {
        ++length;
    }
    return length;
}

/// The types of the reads at the ends of each meter's share of a row.
std::set<std::string> types_of(std::span<const Stretch> row) {
    std::set<std::string> types;
    for (std::size_t i = 0; i < row.size(); ++i) {
        if (i == 0 || row[i].part != row[i - 1].part) types.insert(row[i].from.type);
        if (i + 1 == row.size() || row[i].part != row[i + 1].part) types.insert(row[i].until.type);
    }
    return types;
}

/// Rows by their ends: one where several meters have a step or the same two reads in common.
using Rows = std::map<std::pair<std::int64_t, std::int64_t>, RegisterRow>;

void add_row(const Reads& reads, std::span<const Stretch> stretches, Rows& rows) {
    const Instant from = stretches.front().from.at;
    const Instant until = stretches.back().until.at;
    RegisterRow& row = rows[{from.seconds, until.seconds}];
    row.from = from;
    row.until = until;
    row.types.merge(types_of(stretches));
    if (const auto use = reads.use_of(stretches)) {
        row.wh += *use;
    } else {
        row.counts = false;
        row.why = use.error().message();
    }
}

}  // namespace

char status_of_read(std::string_view type) {
    if (type == "verified") return 'V';
    return type.starts_with("estimated") || type == "calculated" ? 'E' : 'A';
}

Result<RegisterUsage> register_usage(Office& office, const UsageQuestion& question,
                                     const StepOf& step_of) {
    TRY(const auto parts, parts_of(office, question));
    const Reads reads(office, question);
    RegisterUsage usage;
    Rows rows;
    for (const auto& line : successions(parts)) {
        std::vector<Stretch> stretches;
        for (const Part* part : line) {
            const auto more = reads.stretches(*part, question.known_on);
            stretches.insert(stretches.end(), more.begin(), more.end());
            const std::string& serial = part->meter.meter.serial;
            const bool named =
                std::find(usage.meters.begin(), usage.meters.end(), serial) != usage.meters.end();
            if (!more.empty() && !named) usage.meters.push_back(serial);
        }
        auto rest = std::span<const Stretch>(stretches);
        while (!rest.empty()) {
            const std::size_t length = length_of_row(rest, step_of);
            add_row(reads, rest.first(length), rows);
            rest = rest.subspan(length);
        }
    }
    for (auto& [ends, row] : rows) usage.rows.push_back(std::move(row));
    return usage;
}

namespace {

/// The use of a part from read to read as known on two days, compared.
class Comparison {
public:
    Comparison(const Reads& reads, const UsageQuestion& question, Date known_on, Date and_on,
               UsageDifference& difference)
        : reads_(reads),
          question_(question),
          known_on_(known_on),
          and_on_(and_on),
          difference_(difference) {}

    void add(const Part& part) {
        const auto before = reads_.stretches(part, known_on_);
        const auto after = reads_.stretches(part, and_on_);
        const auto news = reads_.news_of(part, known_on_, and_on_);
        const auto cuts = cuts_of(before, after);
        for (std::size_t i = 1; i < cuts.size(); ++i) {
            compare(part, cuts[i - 1], cuts[i], before, after, news);
        }
    }

private:
    static std::set<std::int64_t> ends_of(const std::vector<Stretch>& stretches) {
        std::set<std::int64_t> ends;
        for (const Stretch& one : stretches) {
            ends.insert(one.from.at.seconds);
            ends.insert(one.until.at.seconds);
        }
        return ends;
    }

    /// Moments at which a read stood on both days, with the first and the last of either.
    static std::vector<Instant> cuts_of(const std::vector<Stretch>& before,
                                        const std::vector<Stretch>& after) {
        const auto a = ends_of(before);
        const auto b = ends_of(after);
        std::set<std::int64_t> cuts;
        std::set_intersection(a.begin(), a.end(), b.begin(), b.end(),
                              std::inserter(cuts, cuts.end()));
        for (const auto& ends : {a, b}) {
            if (ends.empty()) continue;
            cuts.insert(*ends.begin());
            cuts.insert(*ends.rbegin());
        }
        std::vector<Instant> moments;
        for (const std::int64_t seconds : cuts) moments.push_back({seconds});
        return moments;
    }

    static std::vector<Stretch> within(const std::vector<Stretch>& all, Instant from,
                                       Instant until) {
        std::vector<Stretch> found;
        for (const Stretch& one : all) {
            if (!(one.from.at < from) && !(until < one.until.at)) found.push_back(one);
        }
        return found;
    }

    /// M where there is nothing, F where it does not count, else of its reads the letter that says
    /// most.
    [[nodiscard]] std::pair<std::int64_t, char> known(std::span<const Stretch> stretches) const {
        if (stretches.empty()) return {0, 'M'};
        const auto use = reads_.use_of(stretches);
        if (!use) return {0, 'F'};
        char letter = 'A';
        for (const std::string& type : types_of(stretches)) {
            const char one = status_of_read(type);
            if (one == 'E' || letter == 'A') letter = one;
        }
        return {*use, letter};
    }

    void compare(const Part& part, Instant from, Instant until, const std::vector<Stretch>& before,
                 const std::vector<Stretch>& after, const std::vector<News>& news) {
        const auto old_ones = within(before, from, until);
        const auto new_ones = within(after, from, until);
        UsageChange change;
        std::tie(change.wh_before, change.status_before) = known(old_ones);
        std::tie(change.wh_after, change.status_after) = known(new_ones);
        difference_.wh_before += change.wh_before;
        difference_.wh_after += change.wh_after;
        const bool same = change.wh_before == change.wh_after &&
                          change.status_before == change.status_after &&
                          old_ones.size() == new_ones.size();
        if (same) return;
        const News* last = nullptr;
        for (const News& one : news) {
            if (one.at < from || until < one.at) continue;
            if (last == nullptr || last->recorded_on <= one.recorded_on) last = &one;
        }
        if (last == nullptr) return;
        change.meter = part.meter.meter.serial;
        change.quantity = question_.quantity;
        change.from = from;
        change.until = until;
        change.intervals = static_cast<std::int64_t>(std::max(old_ones.size(), new_ones.size()));
        change.why = last->why;
        change.by = last->by;
        change.recorded_on = last->recorded_on;
        difference_.changes.push_back(std::move(change));
    }

    const Reads& reads_;
    const UsageQuestion& question_;
    Date known_on_;
    Date and_on_;
    UsageDifference& difference_;
};

}  // namespace

Result<UsageDifference> register_changes(Office& office, const UsageQuestion& question,
                                         Date known_on, Date and_on) {
    TRY(const auto parts, parts_of(office, question));
    const Reads reads(office, question);
    UsageDifference difference;
    Comparison comparison(reads, question, known_on, and_on, difference);
    for (const Part& part : parts) comparison.add(part);
    return difference;
}

}  // namespace watthour::app
