// SPDX-License-Identifier: Apache-2.0
#include "base/digest.hpp"
#include "formats/usage_export.hpp"

#include <fmt/format.h>

#include <array>
#include <iterator>
#include <map>
#include <optional>

namespace watthour::formats {
namespace {

constexpr std::int64_t day_seconds = 86'400;
constexpr std::uint32_t no_rule = 0xFFFF'FFFFU;
constexpr std::string_view root = "/espi/1_1/resource";

// --- the change of the clock

/// The change of a year: its instant, and what the clock showed just before it.
struct ClockChange {
    Instant at;
    std::int64_t wall = 0;
};

std::optional<ClockChange> change_of(const TimeZone& zone, int year, bool begins) {
    Instant low = zone.start_of(Date::ymd(year, 1, 1));
    const Instant end = zone.start_of(Date::ymd(year + 1, 1, 1));
    for (; low < end; low = low + day_seconds) {
        const int before = zone.offset_at(low);
        const int after = zone.offset_at(low + day_seconds);
        if (before == after || (after > before) != begins) continue;
        std::int64_t same = 0;
        std::int64_t other = day_seconds;
        while (other - same > 1) {
            const std::int64_t middle = (same + other) / 2;
            (zone.offset_at(low + middle) == before ? same : other) = middle;
        }
        const Instant at = low + other;
        return ClockChange{at, at.seconds + before};
    }
    return std::nullopt;
}

/// Operators of the rule: 2 to 6 the first to fifth such weekday of the month, 7 the last.
bool follows(Date date, unsigned rule) {
    if (rule == 7) return date + 7 >= date.first_of_next_month();
    return static_cast<unsigned>((date.day() - 1) / 7) + 2 == rule;
}

// --- the feed

struct Quantity {
    std::string_view code;
    int flow;
    int unit;
    std::string_view title;
};

constexpr std::array quantities{Quantity{"KWH", 1, 72, "Energy delivered (Wh)"},
                                Quantity{"GKWH", 19, 72, "Energy received (Wh)"},
                                Quantity{"NKWH", 4, 72, "Net energy (Wh)"},
                                Quantity{"KVARH", 1, 73, "Reactive energy (VArh)"}};

const Quantity* quantity_of(std::string_view code) {
    for (const Quantity& each : quantities) {
        if (each.code == code) return &each;
    }
    return nullptr;
}

/// The ESPI code of a status; nothing for what has no value to be told.
std::optional<int> quality_of(char status) {
    switch (status) {
        case 'A':
        case 'L':
        case 'P': return 0;
        case 'V': return 7;
        case 'E': return 8;
        case 'T': return 10;
        default: return std::nullopt;
    }
}

/// A UUID of the form for digests of one's own. Source: RFC 9562, version 8.
std::string uuid_of(std::string_view text) {
    std::string hex = sha256_hex(text).substr(0, 32);
    hex[12] = '8';
    hex[16] = "89ab"[static_cast<std::size_t>(hex[16] % 4)];
    return fmt::format("{}-{}-{}-{}-{}", hex.substr(0, 8), hex.substr(8, 4), hex.substr(12, 4),
                       hex.substr(16, 4), hex.substr(20));
}

std::string escaped(std::string_view text) {
    std::string out;
    for (const char c : text) {
        switch (c) {
            case '&': out += "&amp;"; break;
            case '<': out += "&lt;"; break;
            case '>': out += "&gt;"; break;
            case '"': out += "&quot;"; break;
            default:
                // Control characters have no place in XML 1.0.
                if (static_cast<unsigned char>(c) >= 0x20) out.push_back(c);
        }
    }
    return out;
}

class FeedWriter {
public:
    FeedWriter(const UsageExport& usage, const TimeZone& zone)
        : usage_(usage), zone_(zone), updated_(to_iso_utc(usage.made)) {}

    std::string write() {
        std::size_t intervals = 0;
        std::string keys = usage_.utility;
        for (const ExportedPoint& point : usage_.points) {
            keys += "\n" + point.key;
            for (const ExportedSeries& series : point.series) intervals += series.intervals.size();
        }
        out_.reserve(intervals * 200 + 8192);
        out_ +=
            "<?xml version=\"1.0\" encoding=\"UTF-8\"?>\n"
            "<feed xmlns=\"http://www.w3.org/2005/Atom\">\n";
        put("<id>urn:uuid:{}</id>\n<title>Use of electricity, {}</title>\n<updated>{}</updated>\n",
            uuid_of(keys + "\n" + updated_), escaped(usage_.utility), updated_);
        put("<link rel=\"self\" href=\"{}/Batch/{}\"/>\n", root, uuid_of(keys));
        put_clock();
        for (const ExportedPoint& point : usage_.points) put_point(point);
        put_types();
        out_ += "</feed>\n";
        return std::move(out_);
    }

private:
    template <class... Parts>
    void put(fmt::format_string<Parts...> form, Parts&&... parts) {
        fmt::format_to(std::back_inserter(out_), form, std::forward<Parts>(parts)...);
    }

    void begin(const std::string& self, std::string_view up,
               const std::vector<std::string>& related, std::string_view title) {
        put("<entry>\n<id>urn:uuid:{}</id>\n<link rel=\"self\" href=\"{}\"/>\n"
            "<link rel=\"up\" href=\"{}\"/>\n",
            uuid_of(self), self, up);
        for (const std::string& href : related) put("<link rel=\"related\" href=\"{}\"/>\n", href);
        put("<title>{}</title>\n<content>\n", title);
    }

    void end() {
        put("</content>\n<published>{0}</published>\n<updated>{0}</updated>\n</entry>\n", updated_);
    }

    void put_clock() {
        const int year = first_year();
        const auto begins = change_of(zone_, year, true);
        const std::uint32_t from = dst_rule(zone_, year, true);
        const std::uint32_t until = dst_rule(zone_, year, false);
        const bool changes = begins && from != no_rule && until != no_rule;
        const Instant winter = zone_.start_of(Date::ymd(year, 1, 1));
        const int standard = begins ? zone_.offset_at(begins->at + -1) : zone_.offset_at(winter);
        const int offset = changes ? zone_.offset_at(begins->at) - standard : 0;
        clock_ = fmt::format("{}/LocalTimeParameters/1", root);
        begin(clock_, fmt::format("{}/LocalTimeParameters", root), {}, "Local time");
        put("<LocalTimeParameters xmlns=\"http://naesb.org/espi\">\n"
            "<dstEndRule>{:08X}</dstEndRule>\n<dstOffset>{}</dstOffset>\n"
            "<dstStartRule>{:08X}</dstStartRule>\n<tzOffset>{}</tzOffset>\n"
            "</LocalTimeParameters>\n",
            changes ? until : no_rule, offset, changes ? from : no_rule, standard);
        end();
    }

    [[nodiscard]] int first_year() const {
        std::optional<Instant> first;
        for (const ExportedPoint& point : usage_.points) {
            for (const ExportedSeries& series : point.series) {
                if (series.intervals.empty()) continue;
                const Instant start = series.intervals.front().start;
                if (!first || start < *first) first = start;
            }
        }
        return zone_.date_of(first.value_or(usage_.made)).year();
    }

    void put_point(const ExportedPoint& point) {
        const std::string self = fmt::format("{}/UsagePoint/{}", root, uuid_of(point.key));
        begin(self, fmt::format("{}/UsagePoint", root), {self + "/MeterReading", clock_},
              "Usage point");
        out_ +=
            "<UsagePoint xmlns=\"http://naesb.org/espi\">"
            "<ServiceCategory><kind>0</kind></ServiceCategory></UsagePoint>\n";
        end();
        int number = 0;
        for (const ExportedSeries& series : point.series) {
            const Quantity* quantity = quantity_of(series.quantity);
            if (quantity == nullptr) continue;
            put_series(series, *quantity, fmt::format("{}/MeterReading/{}", self, ++number),
                       self + "/MeterReading");
        }
    }

    void put_series(const ExportedSeries& series, const Quantity& quantity, const std::string& self,
                    const std::string& up) {
        const std::string type = type_of(quantity, series.minutes);
        begin(self, up, {self + "/IntervalBlock", type}, quantity.title);
        out_ += "<MeterReading xmlns=\"http://naesb.org/espi\"/>\n";
        end();
        const auto& all = series.intervals;
        for (std::size_t i = 0; i < all.size();) {
            const Date day = zone_.date_of(all[i].start);
            const Instant midnight = zone_.start_of(day);
            const Instant next = zone_.start_of(day + 1);
            const std::size_t first = i;
            while (i < all.size() && all[i].start < next && !(all[i].start < midnight)) ++i;
            // A day of which nothing is known has no block.
            bool any = false;
            for (std::size_t k = first; k < i; ++k) any = any || quality_of(all[k].status);
            if (any) put_day(series, day, first, i, self + "/IntervalBlock");
            if (i == first) ++i;
        }
    }

    void put_day(const ExportedSeries& series, Date day, std::size_t first, std::size_t until,
                 const std::string& up) {
        begin(fmt::format("{}/{}", up, day.to_compact()), up, {}, "");
        put("<IntervalBlock xmlns=\"http://naesb.org/espi\">\n<interval><duration>{}</duration>"
            "<start>{}</start></interval>\n",
            zone_.seconds_in(day), zone_.start_of(day).seconds);
        for (std::size_t i = first; i < until; ++i) {
            const ExportedInterval& one = series.intervals[i];
            const auto quality = quality_of(one.status);
            if (!quality) continue;
            put("<IntervalReading><ReadingQuality><quality>{}</quality></ReadingQuality>"
                "<timePeriod><duration>{}</duration><start>{}</start></timePeriod>"
                "<value>{}</value></IntervalReading>\n",
                *quality, series.minutes * 60, one.start.seconds, one.wh);
        }
        out_ += "</IntervalBlock>\n";
        end();
    }

    std::string type_of(const Quantity& quantity, int minutes) {
        const auto [place, fresh] =
            types_.try_emplace({&quantity, minutes}, static_cast<int>(types_.size()) + 1);
        return fmt::format("{}/ReadingType/{}", root, place->second);
    }

    void put_types() {
        for (const auto& [type, number] : types_) {
            const auto& [quantity, minutes] = type;
            const std::string up = fmt::format("{}/ReadingType", root);
            begin(fmt::format("{}/{}", up, number), up, {}, quantity->title);
            put("<ReadingType xmlns=\"http://naesb.org/espi\">\n"
                "<accumulationBehaviour>4</accumulationBehaviour>\n<commodity>1</commodity>\n"
                "<dataQualifier>12</dataQualifier>\n<flowDirection>{}</flowDirection>\n"
                "<intervalLength>{}</intervalLength>\n<kind>12</kind>\n"
                "<powerOfTenMultiplier>0</powerOfTenMultiplier>\n<uom>{}</uom>\n</ReadingType>\n",
                quantity->flow, minutes * 60, quantity->unit);
            end();
        }
    }

    const UsageExport& usage_;
    const TimeZone& zone_;
    std::string updated_;
    std::string clock_;
    std::string out_;
    std::map<std::pair<const Quantity*, int>, int> types_;
};

}  // namespace

std::uint32_t dst_rule(const TimeZone& zone, int year, bool begins) {
    constexpr int years_tried = 6;
    const auto first = change_of(zone, year, begins);
    if (!first) return no_rule;
    const auto date_of_wall = [](const ClockChange& change) {
        return Date(static_cast<std::int32_t>(change.wall / day_seconds));
    };
    const Date date = date_of_wall(*first);
    const auto second = static_cast<std::uint32_t>(first->wall % day_seconds);
    for (unsigned rule = 2; rule <= 7; ++rule) {
        bool holds = true;
        for (int later = 0; holds && later < years_tried; ++later) {
            const auto change = change_of(zone, year + later, begins);
            holds = change && change->wall % day_seconds == second &&
                    date_of_wall(*change).month() == date.month() &&
                    date_of_wall(*change).weekday() == date.weekday() &&
                    follows(date_of_wall(*change), rule);
        }
        if (!holds) continue;
        return static_cast<std::uint32_t>(date.month()) << 28U | rule << 25U |
               (static_cast<std::uint32_t>(date.weekday()) + 1) << 17U | second / 3600 << 12U |
               second % 3600;
    }
    return no_rule;
}

std::string write_green_button(const UsageExport& usage, const TimeZone& zone) {
    return FeedWriter(usage, zone).write();
}

}  // namespace watthour::formats
